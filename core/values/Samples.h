/// Decoded images of codes that belong to no image: drawn ones, and those of a grid.
#pragma once

#include "core/data/ImageShape.h"
#include "core/data/Label.h"

#include <cstdint>
#include <vector>

namespace latentoscope {

/// Codes and what the decoder makes of them.
struct Samples {
    ImageShape shape;
    int dimension = 0;
    std::vector<float> codes;         ///< (N, dimension), row-major
    std::vector<std::uint8_t> images; ///< (N, H, W, C)
    std::vector<Label> labels;        ///< (N) the class that each was drawn for; empty: none, as of the prior

    int count() const { return dimension > 0 ? static_cast<int>(codes.size()) / dimension : 0; }
};

/// Pictures of what the codes of two dimensions mean: a grid of decoded images over lowest … highest of both.
struct Manifold {
    ImageShape shape;
    int rows = 0;    ///< from the highest z1 at the top to the lowest
    int columns = 0; ///< from the lowest z0 at the left to the highest
    float lowest[2]{};
    float highest[2]{};
    std::vector<std::uint8_t> images; ///< (rows, columns, H, W, C)
};

} // namespace latentoscope
