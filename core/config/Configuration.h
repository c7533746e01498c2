/// Everything that one run may set, as plain values; every field's path, range and meaning is in Fields.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace latentoscope {

/// JSON object "data".
struct DataOptions {
    double validationFraction = 0.1; ///< share of the training images held out, by class; 0 … 0.9
    std::uint64_t seed = 0;          ///< of the split: same seed, same items
};

/// JSON object "model"; the report's Table I gives the defaults.
struct ModelOptions {
    std::string kind = "autoencoder";     ///< what is trained
    std::vector<int> channels{8, 16, 32}; ///< output channels of each convolution, encoder's order; the decoder mirrors them
    int kernel = 3;                       ///< side of the square kernels, pixels
    int stride = 2;                       ///< of every convolution, pixels
    int padding = 1;                      ///< zeros around, pixels
    int hidden = 64;                      ///< units of the linear layer between convolutions and latent code
    int latent = 2;                       ///< dimensions of the latent code

    bool operator==(const ModelOptions&) const = default;
};

/// JSON object "training"; the report's Table II gives the defaults.
struct TrainingOptions {
    int epochs = 10;                ///< passes over the training split
    int batchSize = 256;            ///< images an optimizer step
    std::string optimizer = "adam"; ///< adam, adamw, sgd or rmsprop
    double learningRate = 5e-4;     ///< step size
    double weightDecay = 1e-5;      ///< L2 (Adam, SGD, RMSprop) or decoupled (AdamW), as in PyTorch
    double momentum = 0.9;          ///< of SGD
    std::uint64_t seed = 0;         ///< weights, order, noise: same seed, same bytes, any thread count
    int shardSize = 64;             ///< images of a batch computed together on one thread
};

struct Configuration {
    DataOptions data;
    ModelOptions model;
    TrainingOptions training;
};

} // namespace latentoscope
