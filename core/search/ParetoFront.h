/// Which trials are best: of one objective the one, of several those that no other beats in all.
#pragma once

#include "core/studies/Journal.h"

#include <vector>

namespace latentoscope {

/// A trial's values so that smaller is better in each; empty where it is not complete, or has another number of them. NaN becomes
/// infinite: worse than anything.
std::vector<double> costsOf(const Study& study, const Trial& trial);

/// Places in `trials` of the best complete ones: of one objective the best (of equally good ones the first; none or one), of
/// several those that are not dominated, in their order.
std::vector<std::size_t> bestAmong(const Study& study, const std::vector<const Trial*>& trials);

/// The same as ids of all of the study's trials.
std::vector<int> bestTrials(const Journal& journal, const Study& study);

/// Of points whose coordinates are all better when smaller, the front that each is in: 0 is dominated by none, 1 by those of
/// front 0 alone, … (non-dominated sorting, Deb et al. 2002).
std::vector<int> frontsOf(const std::vector<std::vector<double>>& points);

/// How far apart its neighbours in its front lie, in shares of the front's extent, summed over the coordinates: infinite at the
/// ends (crowding distance, Deb et al. 2002).
std::vector<double> crowdingOf(const std::vector<std::vector<double>>& points, const std::vector<int>& fronts);

} // namespace latentoscope
