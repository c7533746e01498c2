/// What a decoder's logits are judged by.
#pragma once

#include "core/models/kernels/simd/Elementwise.h"

#include <cstdint>

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

/// log(1 + e) for 0 ≤ e ≤ 1, to 1 part in 10⁷ also where e is tiny: twice the area tangent of e / (2 + e), as a series.
LATENTOSCOPE_INLINE Vector logOnePlus(Vector e)
{
    const Vector s = e / (e + 2.0f);
    const Vector q = s * s;
    Vector p = q * (1.0f / 13) + 1.0f / 11;
    p = p * q + 1.0f / 9;
    p = p * q + 1.0f / 7;
    p = p * q + 1.0f / 5;
    p = p * q + 1.0f / 3;
    return 2.0f * s * (p * q + 1.0f);
}

/// The sum of the first `count` of a row's values, in double.
LATENTOSCOPE_INLINE double sumOfFirst(const float* values, Index count)
{
    double sum = 0.0;
    for (Index i = 0; i < count; ++i) sum += static_cast<double>(values[i]);
    return sum;
}

/// −1 in the first `count` of `images` columns, else 0.
LATENTOSCOPE_INLINE const std::int32_t* columnMask(Index images, Index count)
{
    std::int32_t* real = scratch<std::int32_t>(ScratchSlot::Taps, images);
    for (Index i = 0; i < images; ++i) real[i] = i < count ? -1 : 0;
    return real;
}

LATENTOSCOPE_INLINE Vector masked(Vector v, const std::int32_t* mask)
{
    const Integers m = reinterpret_cast<Integers>(load(reinterpret_cast<const float*>(mask)));
    return reinterpret_cast<Vector>(reinterpret_cast<Integers>(v) & m);
}

CrossEntropy crossEntropy(const LossShape& s, const float* logits, const float* targets, float* gradient, float* perImage)
{
    const std::int32_t* real = columnMask(s.images, s.count);
    float* sums = scratch<float>(ScratchSlot::Accumulators, 2 * s.images);
    float* squares = sums + s.images;
    for (Index i = 0; i < 2 * s.images; ++i) sums[i] = 0.0f;
    for (Index pixel = 0; pixel < s.pixels; ++pixel) {
        const Index row = pixel * s.images;
        for (Index i = 0; i < s.images; i += kLanes) {
            const Vector zero = {};
            const Vector x = load(logits + row + i), t = load(targets + row + i);
            const Vector e = exponential(x < 0.0f ? x : -x);
            const Vector reciprocal = 1.0f / (e + 1.0f);
            const Vector sigmoid = x < 0.0f ? e * reciprocal : reciprocal;
            const Vector difference = sigmoid - t;
            // A NaN stays one: it is not below 0, and the comparison with it is false.
            store(sums + i, load(sums + i) + ((x < zero ? zero : x) - x * t + logOnePlus(e)));
            store(squares + i, load(squares + i) + difference * difference);
            if (gradient) store(gradient + row + i, masked(difference, real + i));
        }
    }
    if (perImage)
        for (Index i = 0; i < s.images; ++i) perImage[i] = sums[i];
    return {sumOfFirst(sums, s.count), sumOfFirst(squares, s.count)};
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
