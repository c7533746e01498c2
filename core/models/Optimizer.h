/// Optimizers over one flat buffer of parameters, in pieces that any thread may take.
#pragma once

#include "core/config/Configuration.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace latentoscope {

struct TrainingOptions;

/// Adam (Kingma & Ba 2015), AdamW (Loshchilov & Hutter 2019), SGD with momentum and RMSprop with PyTorch's defaults and order of
/// operations: β = 0.9, 0.999; ε = 1e-8; RMSprop's smoothing 0.99; weight decay added to the gradient except in AdamW.
class Optimizer {
public:
    /// What an optimizer remembers between steps; with it, and the weights, a training goes on as if it had never ended.
    struct Memory {
        std::int64_t step = 0;
        std::vector<float> first;  ///< (P) mean of gradients, or SGD's velocity; empty where the rule has none
        std::vector<float> second; ///< (P) mean of squared gradients; empty where the rule has none
    };

    Optimizer(const TrainingOptions& options, std::size_t parameters);

    /// Begins the next step, of the size that the schedule gives it; call once before its update() calls.
    void beginStep(float learningRate);

    /// Updates weights[begin … begin + gradients.size()) in place. Pieces that do not overlap may run at the same time.
    void update(std::size_t begin, std::span<const float> gradients, std::span<float> weights);

    const Memory& memory() const { return m_memory; }

    /// Goes on from another's memory. Throws Error(InvalidArgument) where it is of another size or rule.
    void restore(Memory memory);

private:
    OptimizerRule m_rule;
    float m_learningRate = 0;
    float m_weightDecay;
    float m_momentum;
    Memory m_memory;
};

} // namespace latentoscope
