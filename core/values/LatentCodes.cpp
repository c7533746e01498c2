#include "core/values/LatentCodes.h"

#include <algorithm>
#include <cmath>

namespace latentoscope {

bool allAlike(std::span<const float> values, int dimension)
{
    constexpr float kRounding = 1e-5F; // of the largest value: batches of other sizes round otherwise
    const auto columns = static_cast<std::size_t>(dimension);
    if (columns == 0 || values.size() < 2 * columns) return false;
    for (std::size_t at = columns; at < values.size(); ++at) {
        const float first = values[at % columns];
        const float scale = std::max(std::abs(first), std::abs(values[at]));
        if (!(std::abs(values[at] - first) <= kRounding * scale)) return false; // of most codes the second tells
    }
    return true;
}

std::vector<float> quantiles(const LatentCodes& codes, int dimension, const std::vector<double>& shares)
{
    std::vector<float> values;
    for (int row = 0; row < codes.count(); ++row) values.push_back(codes.code(row)[dimension]);
    std::sort(values.begin(), values.end());
    std::vector<float> found;
    for (const double share : shares) {
        if (values.empty()) {
            found.push_back(0);
            continue;
        }
        const double place = share * static_cast<double>(values.size() - 1);
        const auto below = static_cast<std::size_t>(place);
        const std::size_t above = std::min(below + 1, values.size() - 1);
        found.push_back(std::lerp(values[below], values[above], static_cast<float>(place - static_cast<double>(below))));
    }
    return found;
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

} // namespace latentoscope
