/// Measures a trained network on a split.
#pragma once

#include "core/data/DataSet.h"
#include "core/models/FrozenModel.h"

#include <string>

namespace latentoscope {

struct Evaluation {
    std::string split;
    int images = 0;
    double mse = 0;     ///< mean squared error a pixel, pixels in [0, 1]
    double seconds = 0; ///< of computing

    double reconstructionAccuracy() const { return 100 * (1 - mse); } ///< percent, as the report reads it
};

/// Reconstructs every chosen item on `threads` threads (≥ 1). The same figure at any thread count. Blocks.
/// Throws Error(Numeric) where it is NaN or infinite.
Evaluation evaluate(const FrozenModel& model, const DataSet& data, const ItemSelection& items, int threads);

} // namespace latentoscope
