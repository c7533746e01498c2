#include "core/data/ClassShares.h"

#include <algorithm>
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

ClassShares classShares(std::span<const Label> labels, std::span<const int> items)
{
    std::vector<std::size_t> counts;
    ClassShares result;
    for (const int item : items) {
        const std::size_t label = labels[static_cast<std::size_t>(item)];
        if (counts.size() <= label) counts.resize(label + 1);
        if (counts[label]++ == 0) ++result.present;
    }
    for (const std::size_t count : counts)
        result.shares.push_back(static_cast<double>(count) / static_cast<double>(items.size()));
    return result;
}

ClassShares classShares(std::span<const Label> labels)
{
    std::vector<int> all(labels.size());
    std::iota(all.begin(), all.end(), 0);
    return classShares(labels, all);
}

} // namespace latentoscope
