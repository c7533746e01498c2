#include "core/models/Operations.h"
#include "core/models/Recording.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/relu.h>

#include <cmath>

namespace latentoscope::operations {
namespace {

using kernels::NormalisationShape;

/// Inputs: x, scale, shift. Saved: x, scale, mean, inverse deviation and, where there is a ReLU, y.
struct NormalisationBackward {
    NormalisationShape shape;
    bool ofBatch;
    bool relu;

    Tensors backward(const BackwardCall& call) const
    {
        enum Input : std::size_t { X, Scale, Shift, Inputs };
        const at::Tensor gradient = asBatchInnermost(call.gradients[0]);
        const at::Tensor& x = call.saved[0];
        Tensors results(Inputs);
        if (call.asked(X)) results[X] = emptyBatchInnermost(x.sizes());
        results[Scale] = at::empty({shape.channels}, at::kFloat);
        results[Shift] = at::empty({shape.channels}, at::kFloat);
        kernels::NormalisationGradient from;
        from.x = x.data_ptr<float>();
        from.y = relu ? call.saved[4].data_ptr<float>() : nullptr;
        from.mean = call.saved[2].data_ptr<float>();
        from.inverseDeviation = call.saved[3].data_ptr<float>();
        from.scale = call.saved[1].data_ptr<float>();
        from.ofBatch = ofBatch;
        kernels::best().normaliseGradient(shape, from, gradient.data_ptr<float>(),
                                          results[X].defined() ? results[X].data_ptr<float>() : nullptr,
                                          results[Scale].data_ptr<float>(), results[Shift].data_ptr<float>());
        return results;
    }
};

bool isPlain(const at::Tensor& tensor, std::int64_t channels)
{
    return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.dim() == 1 && tensor.is_contiguous() &&
           tensor.size(0) == channels;
}

/// Whether the kernels take it.
bool suits(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift)
{
    return x.dim() >= 2 && x.device().is_cpu() && x.scalar_type() == at::kFloat && x.numel() > 0 &&
           x.size(0) % kernels::kImageMultiple == 0 && isBatchInnermost(x) && isPlain(scale, x.size(1)) &&
           isPlain(shift, x.size(1));
}

NormalisationShape shapeOf(const at::Tensor& x, std::int64_t count)
{
    return {x.size(1), x.numel() / (x.size(0) * x.size(1)), x.size(0), count};
}

at::Tensor byKernels(const NormalisationShape& shape, const ChannelMoments& moments, bool ofBatch, const at::Tensor& x,
                     const at::Tensor& scale, const at::Tensor& shift, Activation activation)
{
    const at::Tensor inverse = at::empty({shape.channels}, at::kFloat);
    for (std::int64_t c = 0; c < shape.channels; ++c) {
        const double variance = moments.variance.data_ptr<float>()[c];
        inverse.data_ptr<float>()[c] = static_cast<float>(1 / std::sqrt(variance + kNormalisationEpsilon));
    }
    at::Tensor y = emptyBatchInnermost(x.sizes());
    kernels::best().normalise({shape.channels, shape.positions * shape.images}, x.data_ptr<float>(),
                              moments.mean.data_ptr<float>(), inverse.data_ptr<float>(), scale.data_ptr<float>(),
                              shift.data_ptr<float>(), activation, y.data_ptr<float>());
    const bool relu = activation == Activation::Relu;
    Tensors saved{x, scale, moments.mean, inverse};
    if (relu) saved.push_back(y);
    record(NormalisationBackward{shape, ofBatch, relu}, {x, scale, shift}, saved, {y});
    return y;
}

/// (C) as (1, C, 1, …), to go with x.
at::Tensor alongChannels(const at::Tensor& values, const at::Tensor& x)
{
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(x.dim()), 1);
    sizes[1] = values.size(0);
    return values.view(sizes);
}

at::Tensor byTorch(const at::Tensor& mean, const at::Tensor& variance, const at::Tensor& x, const at::Tensor& scale,
                   const at::Tensor& shift, Activation activation)
{
    const at::Tensor factor = (variance + kNormalisationEpsilon).rsqrt() * scale;
    const at::Tensor y = (x - alongChannels(mean, x)) * alongChannels(factor, x) + alongChannels(shift, x);
    return activation == Activation::Relu ? at::relu(y) : y;
}

} // namespace

Normalised normaliseByBatch(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift, std::int64_t count,
                            Activation activation, Path path)
{
    TORCH_CHECK(x.dim() >= 2 && count >= 1 && count <= x.size(0), "batch normalisation: ", count, " images of ", x.sizes());
    const NormalisationShape shape = shapeOf(x, count);
    TORCH_CHECK(shape.positions * count > 1, "batch normalisation: found one value a channel, expected at least two");
    if (path == Path::Automatic && suits(x, scale, shift)) {
        const ChannelMoments moments{at::empty({shape.channels}, at::kFloat), at::empty({shape.channels}, at::kFloat)};
        kernels::best().channelMoments(shape, x.data_ptr<float>(), moments.mean.data_ptr<float>(),
                                       moments.variance.data_ptr<float>());
        return {byKernels(shape, moments, true, x, scale, shift, activation), moments};
    }
    const at::Tensor real = x.narrow(0, 0, count).transpose(0, 1).reshape({shape.channels, -1});
    const at::Tensor mean = real.mean(1);
    const at::Tensor variance = real.var(1, false);
    return {byTorch(mean, variance, x, scale, shift, activation), {mean.detach(), variance.detach()}};
}

at::Tensor normaliseBy(const ChannelMoments& moments, const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift,
                       Activation activation, Path path)
{
    if (path == Path::Automatic && suits(x, scale, shift) && isPlain(moments.mean, x.size(1)) &&
        isPlain(moments.variance, x.size(1)))
        return byKernels(shapeOf(x, x.size(0)), moments, false, x, scale, shift, activation);
    return byTorch(moments.mean, moments.variance, x, scale, shift, activation);
}

} // namespace latentoscope::operations
