/// New points in a finished t-SNE, whose own points stay where they are.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/neighbours/Points.h"

#include <optional>
#include <vector>

namespace latentoscope {

class WorkerPool;

struct PlacementOptions {
    std::vector<double> perplexities{30}; ///< best those of the picture; lower ones place less well (docs/projections.md)
    double exaggeration = 1;              ///< of the affinities: the picture's late exaggeration
    int iterations = 250;                 ///< at most; most points come to rest within a few dozen
    double precision = 0.001;             ///< a point whose step is shorter is at rest; units of the picture
};

/// Where each of `added` (M, D) belongs in the picture `places` (N, 2) of `points` (N, D): a place (M, 2) of least
/// KL(p ‖ q) in its neighbourhood, p its calibrated kernel (or the mean of several perplexities') over its nearest points, q ∝ 1
/// / (1 + d²) over all points in the plane, as openTSNE does it (Poličar, Stražar & Zupan 2019). New points do not see each
/// other, so that each one's place depends on itself alone. It begins at the place of that near point at which the pull of the
/// others costs least; each step goes to the minimum of a parabola above the cost, so that the cost never grows. O(N) a step and
/// point. The same bytes for any number of threads. Throws Error(InvalidArgument) where shapes do not fit, or no perplexity, one
/// below 1 or one that needs more neighbours than N. None where `progress` said false.
std::optional<Points> placeAmong(const Points& points, const Points& places, const Points& added, const PlacementOptions& options,
                                 WorkerPool& pool, const WorkProgress& progress = goOn);

} // namespace latentoscope
