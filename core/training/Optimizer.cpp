#include "core/training/Optimizer.h"

#include <cmath>

// The loops below are bound by √ and ÷; wide registers do them several times faster, and the plain clone runs everywhere.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&                         \
    !defined(__SANITIZE_THREAD__)
#define LATENTOSCOPE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LATENTOSCOPE_CLONES
#endif

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
    : m_rule(options.optimizer == "adamw"     ? Rule::AdamW
             : options.optimizer == "sgd"     ? Rule::Sgd
             : options.optimizer == "rmsprop" ? Rule::RmsProp
                                              : Rule::Adam),
      m_learningRate(static_cast<float>(options.learningRate)),
      m_weightDecay(static_cast<float>(options.weightDecay)),
      m_momentum(static_cast<float>(options.momentum)),
      m_first(parameters),
      m_second(parameters)
{
}

void Optimizer::beginStep() { ++m_step; }

void Optimizer::update(std::size_t begin, std::span<const float> gradients, std::span<float> weights)
{
    float* weight = weights.data() + begin;
    float* first = m_first.data() + begin;
    float* second = m_second.data() + begin;
    switch (m_rule) {
    case Rule::Adam:
    case Rule::AdamW: {
        const auto t = static_cast<double>(m_step);
        const bool decoupled = m_rule == Rule::AdamW;
        AdamFactors factors{};
        factors.stepSize = static_cast<float>(double{m_learningRate} / (1 - std::pow(0.9, t)));
        factors.correction = static_cast<float>(std::sqrt(1 - std::pow(0.999, t)));
        factors.decay = decoupled ? 0 : m_weightDecay;
        factors.shrink = decoupled ? 1 - m_learningRate * m_weightDecay : 1;
        adam(gradients.size(), factors, gradients.data(), first, second, weight);
        break;
    }
    case Rule::RmsProp:
        rmsProp(gradients.size(), m_learningRate, m_weightDecay, gradients.data(), second, weight);
        break;
    case Rule::Sgd:
        sgd(gradients.size(), m_learningRate, m_weightDecay, m_step == 1 ? 0 : m_momentum, gradients.data(), first, weight);
        break;
    }
}

} // namespace latentoscope
