/// A decoded picture as its file has it, before it is made one of a data set's images.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

namespace latentoscope {

/// Pixels (height, width, channels), row-major.
struct RawImage {
    int height = 0;
    int width = 0;
    int channels = 1; ///< 1 grey, 3 red, green, blue, 4 these and alpha (0: see-through)
    /// 0 … 255 of files with up to 8 bits a value, 0 … 65535 of those with 16.
    std::variant<std::vector<std::uint8_t>, std::vector<std::uint16_t>> values;

    bool premultiplied = false; ///< whether colours are multiplied by their alpha already

    bool isWide() const { return values.index() == 1; }
    std::size_t pixels() const { return static_cast<std::size_t>(height) * static_cast<std::size_t>(width); }
};

} // namespace latentoscope
