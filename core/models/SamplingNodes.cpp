#include "core/models/SamplingNodes.h"

#include "core/models/KernelNode.h"
#include "core/models/Operations.h"

#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>

namespace latentoscope::operations {
namespace {

using torch::autograd::SavedVariable;
using torch::autograd::variable_list;

at::Tensor innermost(const at::Tensor& gradient)
{
    return isBatchInnermost(gradient) ? gradient : emptyBatchInnermost(gradient.sizes()).copy_(gradient);
}

/// Outputs: code, kl. Next edges: mean, log-variance.
class PosteriorNode final : public KernelNode {
public:
    PosteriorNode(const kernels::PosteriorShape& shape, const at::Tensor& mean, const at::Tensor& deviation,
                  const at::Tensor& noise)
        : m_shape(shape), m_mean(mean, false), m_deviation(deviation, false), m_noise(noise, false)
    {
    }
    std::string name() const override { return "LatentoscopePosterior"; }

    void release_variables() override
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (SavedVariable* saved : {&m_mean, &m_deviation, &m_noise}) saved->reset_data();
    }

private:
    variable_list backward(const variable_list& gradients) override
    {
        const at::Tensor mean = m_mean.unpack(), deviation = m_deviation.unpack(), noise = m_noise.unpack();
        const at::Tensor code = gradients[0].defined() ? innermost(gradients[0]) : at::Tensor();
        const float kl = gradients[1].defined() ? gradients[1].item<float>() : 0;
        variable_list results{emptyBatchInnermost(mean.sizes()), emptyBatchInnermost(mean.sizes())};
        kernels::best().posteriorGradient(m_shape, mean.data_ptr<float>(), deviation.data_ptr<float>(), noise.data_ptr<float>(),
                                          code.defined() ? code.data_ptr<float>() : nullptr, kl, results[0].data_ptr<float>(),
                                          results[1].data_ptr<float>());
        return results;
    }

    kernels::PosteriorShape m_shape;
    SavedVariable m_mean, m_deviation, m_noise;
};

class DropoutNode final : public KernelNode {
public:
    DropoutNode(const at::Tensor& words, std::uint32_t threshold, float scale)
        : m_words(words, false), m_threshold(threshold), m_scale(scale)
    {
    }
    std::string name() const override { return "LatentoscopeDropout"; }

    void release_variables() override
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        m_words.reset_data();
    }

private:
    variable_list backward(const variable_list& gradients) override
    {
        const at::Tensor gradient = innermost(gradients[0]), words = m_words.unpack();
        at::Tensor result = emptyBatchInnermost(gradient.sizes());
        kernels::best().dropout(gradient.numel(), gradient.data_ptr<float>(),
                                reinterpret_cast<const std::uint32_t*>(words.data_ptr<std::int32_t>()), m_threshold, m_scale,
                                result.data_ptr<float>());
        return {result};
    }

    SavedVariable m_words;
    std::uint32_t m_threshold;
    float m_scale;
};

} // namespace

void recordPosterior(const kernels::PosteriorShape& shape, const at::Tensor& mean, const at::Tensor& logVariance,
                     const at::Tensor& deviation, const at::Tensor& noise, at::Tensor& code, at::Tensor& kl)
{
    if (!torch::autograd::compute_requires_grad(mean, logVariance)) return;
    const std::shared_ptr<PosteriorNode> node(new PosteriorNode(shape, mean, deviation, noise), torch::autograd::deleteNode);
    node->set_next_edges(torch::autograd::collect_next_edges(mean, logVariance));
    torch::autograd::set_history(code, node);
    torch::autograd::set_history(kl, node);
}

void recordDropout(const at::Tensor& x, const at::Tensor& words, std::uint32_t threshold, float scale, at::Tensor& y)
{
    if (!torch::autograd::compute_requires_grad(x)) return;
    const std::shared_ptr<DropoutNode> node(new DropoutNode(words, threshold, scale), torch::autograd::deleteNode);
    node->set_next_edges(torch::autograd::collect_next_edges(x));
    torch::autograd::set_history(y, node);
}

} // namespace latentoscope::operations
