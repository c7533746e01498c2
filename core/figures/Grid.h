/// Grids of images as plain pixel buffers, enlarged by whole factors without smoothing.
#pragma once

#include "core/data/ImageShape.h"
#include "core/figures/ImageFigures.h"

#include <cstdint>
#include <span>
#include <vector>

namespace latentoscope {

struct Reconstructions;

/// An image of bytes, (height, width, channels) row-major, channels 1 or 3.
struct PixelImage {
    int width = 0;
    int height = 0;
    int channels = 1;
    std::vector<std::uint8_t> pixels;

    ImageShape shape() const { return {height, width, channels}; }
};

struct GridOptions {
    int columns = 8;
    int factor = 2;                ///< pixels of the grid a pixel of an image, each way; 1 …
    int gap = 2;                   ///< pixels between two images
    std::uint8_t background = 255; ///< of the gaps, and of cells without an image
};

/// Images (M, H, W, C) row by row. Throws Error(InvalidArgument) where `images` is no whole number of images or an option is
/// out of range.
PixelImage composeGrid(const ImageShape& shape, std::span<const std::uint8_t> images, const GridOptions& options);

/// Input above output (above |error|) in as many bands as the figure says; a wider gap between bands.
PixelImage composeReconstructions(const ReconstructionsFigure& figure, int factor);

/// The pictures of one line of a band for an item (its position): input, output, sample, or |input - output|.
std::vector<std::uint8_t> linePixels(const Reconstructions& all, int item, GridLine line);

/// "input", "output", "sample", "|error|".
const char* lineName(GridLine line);

/// Samples row by row.
PixelImage composeSamples(const SamplesFigure& figure, int factor);

/// The decoded lattice, its images edge to edge.
PixelImage composeManifold(const ManifoldFigure& figure, int factor);

/// |input - output| of each byte.
std::vector<std::uint8_t> absoluteError(std::span<const std::uint8_t> input, std::span<const std::uint8_t> output);

} // namespace latentoscope
