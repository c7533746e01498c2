/// Charges brought to the nodes of a grid and fields brought back from them, by cubic B-splines over 4 × 4 nodes.
#pragma once

#include "core/projection/kernels/ProjectionKernels.h"
#include "core/simd/Vector.h"

#include <cstdint>

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

/// The four splines over a place that lies `t` (0 … 1) behind the second of their nodes.
LATENTOSCOPE_INLINE Quad splines(float t)
{
    constexpr float kSixth = 1.0f / 6;
    const Quad c0 = {kSixth, 4 * kSixth, kSixth, 0}, c1 = {-3 * kSixth, 0, 3 * kSixth, 0};
    const Quad c2 = {3 * kSixth, -6 * kSixth, 3 * kSixth, 0}, c3 = {-kSixth, 3 * kSixth, -3 * kSixth, kSixth};
    return ((c3 * t + c2) * t + c1) * t + c0;
}

/// A place among the nodes: the first of its 4 × 4, and its splines along both axes.
struct OnGrid {
    Index node;
    Quad x;
    Quad y;
};

LATENTOSCOPE_INLINE OnGrid onGrid(float x, float y, const GridPlace& at)
{
    const float column = (x - at.lowX) * at.perUnit, row = (y - at.lowY) * at.perUnit;
    const auto i = static_cast<std::int32_t>(column), j = static_cast<std::int32_t>(row); // ≥ 0: the floor
    return {j * at.stride + i, splines(column - static_cast<float>(i)), splines(row - static_cast<float>(j))};
}

void spread(const float* x, const float* y, std::int64_t count, const GridPlace& at, float* nodes)
{
    // Neighbours of the same nodes are summed apart: tens of thousands one after the other onto a node, as they come while the
    // picture is tiny, would lose digits.
    constexpr int kMostTogether = 256;
    for (Index p = 0; p < count;) {
        OnGrid place = onGrid(x[p], y[p], at);
        const Index node = place.node;
        Quad sums[4] = {};
        for (int together = 0; place.node == node && together < kMostTogether; ++together) {
            for (int row = 0; row < 4; ++row) sums[row] += place.x * place.y[row];
            if (++p == count) break;
            place = onGrid(x[p], y[p], at);
        }
        float* to = nodes + node;
        for (int row = 0; row < 4; ++row, to += at.stride) storeQuad(to, loadQuad(to) + sums[row]);
    }
}

void collect(const float* x, const float* y, std::int64_t count, const GridPlace& at, const float* fieldX, const float* fieldY,
             float* push)
{
    for (Index p = 0; p < count; ++p) {
        const OnGrid place = onGrid(x[p], y[p], at);
        Quad sumX = {}, sumY = {};
        for (int row = 0; row < 4; ++row) {
            sumX += loadQuad(fieldX + place.node + row * at.stride) * place.y[row];
            sumY += loadQuad(fieldY + place.node + row * at.stride) * place.y[row];
        }
        sumX *= place.x;
        sumY *= place.x;
        push[2 * p] = (sumX[0] + sumX[2]) + (sumX[1] + sumX[3]);
        push[2 * p + 1] = (sumY[0] + sumY[2]) + (sumY[1] + sumY[3]);
    }
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
