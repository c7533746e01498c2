#include "core/models/Optimizer.h"

#include "core/base/Error.h"
#include "core/config/Configuration.h"
#include "core/simd/Clones.h"

#include <cmath>
#include <string>
#include <utility>

namespace latentoscope {
namespace {

constexpr float kBeta1 = 0.9F;
constexpr float kBeta2 = 0.999F;
constexpr float kEpsilon = 1e-8F;
constexpr float kSmoothing = 0.99F;

struct AdamFactors {
    float stepSize;   ///< learning rate / (1 - β1^t)
    float correction; ///< √(1 - β2^t)
    float decay;      ///< added to the gradient (Adam)
    float shrink;     ///< times the weight before the step (AdamW)
};

// These loops are bound by √ and ÷, which wide registers do several times faster.
LATENTOSCOPE_CLONES void adam(std::size_t count, const AdamFactors& factors, const float* __restrict gradient,
                              float* __restrict first, float* __restrict second, float* __restrict weight)
{
    const AdamFactors f = factors;
    for (std::size_t i = 0; i < count; ++i) {
        const float w = weight[i] * f.shrink;
        const float g = gradient[i] + f.decay * w;
        first[i] = kBeta1 * first[i] + (1 - kBeta1) * g;
        second[i] = kBeta2 * second[i] + (1 - kBeta2) * g * g;
        weight[i] = w - f.stepSize * first[i] / (std::sqrt(second[i]) / f.correction + kEpsilon);
    }
}

LATENTOSCOPE_CLONES void rmsProp(std::size_t count, float learningRate, float decay, const float* __restrict gradient,
                                 float* __restrict second, float* __restrict weight)
{
    for (std::size_t i = 0; i < count; ++i) {
        const float g = gradient[i] + decay * weight[i];
        second[i] = kSmoothing * second[i] + (1 - kSmoothing) * g * g;
        weight[i] -= learningRate * g / (std::sqrt(second[i]) + kEpsilon);
    }
}

/// PyTorch's velocity begins with the first gradient as it is; with `momentum` 0 at the first step that is the same sum.
LATENTOSCOPE_CLONES void sgd(std::size_t count, float learningRate, float decay, float momentum, const float* __restrict gradient,
                             float* __restrict velocity, float* __restrict weight)
{
    for (std::size_t i = 0; i < count; ++i) {
        velocity[i] = momentum * velocity[i] + gradient[i] + decay * weight[i];
        weight[i] -= learningRate * velocity[i];
    }
}

} // namespace

Optimizer::Optimizer(const TrainingOptions& options, std::size_t parameters)
    : m_rule(options.optimizer),
      m_weightDecay(static_cast<float>(options.weightDecay)),
      m_momentum(static_cast<float>(options.momentum))
{
    if (m_rule != OptimizerRule::RmsProp) m_memory.first.resize(parameters);
    if (m_rule != OptimizerRule::Sgd) m_memory.second.resize(parameters);
}

void Optimizer::beginStep(float learningRate)
{
    ++m_memory.step;
    m_learningRate = learningRate;
}

void Optimizer::restore(Memory memory)
{
    if (memory.step < 0 || memory.first.size() != m_memory.first.size() || memory.second.size() != m_memory.second.size()) {
        throw Error(Error::Kind::InvalidArgument, "the optimizer's memory has " + std::to_string(memory.first.size()) + " and " +
                                                      std::to_string(memory.second.size()) + " values, expected " +
                                                      std::to_string(m_memory.first.size()) + " and " +
                                                      std::to_string(m_memory.second.size()));
    }
    m_memory = std::move(memory);
}

void Optimizer::update(std::size_t begin, std::span<const float> gradients, std::span<float> weights)
{
    float* weight = weights.data() + begin;
    const auto from = [begin](std::vector<float>& values) { return values.empty() ? nullptr : values.data() + begin; };
    float* first = from(m_memory.first);
    float* second = from(m_memory.second);
    switch (m_rule) {
    case OptimizerRule::Adam:
    case OptimizerRule::AdamW: {
        const auto t = static_cast<double>(m_memory.step);
        const bool decoupled = m_rule == OptimizerRule::AdamW;
        AdamFactors factors{};
        factors.stepSize = static_cast<float>(double{m_learningRate} / (1 - std::pow(0.9, t)));
        factors.correction = static_cast<float>(std::sqrt(1 - std::pow(0.999, t)));
        factors.decay = decoupled ? 0 : m_weightDecay;
        factors.shrink = decoupled ? 1 - m_learningRate * m_weightDecay : 1;
        adam(gradients.size(), factors, gradients.data(), first, second, weight);
        break;
    }
    case OptimizerRule::RmsProp:
        rmsProp(gradients.size(), m_learningRate, m_weightDecay, gradients.data(), second, weight);
        break;
    case OptimizerRule::Sgd:
        sgd(gradients.size(), m_learningRate, m_weightDecay, m_memory.step == 1 ? 0 : m_momentum, gradients.data(), first,
            weight);
        break;
    }
}

} // namespace latentoscope
