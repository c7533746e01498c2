/// Images and labels of one split in memory, as bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace latentoscope {

/// Size of one image; channels is 1 (grey) or 3 (red, green, blue).
struct ImageShape {
    int height = 28;
    int width = 28;
    int channels = 1;

    std::size_t values() const
    {
        return static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
    }
    bool operator==(const ImageShape&) const = default;
};

/// N images (N, H, W, C) of bytes 0 … 255 with one label each; an item's index in it never changes.
struct ImageSet {
    ImageShape shape;
    std::vector<std::uint8_t> pixels; ///< (N, H, W, C), row-major
    std::vector<std::uint8_t> labels; ///< (N), 0 … 255

    int count() const { return static_cast<int>(labels.size()); }
    /// The bytes (H, W, C) of one item; index 0 … count() - 1.
    std::span<const std::uint8_t> image(int index) const
    {
        return {pixels.data() + static_cast<std::size_t>(index) * shape.values(), shape.values()};
    }
};

} // namespace latentoscope
