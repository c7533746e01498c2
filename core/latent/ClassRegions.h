/// Which class a classifier sees where: probabilities over a plane of the latent space.
#pragma once

#include "core/models/FrozenModel.h"
#include "core/report/FigureData.h"

#include <vector>

namespace latentoscope {

/// A plane through the latent space: two dimensions over their ranges, the others as in `base`.
struct LatentPlane {
    int xDimension = 0;
    int yDimension = 1; ///< xDimension in a space of one dimension
    AxisRange x;
    AxisRange y;
    std::vector<float> base; ///< (D); empty: no plane

    bool operator==(const LatentPlane&) const = default;
};

/// Of one dimension of all finite codes, with a margin of 4 %; −1 … 1 where there are none.
AxisRange paddedRange(const LatentCodes* codes, int dimension);

/// The mean of all codes; empty for no codes.
std::vector<float> meanCode(const LatentCodes& codes);

/// That of two dimensions through the mean code, over all codes with a margin.
LatentPlane planeOf(const LatentCodes& codes, int xDimension, int yDimension);

/// The probabilities of classes over the plane. Throws as FrozenModel::probabilities.
ClassRegions classRegions(const FrozenModel& model, const LatentPlane& plane);

} // namespace latentoscope
