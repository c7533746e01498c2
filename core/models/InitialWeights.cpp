#include "core/models/InitialWeights.h"

#include "core/base/Random.h"

#include <cmath>

namespace latentoscope {

std::vector<float> initialWeights(const std::vector<ParameterEntry>& layout, std::uint64_t seed)
{
    std::vector<float> weights(parameterCount(layout));
    for (std::uint32_t index = 0; index < layout.size(); ++index) {
        const ParameterEntry& entry = layout[index];
        const float bound = 1.0F / std::sqrt(static_cast<float>(entry.fanIn));
        RandomStream random(seed, RandomPurpose::Weights, index);
        for (std::size_t i = 0; i < entry.count(); ++i) weights[entry.offset + i] = (2 * random.uniform() - 1) * bound;
    }
    return weights;
}

} // namespace latentoscope
