#include "ui/latent/CodeGeometry.h"

#include "core/projection/PlaneMap.h"
#include "core/values/LatentCodes.h"

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {

std::vector<AxisRange> codeRanges(const LatentCodes& codes)
{
    std::vector<AxisRange> ranges;
    if (codes.count() == 0) return ranges;
    std::vector<float> column(static_cast<std::size_t>(codes.count()));
    const auto percentile = [&column](double share) {
        const auto at = static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(column.size() - 1)));
        std::nth_element(column.begin(), column.begin() + at, column.end());
        return static_cast<double>(column[static_cast<std::size_t>(at)]);
    };
    for (int d = 0; d < codes.dimension; ++d) {
        for (int row = 0; row < codes.count(); ++row) column[static_cast<std::size_t>(row)] = codes.code(row)[d];
        AxisRange range{percentile(0.01), percentile(0.99)};
        // A dead dimension still needs a slider that moves.
        if (range.size() < 1e-3) range = {range.lower - 5e-4, range.lower + 5e-4};
        ranges.push_back(range);
    }
    return ranges;
}

std::vector<Neighbour> nearestRows(const LatentCodes& codes, std::span<const float> code, int count)
{
    if (code.size() != static_cast<std::size_t>(codes.dimension) || count < 1) return {};
    std::vector<Neighbour> all;
    all.reserve(static_cast<std::size_t>(codes.count()));
    for (int row = 0; row < codes.count(); ++row)
        all.push_back({row, squaredDistance(codes.code(row), code.data(), codes.dimension)});
    const auto nearer = [](const Neighbour& a, const Neighbour& b) {
        return a.distance < b.distance || (a.distance == b.distance && a.row < b.row);
    };
    const auto kept = std::min<std::size_t>(all.size(), static_cast<std::size_t>(count));
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept), all.end(), nearer);
    all.resize(kept);
    for (Neighbour& neighbour : all) neighbour.distance = std::sqrt(neighbour.distance);
    return all;
}

} // namespace latentoscope::ui
