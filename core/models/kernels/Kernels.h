/// The arithmetic of small convolutional networks on one thread, with the images of a batch innermost in memory.
///
/// All pictures are float32 in the memory order (channel, row, column, image): the batch fills the vector registers, so that
/// one-channel layers are as efficient as wide ones and borders cost nothing inside a vector. The number of images is a
/// multiple of kImageMultiple; missing images are padded by the caller. No function allocates on the caller's behalf, throws,
/// or starts a thread; each keeps its scratch memory per thread, so any number of threads may call at once. The same input
/// on the same instruction set gives the same bytes.
#pragma once

#include "core/simd/InstructionSet.h"

#include <cstddef>
#include <cstdint>

namespace latentoscope::kernels {

/// The image count of every batch is a multiple of this.
inline constexpr std::int64_t kImageMultiple = 16;

/// What is applied to an output before it is stored.
enum class Activation { None, Relu };

/// A convolution from a wide picture to a narrow one. A transposed convolution is the same relation read backwards: from
/// narrow to wide. Its weights, (narrow channels, wide channels, kernel, kernel), are in PyTorch's layout for both: (out, in,
/// k, k) for a convolution, (in, out, k, k) for a transposed one. The narrow pixel (y, x) sees the wide pixels
/// (y·stride + ky − padding, x·stride + kx − padding); taps that fall outside either picture do not exist.
struct ConvolutionShape {
    std::int64_t images = 0; ///< a multiple of kImageMultiple
    std::int64_t wideChannels = 0;
    std::int64_t wideHeight = 0;
    std::int64_t wideWidth = 0;
    std::int64_t narrowChannels = 0;
    std::int64_t narrowHeight = 0;
    std::int64_t narrowWidth = 0;
    std::int64_t kernel = 0;  ///< both sides of the square window
    std::int64_t stride = 1;  ///< ≥ 1
    std::int64_t padding = 0; ///< ≥ 0
};

/// A gather of byte images out of a data set.
struct GatherShape {
    std::int64_t channels = 0;
    std::int64_t height = 0;
    std::int64_t width = 0;
    std::int64_t images = 0; ///< columns of the result, a multiple of kImageMultiple; those from count on become 0
    std::int64_t count = 0;  ///< 0 … images
};

/// One matrix product with the images innermost: y (outputs, images) from x (inputs, images) and weight (outputs, inputs).
struct LinearShape {
    std::int64_t images = 0; ///< a multiple of kImageMultiple
    std::int64_t inputs = 0;
    std::int64_t outputs = 0;
};

/// One plane per channel: `channels` runs of `values` floats, values a multiple of kImageMultiple.
struct PlaneShape {
    std::int64_t channels = 0;
    std::int64_t values = 0;
};

/// Logits and targets of a batch: `pixels` rows of `images` floats, of which the first `count` of each row are real.
struct LossShape {
    std::int64_t pixels = 0;
    std::int64_t images = 0; ///< a multiple of kImageMultiple
    std::int64_t count = 0;  ///< 0 … images
};

/// What a batch's cross-entropy kernel sums up over its real columns.
struct CrossEntropy {
    double nats = 0;
    double squaredError = 0; ///< Σ (sigmoid(logits) − targets)²
};

/// A normal posterior over codes: `dimensions` rows of `images` floats, of which the first `count` of each row are real.
struct PosteriorShape {
    std::int64_t dimensions = 0;
    std::int64_t images = 0; ///< a multiple of kImageMultiple
    std::int64_t count = 0;  ///< 0 … images
};

/// Sums over the real images, of one dimension.
struct PosteriorSums {
    double kl = 0; ///< Σ ½ (μ² + σ² − 1 − log σ²), the divergence from N(0, 1) (Kingma & Welling 2014, appendix B)
    double mean = 0;
    double meanSquare = 0;
};

/// Logits of classes: `classes` rows of `images` floats, of which the first `count` of each row are real.
struct ClassShape {
    std::int64_t classes = 0;
    std::int64_t images = 0; ///< a multiple of kImageMultiple
    std::int64_t count = 0;  ///< 0 … images
};

/// Sums over the real images.
struct ClassLoss {
    double nats = 0;          ///< Σ −log p(label)
    std::int64_t correct = 0; ///< images whose most likely class is their label
};

/// Channels to be normalised over a batch: `positions` rows of `images` floats each, of which the first `count` of each row are
/// real; positions · count ≥ 1.
struct NormalisationShape {
    std::int64_t channels = 0;
    std::int64_t positions = 0;
    std::int64_t images = 0; ///< a multiple of kImageMultiple
    std::int64_t count = 0;  ///< 1 … images
};

/// What the gradient of a normalisation goes by: its input, its parameters, and its output where that went through a ReLU.
struct NormalisationGradient {
    const float* x = nullptr;
    const float* y = nullptr;                ///< null: no ReLU
    const float* mean = nullptr;             ///< (channels)
    const float* inverseDeviation = nullptr; ///< (channels)
    const float* scale = nullptr;            ///< (channels)
    bool ofBatch = true;                     ///< whether mean and deviation are those of x, and so depend on it
};

/// The kernels of one instruction set. Pointers may be unaligned; outputs must not overlap inputs unless said otherwise.
struct Kernels {
    InstructionSet instructionSet;

