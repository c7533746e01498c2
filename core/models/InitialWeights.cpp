#include "core/models/InitialWeights.h"

#include "core/base/Random.h"
#include "core/kinds/Parameters.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace latentoscope {

using Initial = ParameterEntry::Initial;

std::vector<float> initialWeights(const std::vector<ParameterEntry>& layout, std::uint64_t seed)
{
    std::vector<float> weights(parameterCount(layout));
    for (std::uint32_t index = 0; index < layout.size(); ++index) {
        const ParameterEntry& entry = layout[index];
        const auto begin = weights.begin() + static_cast<std::ptrdiff_t>(entry.offset);
        if (entry.initial == Initial::Zero || entry.initial == Initial::One) {
            const float value = entry.initial == Initial::One ? 1 : 0;
            std::fill_n(begin, entry.count(), value);
            continue;
        }
        RandomStream random(seed, RandomPurpose::Weights, index);
        const float bound = 1.0F / std::sqrt(static_cast<float>(entry.fanIn));
        if (entry.initial == Initial::KaimingNormal) {
            random.fillNormal(std::span(weights).subspan(entry.offset, entry.count()));
            const float deviation = std::numbers::sqrt2_v<float> * bound;
            std::for_each_n(begin, entry.count(), [deviation](float& weight) { weight *= deviation; });
            continue;
        }
        for (std::size_t i = 0; i < entry.count(); ++i) weights[entry.offset + i] = (2 * random.uniform() - 1) * bound;
    }
    return weights;
}

} // namespace latentoscope
