/// The inner loops of projections on one thread: forces between points, splines on a grid.
/// Compiled once for each instruction set (core/simd), under the same rules as the networks' kernels
/// (core/models/kernels/Kernels.h).
#pragma once

#include "core/neighbours/kernels/NeighbourKernels.h"
#include "core/simd/InstructionSet.h"

#include <cstdint>

namespace latentoscope::kernels {

/// Pairs of a sparse row are looked at so many at a time, and so are the points of a near field.
inline constexpr std::int64_t kPairMultiple = 16;

/// What a place in the plane is pushed by.
struct Push {
    double x = 0;
    double y = 0;
    double weight = 0; ///< Σ q, that of the place itself included
};

/// Where a grid of nodes lies in the plane: node (1, 1) is at (lowX, lowY).
struct GridPlace {
    float lowX = 0;
    float lowY = 0;
    float perUnit = 1;       ///< nodes a unit of length
    std::int64_t stride = 0; ///< values a row of nodes
};

/// Rows of a symmetric sparse matrix.
struct SparseRows {
    const std::int64_t* begins = nullptr;  ///< (N + 1), multiples of kPairMultiple
    const std::int32_t* columns = nullptr; ///< filled up with any column
    const float* values = nullptr;         ///< filled up with zeros
};

/// How UMAP moves points: the curve 1 / (1 + a · d^(2b)), and how far.
struct UmapForces {
    float a = 1;
    float b = 1;
    float rate = 1;    ///< that moves are multiplied by
    float largest = 4; ///< move along an axis, before that
    int negatives = 5; ///< points that are pushed away from at each visit
};

struct ProjectionKernels {
    InstructionSet instructionSet;

    /// How strongly all `count` points of a plane push each of kQueries of its places away by Student's kernel q = 1 / (1 + d²):
    /// Σ q² · (place − point) in x and y, and Σ q. count is a multiple of kColumnMultiple; a point at kFar pushes
    /// nothing.
    void (*repel)(const float* x, const float* y, std::int64_t count, const float* placeX, const float* placeY, Push* pushes);

    /// The near part of the same: what the kernel has beyond its smooth far part (core/projection/SplitKernel.h), which is
    /// nothing beyond the radius. Adds to push (places, 2) and returns Σ of the near kernel. count is a multiple of
    /// kPairMultiple; places is any number, and x and y of places may be read up to the next multiple of kQueries.
    float (*repelNear)(const float* x, const float* y, std::int64_t count, const float* placeX, const float* placeY,
                       std::int64_t places, float squaredRadius, float* push);

    /// Adds to the nodes the cubic B-splines of `count` places, one unit of charge each.
    void (*spread)(const float* x, const float* y, std::int64_t count, const GridPlace& at, float* nodes);

    /// The same splines the other way: push (count, 2) = the values of two fields at the places.
    void (*collect)(const float* x, const float* y, std::int64_t count, const GridPlace& at, const float* fieldX,
                    const float* fieldY, float* push);

    /// pull (rows first … end - 1, 2) = Σ over the row's pairs of value · q · (place − other), q as above; places (N, 2).
    void (*attract)(const float* places, const SparseRows& rows, std::int64_t first, std::int64_t end, float* pull);

    /// Moves `place` (2) for each visited other point towards that one, and away from `negatives` that are drawn from all places
    /// (count, 2), `count` below 2³². `random` is a generator's state, not 0.
    void (*embedPoint)(const UmapForces& forces, const float* places, std::int64_t count, const std::int32_t* others,
                       std::int64_t visits, std::uint64_t* random, float* place);
};

/// The fastest this processor runs.
const ProjectionKernels& bestProjection();

/// Those of one instruction set, null where this processor or build has none.
const ProjectionKernels* findProjection(InstructionSet instructionSet);

} // namespace latentoscope::kernels
