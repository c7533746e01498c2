#include "core/latent/ClassRegions.h"

#include "core/config/Configuration.h"
#include "core/latent/LatentCodes.h"
#include "core/models/FrozenModel.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace latentoscope {
namespace {

constexpr int kColumns = 120;
constexpr int kRows = 90;

} // namespace

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

std::vector<float> meanCode(const LatentCodes& codes)
{
    if (codes.count() == 0) return {};
    std::vector<double> sums(static_cast<std::size_t>(codes.dimension));
    for (int row = 0; row < codes.count(); ++row)
        for (std::size_t d = 0; d < sums.size(); ++d) sums[d] += static_cast<double>(codes.code(row)[d]);
    std::vector<float> mean;
    for (const double sum : sums) mean.push_back(static_cast<float>(sum / codes.count()));
    return mean;
}

LatentPlane planeOf(const LatentCodes& codes, int xDimension, int yDimension)
{
    const AxisRange y = yDimension == xDimension ? AxisRange{-1, 1} : paddedRange(&codes, yDimension);
    return {xDimension, yDimension, paddedRange(&codes, xDimension), y, meanCode(codes)};
}

ClassRegions classRegions(const FrozenModel& model, const LatentPlane& plane)
{
    std::vector<float> codes;
    codes.reserve(static_cast<std::size_t>(kColumns) * kRows * plane.base.size());
    const auto at = [](const AxisRange& range, double share) { return static_cast<float>(range.lower + share * range.size()); };
    for (int row = 0; row < kRows; ++row) {
        for (int column = 0; column < kColumns; ++column) {
            std::vector<float> code = plane.base;
            code[static_cast<std::size_t>(plane.xDimension)] = at(plane.x, (column + 0.5) / kColumns);
            if (plane.yDimension != plane.xDimension)
                code[static_cast<std::size_t>(plane.yDimension)] = at(plane.y, 1 - (row + 0.5) / kRows);
            codes.insert(codes.end(), code.begin(), code.end());
        }
    }
    return {plane.x, plane.y, kColumns, kRows, model.options().classes, model.probabilities(codes)};
}

} // namespace latentoscope
