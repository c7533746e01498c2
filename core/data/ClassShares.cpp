#include "core/data/ClassShares.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace latentoscope {

double ClassShares::largest() const { return shares.empty() ? 0 : *std::max_element(shares.begin(), shares.end()); }

double ClassShares::entropy() const
{
    double sum = 0;
    for (const double share : shares) {
        if (share > 0) sum -= share * std::log(share);
    }
    return sum;
}

ClassShares classShares(std::span<const std::uint8_t> labels, std::span<const int> items)
{
    std::array<std::size_t, 256> counts{};
    std::size_t highest = 0;
    ClassShares result;
    for (const int item : items) {
        const std::size_t label = labels[static_cast<std::size_t>(item)];
        if (counts[label]++ == 0) ++result.present;
        highest = std::max(highest, label);
    }
    if (items.empty()) return result;
    for (std::size_t label = 0; label <= highest; ++label)
        result.shares.push_back(static_cast<double>(counts[label]) / static_cast<double>(items.size()));
    return result;
}

ClassShares classShares(std::span<const std::uint8_t> labels)
{
    std::vector<int> all(labels.size());
    std::iota(all.begin(), all.end(), 0);
    return classShares(labels, all);
}

} // namespace latentoscope
