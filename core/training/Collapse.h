/// Tells when a classifier's training has come to nothing.
#pragma once

#include "core/config/Configuration.h"
#include "core/storage/Metrics.h"

#include <optional>
#include <string>

namespace latentoscope {

/// For how long figures must be those of chance before that is called a collapse: learning is slow at its beginning too.
inline constexpr int kCollapseEpochs = 5;
inline constexpr int kCollapseSteps = 100;

/// Whether an epoch's figures are those of a network that has collapsed to chance: its loss stuck at ln C, its accuracy at 1 in
/// C, by validation images where there are any. The sentence says so, and what to try; none where it has not, or does not
/// classify.
std::optional<std::string> collapse(const Configuration& configuration, const EpochMetrics& epoch);

} // namespace latentoscope
