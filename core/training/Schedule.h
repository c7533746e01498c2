/// How the learning rate goes over a training.
#pragma once

#include <cstdint>

namespace latentoscope {

struct TrainingOptions;

/// The learning rate of optimizer step `step` (0, 1, …) of a training of `epochs` epochs of `stepsPerEpoch` steps (≥ 1), as
/// training.schedule says:
/// - constant: training.learning_rate;
/// - cosine: from it down half a cosine to 0 (Loshchilov & Hutter 2017, one period);
/// - one-cycle: from a 25th up to it over 30 % of the steps, then down to a 250,000th, both along half cosines (Smith 2018; the
///   defaults of PyTorch's OneCycleLR, momentum left as it is).
/// Over the first training.warmup epochs of the former two the rate also grows linearly from 0. A step beyond the last has the
/// last one's.
double learningRateAt(const TrainingOptions& options, std::int64_t step, int stepsPerEpoch, int epochs);

} // namespace latentoscope
