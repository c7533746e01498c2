/// The nearest neighbours of every point, exactly.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/neighbours/Points.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace latentoscope {

class WorkerPool;

/// Of each point the nearest others, nearest first.
struct NeighbourTable {
    int neighbours = 0;            ///< K
    std::vector<int> rows;         ///< (N, K)
    std::vector<double> distances; ///< (N, K) squared Euclidean

    int count() const { return neighbours > 0 ? static_cast<int>(rows.size() / static_cast<std::size_t>(neighbours)) : 0; }
    const int* row(int i) const { return rows.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(neighbours); }
    const double* distance(int i) const
    {
        return distances.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(neighbours);
    }
};

/// Compares points leaf by leaf of a k-d tree, leaving out leaves that are too far to matter: exact up to ties, which go to the
/// lower row, and up to the rounding of a float square among more than sixteen points that lie equally far to seven digits.
/// Equal points are each other's neighbours. The same table for any number of threads. At worst N² · D operations. Throws
/// Error(InvalidArgument) where 1 ≤ neighbours < N does not hold. None where `progress` said false.
std::optional<NeighbourTable> nearestNeighbours(const Points& points, int neighbours, WorkerPool& pool,
                                                const WorkProgress& progress = goOn);

/// The same for each of `queries` (M, D): a table (M, K) of the nearest points (N, D). A query that equals a point has it as its
/// nearest. Throws Error(InvalidArgument) where the dimensions differ or 1 ≤ neighbours ≤ N does not hold.
std::optional<NeighbourTable> nearestAmong(const Points& points, const Points& queries, int neighbours, WorkerPool& pool,
                                           const WorkProgress& progress = goOn);

} // namespace latentoscope
