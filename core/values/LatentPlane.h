/// A plane through the latent space, the ranges that it shows, and the classes seen there, as values.
#pragma once

#include "core/base/AxisRange.h"

#include <span>
#include <vector>

namespace latentoscope {

struct LatentCodes;

/// A plane through the latent space: two dimensions over their ranges, the others as in `base`.
struct LatentPlane {
    int xDimension = 0;
    int yDimension = 1; ///< xDimension in a space of one dimension
    AxisRange x;
    AxisRange y;
    std::vector<float> base; ///< (D); empty: no plane

    bool operator==(const LatentPlane&) const = default;
};

/// Which class a classifier sees where, over a rectangle of a plane.
struct ClassRegions {
    AxisRange x;
    AxisRange y;
    int columns = 0; ///< places along x, from the lowest at the left
    int rows = 0;    ///< places along y, from the highest at the top
    int classes = 0;
    std::vector<float> probabilities; ///< (rows, columns, classes); empty: no regions
};

/// Of one dimension of all finite codes, with a margin of 4 %; −1 … 1 where there are none.
AxisRange paddedRange(const LatentCodes* codes, int dimension);

/// The same of rows of `dimensions` values.
AxisRange paddedRange(std::span<const float> rows, int dimensions, int dimension);

/// That of two dimensions through the mean code, over all codes with a margin.
LatentPlane planeOf(const LatentCodes& codes, int xDimension, int yDimension);

} // namespace latentoscope
