/// Which trials are best: of one objective the one, of several those that no other beats in all.
#pragma once

#include "core/search/Journal.h"

#include <vector>

namespace latentoscope {

/// Ids of the best complete trials: of one objective the best (of equally good ones the first; none or one), of several those
/// that are not dominated, by number. NaN is worse than anything.
std::vector<int> bestTrials(const Journal& journal, const Study& study);

/// Of points whose coordinates are all better when smaller, the front that each is in: 0 is dominated by none, 1 by those of
/// front 0 alone, … (non-dominated sorting, Deb et al. 2002).
std::vector<int> frontsOf(const std::vector<std::vector<double>>& points);

/// How far apart its neighbours in its front lie, in shares of the front's extent, summed over the coordinates: infinite at the
/// ends (crowding distance, Deb et al. 2002).
std::vector<double> crowdingOf(const std::vector<std::vector<double>>& points, const std::vector<int>& fronts);

} // namespace latentoscope
