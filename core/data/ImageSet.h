/// Images and labels of one split, as bytes.
#pragma once

#include "core/data/ImageShape.h"
#include "core/data/Label.h"
#include "core/data/Pixels.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace latentoscope {

/// N images (N, H, W, C) of bytes 0 … 255 with one label each; an item's index in it never changes.
struct ImageSet {
    ImageShape shape;
    Pixels pixels;             ///< (N, H, W, C), row-major
    std::vector<Label> labels; ///< (N); all 0 in a data set without labels

    int count() const { return static_cast<int>(labels.size()); }
    /// The bytes (H, W, C) of one item; index 0 … count() - 1.
    std::span<const std::uint8_t> image(int index) const
    {
        return {pixels.data() + static_cast<std::size_t>(index) * shape.values(), shape.values()};
    }
};

} // namespace latentoscope
