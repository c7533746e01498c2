#include "core/sources/PictureSource.h"

#include "core/sources/DecodeImage.h"

#include <algorithm>

namespace latentoscope {

Surveyed surveyed(const ImageHeader& header)
{
    const auto side = [](std::int64_t pixels) { return static_cast<int>(std::clamp<std::int64_t>(pixels, 0, kMostPixels)); };
    return {side(header.height), side(header.width), header.channels, header.bits, sizeProblem(header)};
}

} // namespace latentoscope
