/// The attraction of t-SNE, along the rows of its affinities. The places of a row's neighbours lie here and there in memory, so
/// that fetching them is most of the work: a place is fetched whole, x and y in one load of eight bytes.
#pragma once

#include "core/projection/kernels/ProjectionKernels.h"
#include "core/simd/Vector.h"

#if defined(__AVX2__)
#include <immintrin.h>

#include <cstdint>
#endif

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

struct Fetched {
    Vector x;
    Vector y;
};

/// The places of kLanes columns. Their order among the lanes is that of `columns`.
LATENTOSCOPE_INLINE Fetched fetch(const float* places, const std::int32_t* columns)
{
#if defined(__AVX512F__)
    const auto* from = reinterpret_cast<const double*>(places);
    // With a source and a full mask: GCC 12 takes the plain intrinsic's undefined source for a mistake of ours.
    const auto pairs = [&](const std::int32_t* eight) {
        const __m256i at = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(eight));
        return _mm512_castpd_ps(_mm512_mask_i32gather_pd(_mm512_setzero_pd(), 0xFF, at, from, 8));
    };
    const __m512 low = pairs(columns), high = pairs(columns + 8);
    const __m512i evens = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odds = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    return {reinterpret_cast<Vector>(_mm512_permutex2var_ps(low, evens, high)),
            reinterpret_cast<Vector>(_mm512_permutex2var_ps(low, odds, high))};
#else
    alignas(64) float x[kLanes], y[kLanes];
    for (int lane = 0; lane < kLanes; ++lane) {
        x[lane] = places[2 * Index{columns[lane]}];
        y[lane] = places[2 * Index{columns[lane]} + 1];
    }
    return {load(x), load(y)};
#endif
}

void attract(const float* places, const SparseRows& rows, std::int64_t first, std::int64_t end, float* pull)
{
    for (Index row = first; row < end; ++row, pull += 2) {
        const float placeX = places[2 * row], placeY = places[2 * row + 1];
        Vector sumX = {}, sumY = {};
        for (Index at = rows.begins[row]; at < rows.begins[row + 1]; at += kLanes) {
            const Fetched other = fetch(places, rows.columns + at);
            const Vector dx = placeX - other.x, dy = placeY - other.y;
            const Vector strength = load(rows.values + at) / (1.0f + dx * dx + dy * dy);
            sumX += strength * dx;
            sumY += strength * dy;
        }
        pull[0] = sumLanes(sumX);
        pull[1] = sumLanes(sumY);
    }
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
