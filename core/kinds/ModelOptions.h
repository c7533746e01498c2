/// What a run may set of its network, as plain values; every field's path, range and meaning is in core/config/Fields.h.
#pragma once

#include "core/base/Choices.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace latentoscope {

/// What a pixel is taken for, given its reconstruction: squared error, or binary cross-entropy.
enum class PixelLikelihood { Gaussian, Bernoulli };
template <> struct ChoiceWords<PixelLikelihood> {
    static constexpr std::array<std::string_view, 2> kAll{"gaussian", "bernoulli"};
};

/// How weights begin: uniform in ±1/√fan-in as PyTorch does by itself, or normal (He et al. 2015).
enum class WeightInitialisation { Uniform, Kaiming };
template <> struct ChoiceWords<WeightInitialisation> {
    static constexpr std::array<std::string_view, 2> kAll{"uniform", "kaiming"};
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

} // namespace latentoscope
