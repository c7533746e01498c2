/// The inner loops of projections on one thread: distances to many points at once. Compiled once for each instruction set, as
/// the networks' kernels are (core/models/kernels/Kernels.h), and under the same rules.
#pragma once

#include "core/models/kernels/Kernels.h"

#include <cstdint>

namespace latentoscope::kernels {

/// Queries that are compared with points together.
inline constexpr int kQueries = 4;
/// Points are looked at so many at a time.
inline constexpr std::int64_t kColumnMultiple = 32;

/// A run of points, one dimension after the other in memory.
struct Columns {
    const float* values = nullptr; ///< (dimensions, stride), of which `count` columns are looked at
    std::int64_t dimensions = 0;
    std::int64_t stride = 0;
    std::int64_t count = 0; ///< a multiple of kColumnMultiple
    std::int32_t first = 0; ///< number of the first column
};

/// A point and its squared distance from a query.
struct Candidate {
    float distance = 0;
    std::int32_t column = 0;
};

/// Where a query's candidates go.
struct CandidateList {
    float limit = 0;          ///< only what is nearer is taken
    Candidate* end = nullptr; ///< the next free place; there must be room for all columns
};

/// What a place in the plane is pushed by.
struct Push {
    double x = 0;
    double y = 0;
    double weight = 0; ///< Σ q, that of the place itself included
};

struct ProjectionKernels {
    InstructionSet instructionSet;

    /// Appends to each of kQueries lists the columns that lie nearer to its query than its limit, in their order. queries
    /// (kQueries, dimensions).
    void (*appendNearer)(const Columns& columns, const float* queries, CandidateList* lists);

    /// How strongly all `count` points of a plane push each of kQueries of its places away by Student's kernel q = 1 / (1 + d²):
    /// Σ q² · (place − point) in x and y, and Σ q. count is a multiple of kColumnMultiple; a point at infinity pushes nothing.
    void (*repel)(const float* x, const float* y, std::int64_t count, const float* placeX, const float* placeY, Push* pushes);
};

/// The fastest this processor runs.
const ProjectionKernels& bestProjection();

/// Those of one instruction set, null where this processor or build has none.
const ProjectionKernels* findProjection(InstructionSet instructionSet);

} // namespace latentoscope::kernels
