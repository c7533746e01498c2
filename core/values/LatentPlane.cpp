#include "core/values/LatentPlane.h"

#include "core/values/LatentCodes.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace latentoscope {

AxisRange paddedRange(const LatentCodes* codes, int dimension)
{
    return codes ? paddedRange(codes->values, codes->dimension, dimension) : AxisRange{-1, 1};
}

AxisRange paddedRange(std::span<const float> rows, int dimensions, int dimension)
{
    AxisRange range{std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()};
    for (auto at = static_cast<std::size_t>(dimension); at < rows.size(); at += static_cast<std::size_t>(dimensions)) {
        const auto value = static_cast<double>(rows[at]);
        if (!std::isfinite(value)) continue;
        range.lower = std::min(range.lower, value);
        range.upper = std::max(range.upper, value);
    }
    if (range.lower > range.upper) return {-1, 1};
    const double margin = std::max(range.size() * 0.04, 1e-6);
    return {range.lower - margin, range.upper + margin};
}

LatentPlane planeOf(const LatentCodes& codes, int xDimension, int yDimension)
{
    const AxisRange y = yDimension == xDimension ? AxisRange{-1, 1} : paddedRange(&codes, yDimension);
    return {xDimension, yDimension, paddedRange(&codes, xDimension), y, meanCode(codes)};
}

} // namespace latentoscope
