/// Codes of images and reconstructions of them, as values.
#pragma once

#include "core/data/ImageShape.h"
#include "core/data/Label.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace latentoscope {

/// A fixed set of inputs and what the network makes of them.
struct Reconstructions {
    ImageShape shape;
    std::string split;                 ///< where the inputs come from: "validation" or "test"
    double epoch = 0;                  ///< of the weights
    std::vector<int> items;            ///< (M) indices in their image set
    std::vector<Label> labels;         ///< (M); empty: the data have none
    std::vector<std::uint8_t> inputs;  ///< (M, H, W, C)
    std::vector<std::uint8_t> outputs; ///< (M, H, W, C); through the posterior's mean where there is one
    std::vector<std::uint8_t> samples; ///< (M, H, W, C) through a sample of the posterior; empty where there is none

    int count() const { return static_cast<int>(items.size()); }
};

/// Codes of held-out items.
struct LatentCodes {
    int dimension = 0;
    std::string split;              ///< "validation" or "test"
    double epoch = 0;               ///< of the weights
    std::vector<int> items;         ///< (N) indices in their image set
    std::vector<Label> labels;      ///< (N); empty: the data have none
    std::vector<float> values;      ///< (N, dimension), row-major
    std::vector<float> deviations;  ///< likewise of the posterior around each code; empty where there is none
    std::vector<Label> predicted;   ///< (N) the likeliest class by a classifier; empty where there is none
    std::vector<float> probability; ///< (N) of that class

    int count() const { return static_cast<int>(items.size()); }
    const float* code(int row) const
    {
        return values.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(dimension);
    }
};

/// Whether all rows of (N, dimension) values are the same but for rounding: a network that gives one code for everything. False
/// for fewer than two rows.
bool allAlike(std::span<const float> values, int dimension);

/// The values of one dimension below which the given shares (0 … 1) of the codes lie; linear between codes.
std::vector<float> quantiles(const LatentCodes& codes, int dimension, const std::vector<double>& shares);

/// The mean of all codes; empty for no codes.
std::vector<float> meanCode(const LatentCodes& codes);

} // namespace latentoscope
