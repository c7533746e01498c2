/// Codes drawn from a distribution rather than from an image.
#pragma once

#include "core/data/ImageShape.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace latentoscope {

class FrozenModel;

/// Codes and what the decoder makes of them.
struct Samples {
    ImageShape shape;
    int dimension = 0;
    std::vector<float> codes;         ///< (N, dimension), row-major
    std::vector<std::uint8_t> images; ///< (N, H, W, C)
    std::vector<std::uint8_t> labels; ///< (N) the class that each was drawn for; empty: none, as of the prior

    int count() const { return dimension > 0 ? static_cast<int>(codes.size()) / dimension : 0; }
};

/// `count` codes of the prior N(0, temperature² I), row-major: below 1 more typical ones, above 1 bolder ones. Same seed, same
/// codes, and another temperature only scales them.
std::vector<float> priorCodes(int dimension, int count, double temperature, std::uint64_t seed);

/// Decodes codes (N, D). Throws Error(InvalidArgument) as FrozenModel::decode.
Samples decodeCodes(const FrozenModel& model, std::vector<float> codes);

} // namespace latentoscope
