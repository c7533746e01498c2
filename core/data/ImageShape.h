/// How large an image is.
#pragma once

#include <cstddef>

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

} // namespace latentoscope
