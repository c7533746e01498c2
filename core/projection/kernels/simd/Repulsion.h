/// The repulsion of t-SNE, pair by pair.
#pragma once

#include "core/models/kernels/simd/Vector.h"
#include "core/projection/kernels/ProjectionKernels.h"

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

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
