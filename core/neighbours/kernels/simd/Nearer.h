/// Points nearer than a limit: squared distances of a few queries to vectors of points, each difference taken before it is
/// squared, so that nearby points far from the origin lose nothing.
#pragma once

#include "core/neighbours/kernels/NeighbourKernels.h"
#include "core/simd/Vector.h"

#if defined(__SSE2__)
#include <immintrin.h>

#include <cstdint>
#endif

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

/// One bit a lane: whether v < limit there.
LATENTOSCOPE_INLINE unsigned lanesBelow(Vector v, Vector limit)
{
#if defined(__AVX512F__)
    return _mm512_cmp_ps_mask(reinterpret_cast<__m512>(v), reinterpret_cast<__m512>(limit), _CMP_LT_OQ);
#elif defined(__AVX__)
    const __m256 below = _mm256_cmp_ps(reinterpret_cast<__m256>(v), reinterpret_cast<__m256>(limit), _CMP_LT_OQ);
    return static_cast<unsigned>(_mm256_movemask_ps(below));
#elif defined(__SSE2__)
    const __m128 below = _mm_cmplt_ps(reinterpret_cast<__m128>(v), reinterpret_cast<__m128>(limit));
    return static_cast<unsigned>(_mm_movemask_ps(below));
#else
    unsigned mask = 0;
    for (int lane = 0; lane < kLanes; ++lane) mask |= static_cast<unsigned>(v[lane] < limit[lane]) << lane;
    return mask;
#endif
}

LATENTOSCOPE_INLINE Candidate* appendLanes(Vector distances, unsigned mask, std::int32_t column, Candidate* end)
{
    alignas(64) float lanes[kLanes];
    store(lanes, distances);
    for (; mask != 0; mask &= mask - 1) {
        const int lane = __builtin_ctz(mask);
        *end++ = {lanes[lane], column + lane};
    }
    return end;
}

void appendNearer(const Columns& columns, const float* queries, CandidateList* lists)
{
    constexpr int kVectors = 2;
    Vector limits[kQueries];
    for (int q = 0; q < kQueries; ++q) limits[q] = Vector{} + lists[q].limit;
    for (Index i = 0; i < columns.count; i += kVectors * kLanes) {
        Vector sums[kQueries][kVectors] = {};
        const float* at = columns.values + i;
        for (Index d = 0; d < columns.dimensions; ++d, at += columns.stride) {
            Vector x[kVectors];
            for (int v = 0; v < kVectors; ++v) x[v] = load(at + v * kLanes);
            for (int q = 0; q < kQueries; ++q)
                for (int v = 0; v < kVectors; ++v) {
                    const Vector difference = x[v] - queries[q * columns.dimensions + d];
                    sums[q][v] += difference * difference;
                }
        }
        for (int q = 0; q < kQueries; ++q)
            for (int v = 0; v < kVectors; ++v) {
                const unsigned mask = lanesBelow(sums[q][v], limits[q]);
                if (mask == 0) continue;
                const auto column = static_cast<std::int32_t>(columns.first + i + v * kLanes);
                lists[q].end = appendLanes(sums[q][v], mask, column, lists[q].end);
            }
    }
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
