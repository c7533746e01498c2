/// A trained network at one moment: encodes and decodes, never changes, any thread.
#pragma once

#include "core/data/ImageShape.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace latentoscope {

struct ImageSet;
struct ModelOptions;
struct TrainedTo;

/// Normal distributions over codes, one an image.
struct Posteriors {
    std::vector<float> means;      ///< (M, D) row-major: what encode() gives
    std::vector<float> deviations; ///< (M, D)
};

/// Immutable: training goes on with its own weights, so looking never disturbs it. All functions are safe from any thread,
/// and compute on the calling thread alone (CPU).
class FrozenModel {
public:
    /// `weights` is the flat parameter buffer in ParameterLayout's order; throws Error(InvalidArgument) where its length differs.
    FrozenModel(const ModelOptions& options, const ImageShape& shape, std::vector<float> weights);
    ~FrozenModel();
    FrozenModel(const FrozenModel&) = delete;
    FrozenModel& operator=(const FrozenModel&) = delete;

    const ModelOptions& options() const;
    const ImageShape& imageShape() const;
    int latentDimension() const;
    std::span<const float> weights() const;

    /// Whether there are images to be had from codes.
    bool decodes() const;

    /// Whether a code is the mean of a distribution.
    bool hasPosterior() const;

    /// Whether there are probabilities of classes to be had from codes.
    bool classifies() const;

    /// Sums of the kind's measures over the chosen items (bounded memory: give a few hundred at a time). What noise there is
    /// depends on seed and piece alone.
    std::vector<double> measure(const ImageSet& set, std::span<const int> items, std::uint64_t seed, std::uint32_t piece) const;

    /// Σ over the chosen items of the importance-weighted lower bound of log p(x) with so many samples (≥ 1), in nats (Burda et
    /// al. 2016). Throws Error(InvalidArgument) where the network has no posterior.
    double importanceWeightedBound(const ImageSet& set, std::span<const int> items, std::uint64_t seed, std::uint32_t piece,
                                   int samples) const;

    /// Codes (M, D) row-major → images (M, H, W, C) in [0, 1]. Throws Error(InvalidArgument) where the length is no multiple of
    /// D.
    std::vector<float> decode(std::span<const float> codes) const;

    /// Images (M, H, W, C) of bytes → codes (M, D) row-major.
    std::vector<float> encode(std::span<const std::uint8_t> images) const;

    /// Images (M, H, W, C) of bytes → their posteriors. Throws as importanceWeightedBound.
    Posteriors posteriors(std::span<const std::uint8_t> images) const;

    /// Codes (M, D) row-major → probabilities of classes (M, C), C being options().classes. Throws Error(InvalidArgument) where
    /// the network is no classifier or the length is no multiple of D.
    std::vector<float> probabilities(std::span<const float> codes) const;

    /// Images (M, H, W, C) of bytes → their reconstructions (M, H, W, C) in [0, 1].
    std::vector<float> reconstruct(std::span<const std::uint8_t> images) const;

private:
    template <class Compute> std::vector<float> ofCodes(std::span<const float> codes, Compute compute) const;

    struct State;
    std::unique_ptr<State> m_state;
};

/// Reads model.safetensors of a run, or the file itself. Throws Error naming the file, tensor, found and expected shape.
std::shared_ptr<const FrozenModel> readModel(const std::filesystem::path& file, const ModelOptions& options,
                                             const ImageShape& shape);

/// Writes the safetensors file (names as in a PyTorch state dict), whole or not at all; its metadata says how far the weights
/// have been trained ("epoch", "step").
void writeModel(const std::filesystem::path& file, const FrozenModel& model, const TrainedTo& trained);

/// Values in [0, 1] → bytes 0 … 255, rounded to nearest.
std::vector<std::uint8_t> toBytes(std::span<const float> values);

} // namespace latentoscope
