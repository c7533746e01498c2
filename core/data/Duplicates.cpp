#include "core/data/Duplicates.h"

#include "core/data/DataSet.h"

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <string_view>
#include <unordered_map>

namespace latentoscope {

Duplicates findDuplicates(const DataSet& data)
{
    const auto pixelsAt = [&](const ImagePlace& place) {
        const std::span<const std::uint8_t> image = (place.train ? data.train : data.test).image(place.item);
        return std::string_view(reinterpret_cast<const char*>(image.data()), image.size());
    };
    // Pixels are compared where hashes meet: that may be chance.
    std::unordered_map<std::size_t, std::vector<ImagePlace>> byHash;
    std::vector<ImagePlace> all;
    for (const bool train : {true, false})
        for (int item = 0; item < (train ? data.train : data.test).count(); ++item) all.push_back({train, item});
    for (const ImagePlace& place : all) byHash[std::hash<std::string_view>{}(pixelsAt(place))].push_back(place);
    Duplicates found;
    for (const ImagePlace& place : all) {
        std::vector<ImagePlace>& met = byHash[std::hash<std::string_view>{}(pixelsAt(place))];
        if (met.size() < 2 || !(met.front() == place)) continue; // alone, or told with one before it
        std::vector<ImagePlace> group, others;
        for (const ImagePlace& one : met) (pixelsAt(one) == pixelsAt(place) ? group : others).push_back(one);
        met = std::move(others);
        if (group.size() < 2) continue;
        found.copies += group.size() - 1;
        if (group.front().train) {
            found.leaked += static_cast<std::size_t>(
                std::count_if(group.begin(), group.end(), [](const ImagePlace& one) { return !one.train; }));
        }
        found.groups.push_back(std::move(group));
    }
    return found;
}

} // namespace latentoscope
