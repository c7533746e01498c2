#include "core/models/Operations.h"

#include "core/models/LayerNodes.h"
#include "core/models/SamplingNodes.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_strided.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/zeros.h>

namespace latentoscope::operations {
namespace {

/// What the kernels take beside each other: batch innermost floats of one shape.
bool suitKernels(std::initializer_list<const at::Tensor*> tensors)
{
    for (const at::Tensor* tensor : tensors) {
        if (!tensor->device().is_cpu() || tensor->scalar_type() != at::kFloat || tensor->numel() == 0 ||
            tensor->size(0) % kernels::kImageMultiple != 0 || !isBatchInnermost(*tensor))
            return false;
    }
    return true;
}

void checkSameShape(const char* what, const at::Tensor& logits, const at::Tensor& target, std::int64_t count)
{
    TORCH_CHECK(logits.dim() > 0 && logits.sizes() == target.sizes(), what, ": ", logits.sizes(), " and ", target.sizes(),
                " differ in shape");
    TORCH_CHECK(count >= 0 && count <= logits.size(0), what, ": ", count, " of ", logits.size(0), " images");
}

at::Tensor referenceCrossEntropy(const at::Tensor& logits, const at::Tensor& target)
{
    return at::binary_cross_entropy_with_logits(logits, target, {}, {}, at::Reduction::None);
}

} // namespace

Judged crossEntropy(const at::Tensor& logits, const at::Tensor& target, std::int64_t count, Path path)
{
    checkSameShape("cross-entropy", logits, target, count);
    if (path == Path::Automatic && suitKernels({&logits, &target}) && !needsGraph(target)) {
        at::Tensor gradient = needsGraph(logits) ? emptyBatchInnermost(logits.sizes()) : at::Tensor();
        const kernels::CrossEntropy sums = kernels::best().crossEntropy(
            {logits.numel() / logits.size(0), logits.size(0), count}, logits.data_ptr<float>(), target.data_ptr<float>(),
            gradient.defined() ? gradient.data_ptr<float>() : nullptr, nullptr);
        at::Tensor loss = at::scalar_tensor(sums.nats, at::kFloat);
        if (gradient.defined()) recordLoss(logits, gradient, loss);
        return {loss, sums.squaredError};
    }
    const at::Tensor x = logits.narrow(0, 0, count), t = target.narrow(0, 0, count);
    return {referenceCrossEntropy(x, t).sum(), at::sigmoid(x.detach()).sub(t).square().sum().item<double>()};
}

at::Tensor crossEntropyOfImages(const at::Tensor& logits, const at::Tensor& target, Path path)
{
    checkSameShape("cross-entropy", logits, target, logits.size(0));
    if (path == Path::Automatic && suitKernels({&logits, &target})) {
        at::Tensor nats = at::empty({logits.size(0)}, at::kFloat);
        kernels::best().crossEntropy({logits.numel() / logits.size(0), logits.size(0), logits.size(0)}, logits.data_ptr<float>(),
                                     target.data_ptr<float>(), nullptr, nats.data_ptr<float>());
        return nats;
    }
    return referenceCrossEntropy(logits.detach(), target).flatten(1).sum(1);
}

Sampled samplePosterior(const at::Tensor& mean, const at::Tensor& logVariance, const at::Tensor& noise, std::int64_t count,
                        Path path)
{
    checkSameShape("posterior", mean, logVariance, count);
    checkSameShape("posterior", mean, noise, count);
    Sampled sampled;
    sampled.sums.resize(static_cast<std::size_t>(mean.size(1)));
    if (path == Path::Automatic && mean.dim() == 2 && suitKernels({&mean, &logVariance, &noise})) {
        const kernels::PosteriorShape shape = {mean.size(1), mean.size(0), count};
        sampled.code = emptyBatchInnermost(mean.sizes());
        sampled.deviation = emptyBatchInnermost(mean.sizes());
        kernels::best().samplePosterior(shape, mean.data_ptr<float>(), logVariance.data_ptr<float>(), noise.data_ptr<float>(),
                                        sampled.code.data_ptr<float>(), sampled.deviation.data_ptr<float>(), sampled.sums.data());
        double kl = 0;
        for (const kernels::PosteriorSums& sums : sampled.sums) kl += sums.kl;
        sampled.kl = at::scalar_tensor(kl, at::kFloat);
        recordPosterior(shape, mean, logVariance, sampled.deviation, noise, sampled.code, sampled.kl);
        return sampled;
    }
    sampled.deviation = (0.5 * logVariance).exp();
    sampled.code = mean + sampled.deviation * noise;
    const at::Tensor m = mean.narrow(0, 0, count), v = logVariance.narrow(0, 0, count);
    const at::Tensor kl = (0.5 * (m.square() + v.exp() - 1 - v)).sum(0);
    sampled.kl = kl.sum();
    const at::Tensor means = m.sum(0), squares = m.square().sum(0);
    for (std::int64_t d = 0; d < mean.size(1); ++d) {
        sampled.sums[static_cast<std::size_t>(d)] = {kl[d].item<double>(), means[d].item<double>(), squares[d].item<double>()};
    }
    return sampled;
}

at::Tensor normalNoise(RandomStream& random, std::int64_t images, std::int64_t dimensions, std::int64_t count)
{
    std::vector<float> values(static_cast<std::size_t>(count * dimensions));
    random.fillNormal(values);
    const at::Tensor rows = at::zeros({dimensions, images}, at::kFloat);
    float* noise = rows.data_ptr<float>();
    for (std::int64_t n = 0; n < count; ++n) {
        for (std::int64_t d = 0; d < dimensions; ++d)
            noise[d * images + n] = values[static_cast<std::size_t>(n * dimensions + d)];
    }
    return rows.t();
}

at::Tensor dropout(const at::Tensor& x, double rate, RandomStream& random, Path path)
{
    TORCH_CHECK(rate >= 0 && rate < 1, "dropout: found a rate of ", rate, ", expected 0 to 1");
    const auto threshold = static_cast<std::uint32_t>(rate * 0x1p32);
    const auto scale = static_cast<float>(1 / (1 - rate));
    at::Tensor words = at::empty({x.numel()}, at::kInt);
    auto* drawn = reinterpret_cast<std::uint32_t*>(words.data_ptr<std::int32_t>());
    random.fill({drawn, static_cast<std::size_t>(x.numel())});
    if (path == Path::Automatic && suitKernels({&x})) {
        at::Tensor y = emptyBatchInnermost(x.sizes());
        kernels::best().dropout(x.numel(), x.data_ptr<float>(), drawn, threshold, scale, y.data_ptr<float>());
        recordDropout(x, words, threshold, scale, y);
        return y;
    }
    at::Tensor kept = at::empty({x.numel()}, at::kFloat);
    for (std::int64_t i = 0; i < x.numel(); ++i) kept.data_ptr<float>()[i] = drawn[i] < threshold ? 0 : scale;
    const at::Tensor factors = at::empty_strided(x.sizes(), x.strides(), at::kFloat);
    at::Tensor flat = factors.as_strided({x.numel()}, {1});
    flat.copy_(kept);
    return x * factors.to(x.options());
}

} // namespace latentoscope::operations
