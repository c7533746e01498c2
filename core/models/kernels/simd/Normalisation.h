/// Batch normalisation: moments of each channel over the real images, the normalised values, and the gradient through both.
#pragma once

#include "core/models/kernels/simd/Likelihood.h"

#include <cstdint>

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

constexpr Index kNormalisationRun = 64; ///< positions summed in float before they are added up in double

/// totals[k] = the sum over all positions of a channel and the real images of what transform(i, terms) puts into terms[k] for
/// the vector that begins at float i.
template <int Sums, class Transform>
LATENTOSCOPE_INLINE void sumOverReal(const NormalisationShape& s, const std::int32_t* real, double* totals, Transform transform)
{
    for (int k = 0; k < Sums; ++k) totals[k] = 0.0;
    for (Index begin = 0; begin < s.positions; begin += kNormalisationRun) {
        const Index end = least(begin + kNormalisationRun, s.positions);
        Vector sums[2][Sums] = {};
        for (Index p = begin; p < end; ++p) {
            const Index row = p * s.images;
            Index i = 0;
            for (; i + 2 * kLanes <= s.images; i += 2 * kLanes)
                for (int v = 0; v < 2; ++v) {
                    Vector terms[Sums];
                    transform(row + i + v * kLanes, terms);
                    for (int k = 0; k < Sums; ++k) sums[v][k] += masked(terms[k], real + i + v * kLanes);
                }
            for (; i < s.images; i += kLanes) {
                Vector terms[Sums];
                transform(row + i, terms);
                for (int k = 0; k < Sums; ++k) sums[0][k] += masked(terms[k], real + i);
            }
        }
        for (int k = 0; k < Sums; ++k) totals[k] += static_cast<double>(sumLanes(sums[0][k] + sums[1][k]));
    }
}

void channelMoments(const NormalisationShape& s, const float* x, float* mean, float* variance)
{
    const std::int32_t* real = columnMask(s.images, s.count);
    const double values = static_cast<double>(s.positions * s.count);
    for (Index c = 0; c < s.channels; ++c, x += s.positions * s.images) {
        double sum = 0.0, squares = 0.0;
        sumOverReal<1>(
            s, real, &sum, [&](Index i, Vector * terms) __attribute__((always_inline)) { terms[0] = load(x + i); });
        mean[c] = static_cast<float>(sum / values);
        const Vector centre = Vector{} + mean[c];
        sumOverReal<1>(
            s, real, &squares, [&](Index i, Vector * terms) __attribute__((always_inline)) {
                const Vector difference = load(x + i) - centre;
                terms[0] = difference * difference;
            });
        variance[c] = static_cast<float>(squares / values);
    }
}

void normalise(const PlaneShape& s, const float* x, const float* mean, const float* inverseDeviation, const float* scale,
               const float* shift, Activation activation, float* y)
{
    for (Index c = 0; c < s.channels; ++c, x += s.values, y += s.values) {
        const Vector centre = Vector{} + mean[c], factor = Vector{} + inverseDeviation[c] * scale[c],
                     offset = Vector{} + shift[c];
        if (activation == Activation::Relu) {
            for (Index i = 0; i < s.values; i += kLanes) store(y + i, relu((load(x + i) - centre) * factor + offset));
        } else {
            for (Index i = 0; i < s.values; i += kLanes) store(y + i, (load(x + i) - centre) * factor + offset);
        }
    }
}

void normaliseGradient(const NormalisationShape& s, const NormalisationGradient& g, const float* yGradient, float* xGradient,
                       float* scaleGradient, float* shiftGradient)
{
    const std::int32_t* real = columnMask(s.images, s.count);
    const Index plane = s.positions * s.images;
    const Vector zero = {};
    for (Index c = 0; c < s.channels; ++c) {
        const float* x = g.x + c * plane;
        const float* y = g.y ? g.y + c * plane : nullptr;
        const float* incoming = yGradient + c * plane;
        const Vector centre = Vector{} + g.mean[c], inverse = Vector{} + g.inverseDeviation[c];
        const auto passed = [&](Index i) __attribute__((always_inline))
        {
            const Vector gradient = load(incoming + i);
            return y ? (load(y + i) > zero ? gradient : zero) : gradient;
        };
        double sums[2];
        sumOverReal<2>(
            s, real, sums, [&](Index i, Vector * terms) __attribute__((always_inline)) {
                terms[0] = passed(i);
                terms[1] = terms[0] * ((load(x + i) - centre) * inverse);
            });
        shiftGradient[c] = static_cast<float>(sums[0]);
        scaleGradient[c] = static_cast<float>(sums[1]);
        if (!xGradient) continue;
        // Where the moments are the batch's own, they move with x: what is left is orthogonal to 1 and to the normalised x.
        const double values = static_cast<double>(s.positions * s.count);
        const Vector mean = Vector{} + (g.ofBatch ? static_cast<float>(sums[0] / values) : 0.0f);
        const Vector slope = Vector{} + (g.ofBatch ? static_cast<float>(sums[1] / values) : 0.0f);
        const Vector factor = Vector{} + g.scale[c] * g.inverseDeviation[c];
        float* to = xGradient + c * plane;
        for (Index row = 0; row < plane; row += s.images)
            for (Index i = 0; i < s.images; i += kLanes) {
                const Vector normalised = (load(x + row + i) - centre) * inverse;
                store(to + row + i, masked(factor * (passed(row + i) - mean - normalised * slope), real + i));
            }
    }
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
