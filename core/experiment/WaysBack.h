/// Which way back from a picture to the codes is the better one, by points that neither has seen.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/projection/PlaneMap.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace latentoscope {

class FrozenModel;

struct WayBackErrors {
    double codes = 0;             ///< squared error of held-out codes by their variance: 0 exact, 1 as bad as their mean
    std::optional<double> images; ///< MSE a pixel between images decoded from both; none without a decoder
};

struct WaysBack {
    int heldOut = 0;          ///< points
    WayBackErrors neighbours; ///< mapOfNeighbours
    WayBackErrors network;    ///< mapOfNetwork
    bool networkIsBetter = false;
    std::shared_ptr<const PlaneMap> better; ///< of all points
};

/// Holds a tenth of the points out (at most 2,000, drawn by seed) and compares both ways on them: by images where `model`
/// decodes, else (null, or a classifier) by codes. Throws Error(InvalidArgument) for fewer than 20 points. On the calling thread.
/// None where `progress` said false.
std::optional<WaysBack> compareWaysBack(const std::shared_ptr<const Points>& codes, const std::shared_ptr<const Points>& places,
                                        const FrozenModel* model, std::uint64_t seed, const WorkProgress& progress = goOn);

} // namespace latentoscope
