/// Everything that one run may set, as plain values; every field's path, range and meaning is in Fields.h.
#pragma once

#include "core/config/Choices.h"
#include "core/data/DataOptions.h"

#include <cstdint>
#include <string>
#include <vector>

namespace latentoscope {

/// JSON object "model"; the report's Table I gives the defaults.
struct ModelOptions {
    std::string kind = "autoencoder";     ///< what is trained
    std::vector<int> channels{8, 16, 32}; ///< output channels of each convolution, encoder's order; the decoder mirrors them
    int kernel = 3;                       ///< side of the square kernels, pixels
    int stride = 2;                       ///< of every convolution, pixels
    int padding = 1;                      ///< zeros around, pixels
    int hidden = 64;                      ///< units of the linear layer between convolutions and latent code
    int latent = 2;                       ///< dimensions of the latent code
    WeightInitialisation initialWeights = WeightInitialisation::Uniform;
    PixelLikelihood likelihood = PixelLikelihood::Gaussian;
    double beta = 1;               ///< weight of the KL divergence in the loss (β-VAE)
    double klWarmup = 0;           ///< epochs over which that weight grows from 0
    double dropout = 0;            ///< share of hidden units dropped while training
    bool batchNorm = false;        ///< whether hidden layers are normalised over the images computed together
    std::vector<int> head{64, 64}; ///< units of a classifier's linear layers between the code and the classes
    int classes = 10;              ///< that a classifier tells apart
    bool freezeEncoder = false;    ///< whether a classifier's encoder stays as it is

    bool operator==(const ModelOptions&) const = default;
};

/// JSON object "training"; the report's Table II gives the defaults.
struct TrainingOptions {
    int epochs = 10;     ///< passes over the training split
    int batchSize = 256; ///< images an optimizer step
    OptimizerRule optimizer = OptimizerRule::Adam;
    double learningRate = 5e-4; ///< step size
    double weightDecay = 1e-5;  ///< L2 (Adam, SGD, RMSprop) or decoupled (AdamW), as in PyTorch
    double momentum = 0.9;      ///< of SGD
    LearningRateSchedule schedule = LearningRateSchedule::Constant;
    double warmup = 0; ///< epochs over which the learning rate grows from 0
    KeptWeights keep = KeptWeights::Last;
    double inputNoise = 0;  ///< standard deviation of the noise on inputs (denoising)
    bool flip = false;      ///< half of the images mirrored left to right, anew in every epoch
    int shift = 0;          ///< most pixels that an image is moved by, in each direction
    std::uint64_t seed = 0; ///< weights, order, noise: same seed, same bytes, any thread count
    int shardSize = 64;     ///< images of a batch computed together on one thread
};

struct Configuration {
    DataOptions data;
    ModelOptions model;
    TrainingOptions training;
};

} // namespace latentoscope
