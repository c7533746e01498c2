/// The end of a classifier: probabilities of classes, and what they lose.
#pragma once

#include "core/models/kernels/simd/Likelihood.h"

#include <cstdint>

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {
namespace {

void logSoftmax(const ClassShape& s, const float* logits, float* logProbabilities)
{
    for (Index i = 0; i < s.images; i += kLanes) {
        Vector highest = load(logits + i);
        for (Index c = 1; c < s.classes; ++c) {
            const Vector x = load(logits + c * s.images + i);
            highest = x > highest ? x : highest;
        }
        Vector sum = {};
        for (Index c = 0; c < s.classes; ++c) sum += exponential(load(logits + c * s.images + i) - highest);
        alignas(64) float logarithm[kLanes]; // once an image: the library's own is quick enough, and out of line
        store(logarithm, sum);
        for (float& x : logarithm) x = __builtin_logf(x);
        const Vector below = highest + load(logarithm);
        for (Index c = 0; c < s.classes; ++c) store(logProbabilities + c * s.images + i, load(logits + c * s.images + i) - below);
    }
}

ClassLoss negativeLogLikelihood(const ClassShape& s, const float* logits, const std::uint16_t* labels, float* gradient,
                                std::int64_t* predicted)
{
    float* own = scratch<float>(ScratchSlot::Accumulators, s.classes * s.images);
    logSoftmax(s, logits, own);
    ClassLoss loss;
    for (Index i = 0; i < s.count; ++i) {
        loss.nats -= static_cast<double>(own[labels[i] * s.images + i]);
        Index best = 0; // of equally likely classes the first
        for (Index c = 1; c < s.classes; ++c)
            if (own[c * s.images + i] > own[best * s.images + i]) best = c;
        loss.correct += best == labels[i];
        if (predicted) ++predicted[best];
    }
    if (!gradient) return loss;
    const std::int32_t* real = columnMask(s.images, s.count);
    for (Index c = 0; c < s.classes; ++c)
        for (Index i = 0; i < s.images; i += kLanes)
            store(gradient + c * s.images + i, masked(exponential(load(own + c * s.images + i)), real + i));
    for (Index i = 0; i < s.count; ++i) gradient[labels[i] * s.images + i] -= 1.0f;
    return loss;
}

} // namespace
} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
