/// A random forest for regression (Breiman 2001) whose leaves are known as boxes of the space.
#pragma once

#include "core/base/Random.h"

#include <cstdint>
#include <vector>

namespace latentoscope {

/// One dimension that points have: numbers in [low, high], or categories 0 … count - 1.
struct ForestDimension {
    double low = 0;
    double high = 1;
    int categories = 0; ///< 0: numbers
};

/// What part of a dimension a leaf covers.
struct LeafSide {
    double low = 0;
    double high = 1;            ///< of numbers
    std::vector<bool> contains; ///< of categories
};

struct ForestLeaf {
    std::vector<LeafSide> sides; ///< one a dimension
    double value = 0;            ///< mean of the training points in it
};

/// A tree as its leaves, which cover the space once.
using RegressionTree = std::vector<ForestLeaf>;

/// Grows a tree on a bootstrap sample of points[n][d] with values (n ≥ 1), down to leaves of one value; at each node the split
/// that lowers the squared error most: a number against the middle between two neighbours, a category against all others.
RegressionTree growTree(const std::vector<std::vector<double>>& points, const std::vector<double>& values,
                        const std::vector<ForestDimension>& dimensions, RandomStream& random);

} // namespace latentoscope
