#include "core/models/SamplingNodes.h"

#include "core/models/Operations.h"
#include "core/models/Recording.h"

namespace latentoscope::operations {
namespace {

/// Outputs: code, kl. Inputs: mean, log-variance. Saved: mean, deviation, noise.
struct PosteriorBackward {
    kernels::PosteriorShape shape;

    Tensors backward(const BackwardCall& call) const
    {
        const at::Tensor& mean = call.saved[0];
        const at::Tensor code = call.gradients[0].defined() ? asBatchInnermost(call.gradients[0]) : at::Tensor();
        const float kl = call.gradients[1].defined() ? call.gradients[1].item<float>() : 0;
        Tensors results{emptyBatchInnermost(mean.sizes()), emptyBatchInnermost(mean.sizes())};
        kernels::best().posteriorGradient(shape, mean.data_ptr<float>(), call.saved[1].data_ptr<float>(),
                                          call.saved[2].data_ptr<float>(), code.defined() ? code.data_ptr<float>() : nullptr, kl,
                                          results[0].data_ptr<float>(), results[1].data_ptr<float>());
        return results;
    }
};

/// Saved: the random words.
struct DropoutBackward {
    std::uint32_t threshold;
    float scale;

    Tensors backward(const BackwardCall& call) const
    {
        const at::Tensor gradient = asBatchInnermost(call.gradients[0]);
        at::Tensor result = emptyBatchInnermost(gradient.sizes());
        kernels::best().dropout(gradient.numel(), gradient.data_ptr<float>(),
                                reinterpret_cast<const std::uint32_t*>(call.saved[0].data_ptr<std::int32_t>()), threshold, scale,
                                result.data_ptr<float>());
        return {result};
    }
};

} // namespace

void recordPosterior(const kernels::PosteriorShape& shape, const at::Tensor& mean, const at::Tensor& logVariance,
                     const at::Tensor& deviation, const at::Tensor& noise, at::Tensor& code, at::Tensor& kl)
{
    record(PosteriorBackward{shape}, {mean, logVariance}, {mean, deviation, noise}, {code, kl});
}

void recordDropout(const at::Tensor& x, const at::Tensor& words, std::uint32_t threshold, float scale, at::Tensor& y)
{
    record(DropoutBackward{threshold, scale}, {x}, {words}, {y});
}

} // namespace latentoscope::operations
