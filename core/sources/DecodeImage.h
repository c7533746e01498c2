/// Decodes picture files, by OpenCV's readers.
#pragma once

#include "core/sources/ImageHeader.h"
#include "core/sources/RawImage.h"

#include <cstdint>
#include <span>
#include <string>

namespace latentoscope {

/// Pictures with more pixels than this are not decoded: a small file can claim any size.
inline constexpr std::int64_t kMostPixels = 200'000'000;

/// What is said of bytes that are no picture.
inline constexpr const char* kNoPicture = "it is no picture of a kind that is read here (PNG, JPEG, BMP, PNM, TIFF, WebP)";

/// Why a picture of this size is not decoded; empty: it is.
std::string sizeProblem(const ImageHeader& header);

/// Decodes one picture: PNG, JPEG, BMP, PBM/PGM/PPM, TIFF (the first page) or WebP; 1, 2, 4, 8 or 16 bits a value; grey, colour,
/// palette, with or without alpha. A JPEG is turned as its EXIF orientation says. Any thread. Throws Error(CorruptData) with the
/// reason alone ("it ends too early or is damaged"): the caller knows the file.
RawImage decodeImage(std::span<const std::uint8_t> file);

} // namespace latentoscope
