#include "core/latent/ClassRegions.h"

#include "core/config/Configuration.h"
#include "core/models/FrozenModel.h"
#include "core/values/LatentCodes.h"

#include <vector>

namespace latentoscope {
namespace {

constexpr int kColumns = 120;
constexpr int kRows = 90;

} // namespace

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
