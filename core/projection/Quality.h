/// How true a projection is to the points it shows.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/data/Label.h"
#include "core/neighbours/Points.h"

#include <cstdint>
#include <optional>
#include <span>

namespace latentoscope {

class WorkerPool;

/// Measured exactly on a subset of points, as if there were no others.
struct ProjectionQuality {
    int points = 0;                      ///< of the subset
    int neighbours = 0;                  ///< K
    double trustworthiness = 0;          ///< whether those near in the picture are near in truth (Venna & Kaski 2001), at most 1
    double continuity = 0;               ///< whether those near in truth are near in the picture, at most 1
    std::optional<double> labelAccuracy; ///< share whose label most of their K neighbours in the picture have, 0 … 1
};

constexpr int kQualityNeighbours = 10;
constexpr int kQualityPoints = 5000;

/// On at most `most` points, drawn by seed. `labels` (N) may be empty: then their accuracy is not told. Of neighbours equally
/// far the lower row comes first, of labels equally frequent the lower one. The same figures for any number of threads. Throws
/// Error(InvalidArgument) where the two differ in count, or where there are not at least 2 · neighbours + 2 points. None where
/// `progress` said false.
std::optional<ProjectionQuality> projectionQuality(const Points& points, const Points& projected, std::span<const Label> labels,
                                                   std::uint64_t seed, WorkerPool& pool, const WorkProgress& progress = goOn,
                                                   int neighbours = kQualityNeighbours, int most = kQualityPoints);

/// The share (0 … 1) of `added` places (M, D), M ≥ 1, that most of their `neighbours` nearest among `picture` (N, D) share their
/// label with; of equally frequent labels the lowest counts. All neighbours where there are fewer. Throws as nearestAmong.
double labelAccuracyAmong(const Points& picture, std::span<const Label> labels, const Points& added,
                          std::span<const Label> addedLabels, WorkerPool& pool, int neighbours = kQualityNeighbours);

} // namespace latentoscope
