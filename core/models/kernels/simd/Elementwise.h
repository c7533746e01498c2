/// Passes over whole pictures: the mask of a ReLU, sums over planes, the loss at the decoder's end.
#pragma once

#include "core/models/kernels/Kernels.h"
#include "core/simd/Vector.h"

#include <cstdint>

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

// Values summed in float before they are added up in double: keeps large pictures as exact as small ones.
constexpr Index kRun = 4096;

/// The sum of transform(i), a vector starting at float i, over [0, values).
template <class Transform> LATENTOSCOPE_INLINE double sumInRuns(Index values, Transform transform)
{
    double total = 0.0;
    for (Index begin = 0; begin < values; begin += kRun) {
        const Index end = least(begin + kRun, values);
        Vector sums[4] = {};
        Index i = begin;
        for (; i + 4 * kLanes <= end; i += 4 * kLanes)
            for (int v = 0; v < 4; ++v) sums[v] += transform(i + v * kLanes);
        for (; i < end; i += kLanes) sums[0] += transform(i);
        total += static_cast<double>(sumLanes((sums[0] + sums[1]) + (sums[2] + sums[3])));
    }
    return total;
}

void channelSums(const PlaneShape& s, const float* values, float* sums)
{
    for (Index c = 0; c < s.channels; ++c) {
        const float* plane = values + c * s.values;
        sums[c] = static_cast<float>(sumInRuns(
            s.values, [&](Index i) __attribute__((always_inline)) { return load(plane + i); }));
    }
}

void reluGradient(const PlaneShape& s, const float* y, const float* yGradient, float* result, float* sums)
{
    for (Index c = 0; c < s.channels; ++c, y += s.values, yGradient += s.values, result += s.values) {
        const double sum = sumInRuns(
            s.values, [&](Index i) __attribute__((always_inline)) {
                const Vector zero = {};
                const Vector gradient = load(yGradient + i);
                const Vector masked = load(y + i) > zero ? gradient : zero;
                store(result + i, masked);
                return masked;
            });
        if (sums) sums[c] = static_cast<float>(sum);
    }
}

/// e^x for x ≤ 0, to 1 part in 10⁷; 0 below −87. Range reduction by powers of two, then a polynomial (Cephes' expf).
LATENTOSCOPE_INLINE Vector exponential(Vector x)
{
    const Vector lowest = Vector{} - 87.0f;
    const Vector clamped = x < lowest ? lowest : x;
    const Vector shifted = clamped * 1.44269504f + 12582912.0f; // 1.5 · 2²³: the sum's last bits are the rounded integer
    const Vector n = shifted - 12582912.0f;
    const Vector r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
    Vector p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    const Integers exponent = (__builtin_convertvector(n, Integers) + 127) << 23;
    return p * reinterpret_cast<Vector>(exponent);
}

double sigmoidSquaredError(const LossShape& s, const float* logits, const float* targets, float* gradient)
{
    std::int32_t* real = scratch<std::int32_t>(ScratchSlot::Taps, s.images);
    for (Index i = 0; i < s.images; ++i) real[i] = i < s.count ? -1 : 0;
    double total = 0.0;
    Vector run = {};
    for (Index pixel = 0; pixel < s.pixels; ++pixel) {
        const Index row = pixel * s.images;
        for (Index i = 0; i < s.images; i += kLanes) {
            const Vector x = load(logits + row + i);
            const Vector e = exponential(x < 0.0f ? x : -x);
            const Vector reciprocal = 1.0f / (e + 1.0f);
            const Vector sigmoid = x < 0.0f ? e * reciprocal : reciprocal;
            const Integers mask = reinterpret_cast<Integers>(load(reinterpret_cast<const float*>(real) + i));
            const Vector difference =
                reinterpret_cast<Vector>(reinterpret_cast<Integers>(sigmoid - load(targets + row + i)) & mask);
            run += difference * difference;
            if (gradient) store(gradient + row + i, 2.0f * difference * (e * reciprocal * reciprocal));
        }
        if (pixel % 64 == 63 || pixel + 1 == s.pixels) {
            total += static_cast<double>(sumLanes(run));
            run = Vector{};
        }
    }
    return total;
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