    /// narrow = activation(bias + wide ∗ weight); bias (narrow channels) may be null. Also the gradient of a transposed
    /// convolution toward its input.
    void (*convolve)(const ConvolutionShape& shape, const float* wide, const float* weight, const float* bias,
                     Activation activation, float* narrow);

    /// wide = activation(bias + the transposed convolution of narrow); bias (wide channels) may be null. Also the gradient of
    /// a convolution toward its input.
    void (*convolveTransposed)(const ConvolutionShape& shape, const float* narrow, const float* weight, const float* bias,
                               Activation activation, float* wide);

    /// gradient (narrow channels, wide channels, kernel, kernel) = Σ over images and pixels of narrow × wide: toward the
    /// weights of a convolution (narrow = its output's gradient) and of a transposed one (wide = its output's gradient).
    void (*weightGradient)(const ConvolutionShape& shape, const float* wide, const float* narrow, float* gradient);

    /// y = activation(bias + weight · x); bias (outputs) may be null.
    void (*linear)(const LinearShape& shape, const float* x, const float* weight, const float* bias, Activation activation,
                   float* y);

    /// xGradient (inputs, images) = weightᵀ · yGradient.
    void (*linearInputGradient)(const LinearShape& shape, const float* yGradient, const float* weight, float* xGradient);

    /// weightGradient (outputs, inputs) = yGradient · xᵀ.
    void (*linearWeightGradient)(const LinearShape& shape, const float* x, const float* yGradient, float* weightGradient);

    /// result = yGradient where y > 0, else 0, and sums (channels) = Σ of each result plane; sums may be null, result may be
    /// yGradient itself.
    void (*reluGradient)(const PlaneShape& shape, const float* y, const float* yGradient, float* result, float* sums);

    /// sums (channels) = Σ of each plane.
    void (*channelSums)(const PlaneShape& shape, const float* values, float* sums);

    /// result (channels, height, width, images) = pixels / 255, where pixels holds images of (height, width, channels) bytes
    /// one after the other and column i of the result is image indices[i], for `count` columns.
    void (*gather)(const GatherShape& shape, const std::uint8_t* pixels, const std::int64_t* indices, float* result);

    /// Returns Σ (sigmoid(logits) − targets)² over the real columns and stores its gradient toward the logits, 0 in the
    /// others; gradient may be null or the logits themselves.
    double (*sigmoidSquaredError)(const LossShape& shape, const float* logits, const float* targets, float* gradient);

    /// Returns Σ binary cross-entropy of targets (0 … 1) given logits, in nats and without ever taking the logarithm of a
    /// sigmoid, and the squared error; stores the former's gradient toward the logits, 0 in columns that are not real.
    /// perImage (images) gets the cross-entropy of each column. gradient and perImage may be null.
    CrossEntropy (*crossEntropy)(const LossShape& shape, const float* logits, const float* targets, float* gradient,
                                 float* perImage);

    /// code = mean + deviation · noise, deviation = e^(logVariance / 2), all (dimensions, images), and sums (dimensions).
    void (*samplePosterior)(const PosteriorShape& shape, const float* mean, const float* logVariance, const float* noise,
                            float* code, float* deviation, PosteriorSums* sums);

    /// The gradient toward mean and logVariance from that toward the code (null: 0) and that toward the sum of all dimensions'
    /// divergences.
    void (*posteriorGradient)(const PosteriorShape& shape, const float* mean, const float* deviation, const float* noise,
                              const float* codeGradient, float klGradient, float* meanGradient, float* logVarianceGradient);

    /// logProbabilities = logits − log Σ e^logits of each column; both (classes, images).
    void (*logSoftmax)(const ClassShape& shape, const float* logits, float* logProbabilities);

    /// Returns the negative log-likelihood of labels (count), each below `classes`, and stores its gradient toward the logits, 0
    /// in columns that are not real. predicted (classes) gets one added for each image's most likely class. gradient and
    /// predicted may be null.
    ClassLoss (*negativeLogLikelihood)(const ClassShape& shape, const float* logits, const std::uint16_t* labels, float* gradient,
                                       std::int64_t* predicted);

    /// y = x · scale, and 0 where the random word is below the threshold; its own gradient. y may be x.
    void (*dropout)(std::int64_t values, const float* x, const std::uint32_t* random, std::uint32_t threshold, float scale,
                    float* y);

    /// Mean and variance (Σ (x − mean)² / values) of each channel over the real columns.
    void (*channelMoments)(const NormalisationShape& shape, const float* x, float* mean, float* variance);

    /// y = activation((x − mean) · inverseDeviation · scale + shift), each of these (channels).
    void (*normalise)(const PlaneShape& shape, const float* x, const float* mean, const float* inverseDeviation,
                      const float* scale, const float* shift, Activation activation, float* y);

    /// The gradients toward x (null: not asked for; 0 in columns that are not real), scale and shift from that toward y.
    void (*normaliseGradient)(const NormalisationShape& shape, const NormalisationGradient& from, const float* yGradient,
                              float* xGradient, float* scaleGradient, float* shiftGradient);
};

/// The fastest kernels this processor runs.
const Kernels& best();

/// The kernels of one instruction set, null where this processor or build has none. For tests and benchmarks.
const Kernels* find(InstructionSet instructionSet);

} // namespace latentoscope::kernels
