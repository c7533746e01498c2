#include "core/models/KernelNode.h"
#include "core/models/LayerNodes.h"
#include "core/models/Operations.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/relu.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <cmath>
#include <utility>

namespace latentoscope::operations {
namespace {

using kernels::NormalisationShape;
using torch::autograd::SavedVariable;
using torch::autograd::variable_list;

/// Next edges: x, scale, shift.
class NormalisationNode final : public KernelNode {
public:
    NormalisationNode(const NormalisationShape& shape, bool ofBatch, at::Tensor mean, at::Tensor inverseDeviation)
        : m_shape(shape), m_ofBatch(ofBatch), m_mean(std::move(mean)), m_inverseDeviation(std::move(inverseDeviation))
    {
    }
    std::string name() const override { return "LatentoscopeNormalisation"; }

    void save(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& y, Activation activation)
    {
        m_x = SavedVariable(x, false);
        m_scale = SavedVariable(scale, false);
        if (activation == Activation::Relu) m_y = SavedVariable(y, true);
        m_relu = activation == Activation::Relu;
    }

    void release_variables() override
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (SavedVariable* saved : {&m_x, &m_scale, &m_y}) saved->reset_data();
    }

private:
    enum Edge : std::size_t { Input, Scale, Shift, Edges };

    variable_list backward(const variable_list& gradients) override
    {
        at::Tensor gradient = gradients[0];
        if (!isBatchInnermost(gradient)) gradient = emptyBatchInnermost(gradient.sizes()).copy_(gradient);
        const at::Tensor x = m_x.unpack(), scale = m_scale.unpack();
        const at::Tensor y = m_relu ? m_y.unpack(shared_from_this()) : at::Tensor();
        variable_list results(Edges);
        if (task_should_compute_output(Input)) results[Input] = emptyBatchInnermost(x.sizes());
        results[Scale] = at::empty({m_shape.channels}, at::kFloat);
        results[Shift] = at::empty({m_shape.channels}, at::kFloat);
        kernels::NormalisationGradient from;
        from.x = x.data_ptr<float>();
        from.y = y.defined() ? y.data_ptr<float>() : nullptr;
        from.mean = m_mean.data_ptr<float>();
        from.inverseDeviation = m_inverseDeviation.data_ptr<float>();
        from.scale = scale.data_ptr<float>();
        from.ofBatch = m_ofBatch;
        kernels::best().normaliseGradient(m_shape, from, gradient.data_ptr<float>(),
                                          results[Input].defined() ? results[Input].data_ptr<float>() : nullptr,
                                          results[Scale].data_ptr<float>(), results[Shift].data_ptr<float>());
        return results;
    }

    NormalisationShape m_shape;
    bool m_ofBatch;
    bool m_relu = false;
    at::Tensor m_mean, m_inverseDeviation;
    SavedVariable m_x, m_scale, m_y;
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
    if (!torch::autograd::compute_requires_grad(x, scale, shift)) return y;
    const std::shared_ptr<NormalisationNode> node(new NormalisationNode(shape, ofBatch, moments.mean, inverse),
                                                  torch::autograd::deleteNode);
    node->set_next_edges(torch::autograd::collect_next_edges(x, scale, shift));
    torch::autograd::set_history(y, node);
    node->save(x, scale, y, activation);
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
