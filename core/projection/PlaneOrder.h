/// An order of points in the plane along a curve through all of it (Morton 1966), so that near ones are mostly near in it.
#pragma once

#include <vector>

namespace latentoscope {

/// The numbers of places (N, 2), finite, in that order; equal places in the order of their numbers.
std::vector<int> planeOrder(const std::vector<float>& places);

} // namespace latentoscope
