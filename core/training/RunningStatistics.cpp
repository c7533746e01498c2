#include "core/training/RunningStatistics.h"

#include <cmath>

namespace latentoscope {
namespace {

/// The mean over the shards of a layer's statistic, weighted by their values.
template <class Statistic>
double stepStatistic(std::span<const std::vector<LayerMoments>> shards, std::size_t layer, Statistic statistic)
{
    double sum = 0;
    double values = 0;
    for (const std::vector<LayerMoments>& shard : shards) {
        const LayerMoments& found = shard[layer];
        if (found.values == 0) continue;
        sum += static_cast<double>(found.values) * statistic(found);
        values += static_cast<double>(found.values);
    }
    return sum / values;
}

bool hasValues(std::span<const std::vector<LayerMoments>> shards, std::size_t layer)
{
    for (const std::vector<LayerMoments>& shard : shards) {
        if (shard[layer].values > 0) return true;
    }
    return false;
}

} // namespace

bool mergeMoments(const std::vector<ParameterEntry>& layout, std::span<const std::vector<LayerMoments>> shards,
                  std::span<float> flat)
{
    bool finite = true;
    std::size_t statistic = 0; // means have even numbers, variances odd ones
    for (const ParameterEntry& entry : layout) {
        if (entry.role != ParameterEntry::Role::Running) continue;
        const std::size_t layer = statistic / 2;
        const bool isMean = statistic++ % 2 == 0;
        if (!hasValues(shards, layer)) continue;
        for (std::size_t c = 0; c < entry.count(); ++c) {
            const double found = stepStatistic(shards, layer, [&](const LayerMoments& moments) {
                if (isMean) return static_cast<double>(moments.mean[c]);
                const auto values = static_cast<double>(moments.values);
                return static_cast<double>(moments.variance[c]) * values / (values - 1);
            });
            float& running = flat[entry.offset + c];
            running = static_cast<float>((1 - kRunningMomentum) * static_cast<double>(running) + kRunningMomentum * found);
            finite = finite && std::isfinite(running);
        }
    }
    return finite;
}

} // namespace latentoscope
