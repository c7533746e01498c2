/// Sampling a normal posterior, its divergence from the standard normal, and dropping units.
#pragma once

#include "core/models/kernels/simd/Likelihood.h"

#include <cstdint>

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

/// e^x of either sign, to 1 part in 10⁷; as at ±87 beyond that.
LATENTOSCOPE_INLINE Vector exponentialOfAny(Vector x)
{
    const Vector e = exponential(x < 0.0f ? x : -x);
    return x < 0.0f ? e : 1.0f / e;
}

void samplePosterior(const PosteriorShape& s, const float* mean, const float* logVariance, const float* noise, float* code,
                     float* deviation, PosteriorSums* sums)
{
    const std::int32_t* real = columnMask(s.images, s.count);
    for (Index d = 0; d < s.dimensions; ++d) {
        const Index row = d * s.images;
        Vector kl = {}, means = {}, squares = {};
        for (Index i = 0; i < s.images; i += kLanes) {
            const Vector m = load(mean + row + i), v = load(logVariance + row + i);
            const Vector root = exponentialOfAny(0.5f * v);
            store(deviation + row + i, root);
            store(code + row + i, m + root * load(noise + row + i));
            kl += masked(0.5f * (m * m + (root * root - 1.0f - v)), real + i);
            means += masked(m, real + i);
            squares += masked(m * m, real + i);
        }
        sums[d] = {static_cast<double>(sumLanes(kl)), static_cast<double>(sumLanes(means)),
                   static_cast<double>(sumLanes(squares))};
    }
}

void posteriorGradient(const PosteriorShape& s, const float* mean, const float* deviation, const float* noise,
                       const float* codeGradient, float klGradient, float* meanGradient, float* logVarianceGradient)
{
    const std::int32_t* real = columnMask(s.images, s.count);
    const Vector scale = Vector{} + klGradient;
    for (Index d = 0; d < s.dimensions; ++d) {
        const Index row = d * s.images;
        for (Index i = 0; i < s.images; i += kLanes) {
            const Vector root = load(deviation + row + i);
            const Vector g = codeGradient ? load(codeGradient + row + i) : Vector{};
            store(meanGradient + row + i, g + masked(scale * load(mean + row + i), real + i));
            store(logVarianceGradient + row + i,
                  0.5f * (g * root * load(noise + row + i) + masked(scale * (root * root - 1.0f), real + i)));
        }
    }
}

void dropout(Index values, const float* x, const std::uint32_t* random, std::uint32_t threshold, float scale, float* y)
{
    for (Index i = 0; i < values; ++i) y[i] = random[i] < threshold ? 0.0f : x[i] * scale;
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
