/// The layers and the loss of the networks, differentiable: own kernels where they apply, torch's operations elsewhere.
///
/// The kernels apply to CPU float32 tensors whose batch is innermost in memory (see isBatchInnermost) and whose number of
/// images is a multiple of 16; everything else (CUDA, float64, other layouts and sizes) takes torch's own operations and
/// gives the same values to float rounding. Both record torch's autograd graph; the kernels' gradients can be taken once,
/// not differentiated again. Any thread may call; the kernels use the calling thread alone.
#pragma once

#include "core/base/Random.h"
#include "core/data/Label.h"
#include "core/models/kernels/Kernels.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace latentoscope::operations {

using kernels::Activation;

/// Who computes: the kernels where they apply, or torch always. The latter is what tests hold the former to.
enum class Path { Automatic, Reference };

/// activation(x ∗ weight + bias). x (N, I, H, W), weight (O, I, K, K), bias (O) or undefined; the result is (N, O, H', W') with
/// H' = ⌊(H + 2 padding − K) / stride⌋ + 1. The gradient toward x is computed only where it is asked for.
at::Tensor convolution(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, std::int64_t stride,
                       std::int64_t padding, Activation activation, Path path = Path::Automatic);

/// The convolution's mirror image: x (N, I, H, W), weight (I, O, K, K), bias (O) or undefined; the result is
/// (N, O, outputHeight, outputWidth), where each side is (side of x − 1) · stride − 2 padding + K + an output padding of
/// 0 … stride − 1. Throws c10::Error for other sizes.
at::Tensor transposedConvolution(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, std::int64_t stride,
                                 std::int64_t padding, std::int64_t outputHeight, std::int64_t outputWidth, Activation activation,
                                 Path path = Path::Automatic);

/// activation(x · weightᵀ + bias). x (N, I), weight (O, I), bias (O) or undefined; the result is (N, O), batch innermost where x
/// is.
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, Activation activation,
                  Path path = Path::Automatic);

/// Σ (sigmoid(logits) − target)² over the first `count` images: one number, differentiable toward the logits. Both (N, …) of
/// the same shape, 0 ≤ count ≤ N.
at::Tensor sigmoidSquaredError(const at::Tensor& logits, const at::Tensor& target, std::int64_t count,
                               Path path = Path::Automatic);

/// A loss and what else its kernel has seen.
struct Judged {
    at::Tensor loss;         ///< one number
    double squaredError = 0; ///< Σ (sigmoid(logits) − target)², without a gradient
};

/// Σ binary cross-entropy in nats of the first `count` images, targets in [0, 1], computed from the logits; differentiable
/// toward them. Both (N, …) of the same shape.
Judged crossEntropy(const at::Tensor& logits, const at::Tensor& target, std::int64_t count, Path path = Path::Automatic);

/// The same of every image by itself: (N), without a gradient.
at::Tensor crossEntropyOfImages(const at::Tensor& logits, const at::Tensor& target, Path path = Path::Automatic);

/// A sample of a normal posterior for each image.
struct Sampled {
    at::Tensor code;      ///< (N, D), differentiable
    at::Tensor kl;        ///< one number, differentiable: Σ over images and dimensions of the divergence from N(0, 1)
    at::Tensor deviation; ///< (N, D)
    std::vector<kernels::PosteriorSums> sums; ///< (D) over the first `count` images
};

/// The reparameterisation trick (Kingma & Welling 2014): code = mean + e^(logVariance / 2) · noise, all (N, D), and the
/// closed-form divergence of the first `count` images.
Sampled samplePosterior(const at::Tensor& mean, const at::Tensor& logVariance, const at::Tensor& noise, std::int64_t count,
                        Path path = Path::Automatic);

/// Standard normal values (N, D), batch innermost: those of the first `count` images are drawn image by image, the rest is 0.
at::Tensor normalNoise(RandomStream& random, std::int64_t images, std::int64_t dimensions, std::int64_t count);

/// How logits fare against labels.
struct Classified {
    at::Tensor loss;                     ///< Σ −log p(label) in nats: one number
    std::int64_t correct = 0;            ///< how many labels are the most likely class
    std::vector<std::int64_t> predicted; ///< (classes) how many images are taken for each
};

/// The negative log-likelihood of the labels of the first images, as many as labels; differentiable toward the logits (N, C).
/// Throws c10::Error where a label is not below C.
Classified negativeLogLikelihood(const at::Tensor& logits, std::span<const Label> labels, Path path = Path::Automatic);

/// logits (N, C) → log-probabilities (N, C).
at::Tensor logProbabilities(const at::Tensor& logits, Path path = Path::Automatic);

/// Each value is 0 with probability `rate` (0 … 1), else divided by 1 − rate (inverted dropout, Srivastava et al. 2014). x (N, …)
/// float32, its batch innermost on the CPU or anywhere else; random words are drawn in the order of x's memory.
at::Tensor dropout(const at::Tensor& x, double rate, RandomStream& random, Path path = Path::Automatic);

/// Mean and variance of each channel, (C) each, without a gradient; the variance divides by the number of values.
struct ChannelMoments {
    at::Tensor mean;
    at::Tensor variance;
};

/// What batch normalisation adds to a variance before it takes its root; PyTorch's default.
inline constexpr double kNormalisationEpsilon = 1e-5;

struct Normalised {
    at::Tensor y;
    ChannelMoments moments; ///< that x was normalised by
};

/// activation((x − mean) / √(variance + ε) · scale + shift) with the moments of x (N, C, …) itself over its first `count` images
/// (batch normalisation, Ioffe & Szegedy 2015); scale and shift (C). Differentiable toward x, scale and shift, the gradient
/// toward other images being 0. Throws c10::Error where there are fewer than two values a channel.
Normalised normaliseByBatch(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift, std::int64_t count,
                            Activation activation, Path path = Path::Automatic);

/// The same with moments from elsewhere, for any number of images.
at::Tensor normaliseBy(const ChannelMoments& moments, const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift,
                       Activation activation, Path path = Path::Automatic);

/// An uninitialised CPU float32 tensor of these sizes, (N, …), with the batch innermost in memory: strides (1, …, N).
at::Tensor emptyBatchInnermost(at::IntArrayRef sizes);

/// Whether the batch (first dimension) lies innermost and the others, densely packed, in order around it.
bool isBatchInnermost(const at::Tensor& tensor);

/// The tensor itself where its batch lies innermost, else a copy of which that is true.
at::Tensor asBatchInnermost(const at::Tensor& tensor);

/// Whether gradients are being recorded and one of these tensors is part of a graph; undefined ones are not.
bool needsGraph(at::TensorList tensors);

} // namespace latentoscope::operations
