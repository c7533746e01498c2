/// Makes a picture of any size, depth and colour an image of a data set.
#pragma once

#include "core/data/DataOptions.h"
#include "core/data/ImageShape.h"
#include "core/sources/RawImage.h"

#include <cstdint>
#include <span>

namespace latentoscope {

struct FitSettings {
    ImageShape shape; ///< of the image; grey or colour by its channels
    ImageFit fit = ImageFit::Crop;
    ImageBackground background = ImageBackground::Black;
};

/// Writes the image (H, W, C) of `settings.shape` into `image`. See-through pixels are laid over the background; colours become
/// grey as ITU-R BT.601 weighs them (0.299, 0.587, 0.114); 16 bits become 8, rounded to nearest; what shrinks is averaged over
/// areas, what grows is interpolated linearly. A picture that has the shape already is copied as it is. Any thread. Throws
/// Error(InvalidArgument) where `image` has not the shape's size.
void fitImage(const RawImage& picture, const FitSettings& settings, std::span<std::uint8_t> image);

} // namespace latentoscope
