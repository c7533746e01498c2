/// Merges what batch normalisation found in a step's shards into the running statistics that a network is used with.
#pragma once

#include "core/models/Network.h"

#include <span>
#include <vector>

namespace latentoscope {

struct ParameterEntry;

/// Share of a step in a running statistic; PyTorch's default.
inline constexpr double kRunningMomentum = 0.1;

/// Moves the running statistics in `flat` (in layout's order) toward those of one step: running ← 0.9 running + 0.1 step, where
/// a step's mean and variance are the means of its shards' means and unbiased variances, weighted by their values and added in
/// shard order. With one shard this is what torch.nn.BatchNorm does. A layer without values in any shard is left as it is.
/// `shards` holds one entry a layer with running statistics (a mean, then a variance), in the layout's order. False where a
/// statistic came out NaN or infinite.
bool mergeMoments(const std::vector<ParameterEntry>& layout, std::span<const std::vector<LayerMoments>> shards,
                  std::span<float> flat);

} // namespace latentoscope
