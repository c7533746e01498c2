/// Pictures of pixels alone, as PNG files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace latentoscope {

struct ImageShape;

/// Writes (H, W, C) bytes as an 8-bit grey or RGB PNG; any size from 1×1. Whole or not at all. Throws Error(Io).
void writePng(const std::filesystem::path& file, const ImageShape& shape, std::span<const std::uint8_t> pixels);

} // namespace latentoscope
