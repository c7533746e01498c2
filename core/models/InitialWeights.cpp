#include "core/models/InitialWeights.h"

#include "core/base/Random.h"

#include <algorithm>
#include <cmath>

namespace latentoscope {

std::vector<float> initialWeights(const std::vector<ParameterEntry>& layout, std::uint64_t seed)
{
    std::vector<float> weights(parameterCount(layout));
    for (std::uint32_t index = 0; index < layout.size(); ++index) {
        const ParameterEntry& entry = layout[index];
        if (entry.initial != ParameterEntry::Initial::UniformFanIn) {
            const float value = entry.initial == ParameterEntry::Initial::One ? 1 : 0;
            std::fill_n(weights.begin() + static_cast<std::ptrdiff_t>(entry.offset), entry.count(), value);
            continue;
        }
        const float bound = 1.0F / std::sqrt(static_cast<float>(entry.fanIn));
        RandomStream random(seed, RandomPurpose::Weights, index);
        for (std::size_t i = 0; i < entry.count(); ++i) weights[entry.offset + i] = (2 * random.uniform() - 1) * bound;
    }
    return weights;
}

} // namespace latentoscope
