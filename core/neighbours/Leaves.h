/// Points put into an order in which near ones are together, in leaves with a box around each (a k-d tree, Bentley 1975, of
/// which only the leaves are kept).
#pragma once

#include "core/neighbours/Points.h"

#include <vector>

namespace latentoscope {

/// One run of points in the new order.
struct Leaf {
    int first = 0; ///< in the new order
    int count = 0; ///< ≥ 1
};

struct Leaves {
    std::vector<int> rows; ///< (N) the row of the points that is now at each place
    std::vector<Leaf> all;
    std::vector<float> boxes; ///< (leaves, 2, D) lowest and highest values
};

/// Halves the points at the median of the dimension in which they spread furthest until no leaf has more than `most` (≥ 1) of
/// them. The same leaves for the same points.
Leaves leavesOf(const Points& points, int most);

/// The box around the points at places first … first + count of an order, (2, D), into `box`.
void boxAround(const Points& points, const std::vector<int>& rows, int first, int count, float* box);

/// A lower bound of the squared distances that a float sum gives between points of two boxes of D dimensions.
float squaredGap(const float* a, const float* b, int dimension);

} // namespace latentoscope
