/// Optimizers over one flat buffer of parameters, in pieces that any thread may take.
#pragma once

#include "core/config/Configuration.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace latentoscope {

/// Adam (Kingma & Ba 2015), AdamW (Loshchilov & Hutter 2019), SGD with momentum and RMSprop with PyTorch's defaults and order of
/// operations: β = 0.9, 0.999; ε = 1e-8; RMSprop's smoothing 0.99; weight decay added to the gradient except in AdamW.
class Optimizer {
public:
    Optimizer(const TrainingOptions& options, std::size_t parameters);

    /// Begins the next step; call once before its update() calls.
    void beginStep();

    /// Updates weights[begin … begin + gradients.size()) in place. Pieces that do not overlap may run at the same time.
    void update(std::size_t begin, std::span<const float> gradients, std::span<float> weights);

private:
    enum class Rule { Adam, AdamW, Sgd, RmsProp };
    Rule m_rule;
    float m_learningRate;
    float m_weightDecay;
    float m_momentum;
    std::int64_t m_step = 0;
    std::vector<float> m_first;  ///< mean of gradients, or SGD's velocity
    std::vector<float> m_second; ///< mean of squared gradients
};

} // namespace latentoscope
