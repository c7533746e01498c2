/// Tells what kind of picture a file is and how large, by its first bytes alone, before anything is decoded.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace latentoscope {

/// What the beginning of a file says of itself; nothing of it is checked against the rest.
struct ImageHeader {
    std::string format; ///< "PNG", "JPEG", "BMP", "PNM", "TIFF", "WebP"
    std::int64_t width = 0;
    std::int64_t height = 0;
    int bits = 8;     ///< a value: 1, 2, 4, 8 or 16; 8 where the header does not tell
    int channels = 3; ///< 1 grey, 3 colour; alpha is not counted
};

/// Bytes that are enough for nearly every file; a JPEG with a large thumbnail, or a TIFF whose directory lies at the end, needs
/// the whole file.
inline constexpr std::size_t kHeaderBytes = 4096;

/// None where these are the bytes of no format that is read here, or too few of them. PNG (ISO/IEC 15948), JPEG (ITU-T T.81),
/// BMP, PBM/PGM/PPM (binary and plain), TIFF 6.0, WebP (RFC 9649).
std::optional<ImageHeader> readImageHeader(std::span<const std::uint8_t> bytes);

/// Whether a name ends as that of a picture does: .png, .jpg, .jpeg, .bmp, .pbm, .pgm, .ppm, .pnm, .tif, .tiff, .webp, in any
/// case.
bool isImageName(std::string_view name);

} // namespace latentoscope
