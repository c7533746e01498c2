/// The way back from a picture by a small network that has learned it from the pairs (Espadoto et al., "Deep learning inverse
/// multidimensional projections", 2019; "UnProjection", 2021): smooth where the nearest points' codes are a patchwork.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/projection/PlaneMap.h"

#include <cstdint>
#include <memory>

namespace latentoscope {

/// Learns codes (N, D) from places (N, 2), N ≥ 1, on the calling thread: two hidden layers of 128 units with ReLU, mean squared
/// error of standardised codes, Adam. The same network for the same seed. Its placeOf() is that of mapOfNeighbours. Null where
/// `progress` said false.
std::unique_ptr<const PlaneMap> mapOfNetwork(const std::shared_ptr<const Points>& codes,
                                             const std::shared_ptr<const Points>& places, std::uint64_t seed,
                                             const WorkProgress& progress = goOn);

} // namespace latentoscope
