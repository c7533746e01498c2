/// How a data set's training images are divided, as plain values.
#pragma once

#include <cstdint>

namespace latentoscope {

/// JSON object "data".
struct DataOptions {
    double validationFraction = 0.1; ///< share of the training images held out, by class; 0 … 0.9; means nothing with folds
    std::uint64_t seed = 0;          ///< of the split: same seed, same items
    int folds = 0;                   ///< of a cross-validation (≥ 2), of which one is held out; 0: none
    int fold = 1;                    ///< which: 1 … folds
    double labelsFraction = 1;       ///< share of the training images whose labels a classifier sees, by class; 0 … 1
};

} // namespace latentoscope
