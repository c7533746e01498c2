/// The repulsion of t-SNE, pair by pair.
#pragma once

#include "core/projection/kernels/ProjectionKernels.h"
#include "core/simd/Vector.h"

#include <cstdint>

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

void repel(const float* x, const float* y, std::int64_t count, const float* placeX, const float* placeY, Push* pushes)
{
    constexpr Index kRun = 2048; // points whose sums are kept in float before they are added up in double
    for (int p = 0; p < kQueries; ++p) pushes[p] = Push();
    for (Index begin = 0; begin < count; begin += kRun) {
        const Index end = least(begin + kRun, count);
        Vector sumX[kQueries] = {}, sumY[kQueries] = {}, sumQ[kQueries] = {};
        for (Index i = begin; i < end; i += kLanes) {
            const Vector px = load(x + i), py = load(y + i);
            for (int p = 0; p < kQueries; ++p) {
                const Vector dx = placeX[p] - px, dy = placeY[p] - py;
                const Vector q = 1.0f / (1.0f + dx * dx + dy * dy);
                const Vector square = q * q;
                sumQ[p] += q;
                sumX[p] += square * dx;
                sumY[p] += square * dy;
            }
        }
        for (int p = 0; p < kQueries; ++p) {
            pushes[p].x += static_cast<double>(sumLanes(sumX[p]));
            pushes[p].y += static_cast<double>(sumLanes(sumY[p]));
            pushes[p].weight += static_cast<double>(sumLanes(sumQ[p]));
        }
    }
}

/// With u = d², t = max(0, (r² − u) / (1 + r²)): near kernel t⁴ q, near force t⁴ q² + 4 t³ q / (1 + r²).
float repelNear(const float* x, const float* y, std::int64_t count, const float* placeX, const float* placeY, std::int64_t places,
                float squaredRadius, float* push)
{
    const Vector scale = Vector{} + 1 / (1 + squaredRadius), offset = Vector{} + squaredRadius / (1 + squaredRadius);
    const Vector zero = {};
    float sum = 0;
    for (Index p = 0; p < places; p += kQueries) {
        Vector sumX[kQueries] = {}, sumY[kQueries] = {}, sumQ[kQueries] = {};
        for (Index i = 0; i < count; i += kLanes) {
            const Vector px = load(x + i), py = load(y + i);
            for (int k = 0; k < kQueries; ++k) {
                const Vector dx = placeX[p + k] - px, dy = placeY[p + k] - py;
                const Vector u = dx * dx + dy * dy;
                const Vector q = 1.0f / (1.0f + u);
                const Vector inside = offset - u * scale;
                const Vector t = inside > zero ? inside : zero;
                const Vector cubeQ = t * t * t * q;
                const Vector near = cubeQ * t;
                const Vector force = near * q + 4.0f * scale * cubeQ;
                sumQ[k] += near;
                sumX[k] += force * dx;
                sumY[k] += force * dy;
            }
        }
        for (int k = 0; k < kQueries && p + k < places; ++k) {
            push[2 * (p + k)] += sumLanes(sumX[k]);
            push[2 * (p + k) + 1] += sumLanes(sumY[k]);
            sum += sumLanes(sumQ[k]);
        }
    }
    return sum;
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
