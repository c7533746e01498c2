/// The curves of a run, as values.
#pragma once

#include <cstdint>
#include <optional>

namespace latentoscope {

/// Loss of one optimizer step: mean squared error a pixel over its batch.
struct LossPoint {
    double epoch = 0; ///< passes over the training data so far; 1.5 is halfway through the second
    float loss = 0;
};

/// Metrics of one whole epoch.
struct EpochMetrics {
    int epoch = 0;                    ///< 1, 2, …
    double train = 0;                 ///< mean loss of its steps, weighted by images
    std::optional<double> validation; ///< on the validation split with the weights at the epoch's end; none without a split
    double imagesPerSecond = 0;       ///< training steps only
    double seconds = 0;
};

/// How far weights have been trained.
struct TrainedTo {
    int epoch = 0;         ///< whole epochs
    std::int64_t step = 0; ///< optimizer steps in all
};

} // namespace latentoscope
