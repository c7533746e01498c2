/// One point's moves of an epoch of UMAP. The points it is pushed away from are looked at together.
#pragma once

#include "core/projection/kernels/ProjectionKernels.h"
#include "core/simd/Vector.h"

#include <cstdint>

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

using QuadIntegers = std::int32_t __attribute__((vector_size(16)));

/// Base-2 logarithm of numbers from 1e-30 to 1e30, to 2e-7 absolute: the exponent, and for the mantissa m in [√½, √2) the series
/// of the inverse hyperbolic tangent in (m − 1) / (m + 1).
LATENTOSCOPE_INLINE Quad log2Of(Quad v)
{
    const QuadIntegers bits = reinterpret_cast<QuadIntegers>(v);
    const QuadIntegers exponent = (bits - 0x3F3504F3) >> 23; // √½
    const Quad mantissa = reinterpret_cast<Quad>(bits - (exponent << 23));
    const Quad s = (mantissa - 1.0f) / (mantissa + 1.0f), t = s * s;
    // 2 / ln 2 times 1, 1/3, 1/5, 1/7, 1/9
    const Quad series = (((0.3205990f * t + 0.4121986f) * t + 0.5770780f) * t + 0.9617967f) * t + 2.8853901f;
    return __builtin_convertvector(exponent, Quad) + s * series;
}

/// 2^v for −120 … 120, to 2e-7 relative: the whole part by the exponent, the rest in [−½, ½] by its Taylor series.
LATENTOSCOPE_INLINE Quad exp2Of(Quad v)
{
    const QuadIntegers whole = __builtin_convertvector(v + 1000.5f, QuadIntegers) - 1000; // rounded: the sum is positive
    const Quad f = v - __builtin_convertvector(whole, Quad);
    const Quad series =
        ((((((1.5403530e-4f * f + 1.3333558e-3f) * f + 9.6181291e-3f) * f + 5.5504109e-2f) * f + 2.4022651e-1f) * f) +
         6.9314718e-1f) *
            f +
        1.0f;
    return series * reinterpret_cast<Quad>((whole + 127) << 23);
}

/// (d²)^b
LATENTOSCOPE_INLINE Quad power(Quad squared, float b)
{
    const Quad least = Quad{} + 1e-30f, most = Quad{} + 1e30f;
    const Quad above = squared > least ? squared : least;
    return exp2Of(log2Of(above < most ? above : most) * b);
}

/// xorshift64* (Vigna 2016), whose upper half is uniform.
LATENTOSCOPE_INLINE std::uint32_t drawn(std::uint64_t& state)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return static_cast<std::uint32_t>((state * 0x2545F4914F6CDD1DULL) >> 32);
}

LATENTOSCOPE_INLINE float clippedSum(Quad moves, float most)
{
    const Quad high = Quad{} + most, low = -high;
    const Quad below = moves < high ? moves : high;
    const Quad both = below > low ? below : low;
    return (both[0] + both[2]) + (both[1] + both[3]);
}

/// Moves (x, y) by up to four others at once: towards the first where `drawing` says so, away from the others.
LATENTOSCOPE_INLINE void moveBy(const UmapForces& forces, Quad otherX, Quad otherY, bool drawing, float& x, float& y)
{
    const Quad dx = x - otherX, dy = y - otherY;
    const Quad squared = dx * dx + dy * dy;
    const Quad raised = power(squared, forces.b);
    const Quad curve = 1.0f + forces.a * raised;
    Quad force = 2 * forces.b / ((0.001f + squared) * curve);
    if (drawing) force[0] = squared[0] > 0 ? -2 * forces.a * forces.b * raised[0] / (squared[0] * curve[0]) : 0;
    x += forces.rate * clippedSum(force * dx, forces.largest);
    y += forces.rate * clippedSum(force * dy, forces.largest);
}

void embedPoint(const UmapForces& forces, const float* places, std::int64_t count, const std::int32_t* others,
                std::int64_t visits, std::uint64_t* random, float* place)
{
    float x = place[0], y = place[1];
    for (Index visit = 0; visit < visits; ++visit) {
        const float* other = places + 2 * Index{others[visit]};
        // Drawn near twice, since umap-learn moves both ends of an edge and visits it from either; pushed in between.
        for (int end = 0; end < 2; ++end) {
            const int negatives = (forces.negatives + 1 - end) / 2;
            for (int done = -1; done < negatives;) {
                const bool drawing = done < 0;
                Quad otherX = Quad{} + x, otherY = Quad{} + y; // where there is no other, nothing moves
                for (int lane = 0; lane < 4 && done < negatives; ++lane, ++done) {
                    const float* from = other;
                    if (lane > 0 || !drawing)
                        from = places + 2 * static_cast<Index>(drawn(*random) * static_cast<std::uint64_t>(count) >> 32);
                    otherX[lane] = from[0];
                    otherY[lane] = from[1];
                }
                moveBy(forces, otherX, otherY, drawing, x, y);
            }
        }
    }
    place[0] = x;
    place[1] = y;
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
