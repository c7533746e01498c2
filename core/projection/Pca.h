/// Principal components, by exact decomposition.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/neighbours/Points.h"

#include <optional>
#include <vector>

namespace latentoscope {

class WorkerPool;

/// An orthonormal basis of the directions in which points vary most (Pearson 1901), strongest first.
struct Pca {
    int dimension = 0;            ///< D
    int components = 0;           ///< C ≤ D
    std::vector<double> mean;     ///< (D)
    std::vector<double> axes;     ///< (C, D); each one's largest value by magnitude is positive, the first such where several are
    std::vector<double> variance; ///< (C) along each, dividing by N − 1 (by 1 for a single point)
    double totalVariance = 0;     ///< along all D

    /// Shares of the total variance (C), 0 … 1; all 0 where nothing varies.
    std::vector<double> explained() const;
    /// Points (N, D) → (N, C).
    Points project(const Points& points) const;
    /// The way back: (N, C) → (N, D). Exact where C is D.
    Points restore(const Points& projected) const;
};

/// Eigenvectors of the covariance, which is summed in double in a fixed order: the same bytes for any number of threads. Throws
/// Error(InvalidArgument) where 1 ≤ components ≤ D does not hold or there are no points. None where `progress` said false.
std::optional<Pca> principalComponents(const Points& points, int components, WorkerPool& pool,
                                       const WorkProgress& progress = goOn);

} // namespace latentoscope
