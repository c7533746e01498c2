/// Distances to many points at once, on one thread. Compiled once for each instruction set (core/simd), under the same rules as
/// the networks' kernels (core/models/kernels/Kernels.h).
#pragma once

#include "core/simd/InstructionSet.h"

#include <cstdint>

namespace latentoscope::kernels {

/// Queries that are compared with points together.
inline constexpr int kQueries = 4;
/// Points are looked at so many at a time.
inline constexpr std::int64_t kColumnMultiple = 32;
/// A coordinate of points that only fill up a multiple: its square is infinite, its differences are numbers.
inline constexpr float kFar = 1e30F;

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

struct NeighbourKernels {
    InstructionSet instructionSet;

    /// Appends to each of kQueries lists the columns that lie nearer to its query than its limit, in their order. queries
    /// (kQueries, dimensions).
    void (*appendNearer)(const Columns& columns, const float* queries, CandidateList* lists);
};

/// The fastest this processor runs.
const NeighbourKernels& bestNeighbours();

/// Those of one instruction set, null where this processor or build has none.
const NeighbourKernels* findNeighbours(InstructionSet instructionSet);

} // namespace latentoscope::kernels
