#include "core/figures/Grid.h"

#include "core/base/Error.h"
#include "core/values/LatentCodes.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>

namespace latentoscope {
namespace {

constexpr int kLargestSide = 32'768; ///< pixels; what PNG viewers still open

[[noreturn]] void refuse(const std::string& sentence)
{
    throw Error(Error::Kind::InvalidArgument, std::string("image grid: ").append(sentence));
}

PixelImage blank(std::int64_t width, std::int64_t height, int channels, std::uint8_t value)
{
    if (width > kLargestSide || height > kLargestSide)
        refuse("would be " + std::to_string(width) + " x " + std::to_string(height) + " pixels, at most " +
               std::to_string(kLargestSide) + " are possible; choose fewer images or a smaller factor");
    PixelImage image{static_cast<int>(width), static_cast<int>(height), channels, {}};
    image.pixels.assign(image.shape().values(), value);
    return image;
}

void place(PixelImage& target, int left, int top, const ImageShape& shape, std::span<const std::uint8_t> pixels, int factor)
{
    const auto channels = static_cast<std::size_t>(shape.channels);
    for (int y = 0; y < shape.height * factor; ++y) {
        const auto source = static_cast<std::size_t>(y / factor) * static_cast<std::size_t>(shape.width) * channels;
        auto at = (static_cast<std::size_t>(top + y) * static_cast<std::size_t>(target.width) + static_cast<std::size_t>(left)) *
                  channels;
        for (int x = 0; x < shape.width * factor; ++x, at += channels)
            std::copy_n(pixels.data() + source + static_cast<std::size_t>(x / factor) * channels, channels,
                        target.pixels.data() + at);
    }
}

void checkShape(const ImageShape& shape)
{
    if (shape.width < 1 || shape.height < 1 || (shape.channels != 1 && shape.channels != 3))
        refuse("images of " + std::to_string(shape.height) + " x " + std::to_string(shape.width) + " x " +
               std::to_string(shape.channels) + " cannot be drawn, 1 or 3 channels are expected");
}

} // namespace

PixelImage composeGrid(const ImageShape& shape, std::span<const std::uint8_t> images, const GridOptions& options)
{
    checkShape(shape);
    if (options.columns < 1) refuse("columns must be 1 or more, found " + std::to_string(options.columns));
    if (options.factor < 1) refuse("the factor must be 1 or more, found " + std::to_string(options.factor));
    if (options.gap < 0) refuse("the gap must be 0 or more, found " + std::to_string(options.gap));
    const std::size_t values = shape.values();
    if (images.empty() || images.size() % values != 0)
        refuse("found " + std::to_string(images.size()) + " bytes, expected a multiple of " + std::to_string(values));
    const auto count = static_cast<std::int64_t>(images.size() / values);
    const std::int64_t columns = std::min<std::int64_t>(options.columns, count);
    const std::int64_t rows = (count + columns - 1) / columns;
    const std::int64_t stepX = static_cast<std::int64_t>(shape.width) * options.factor + options.gap;
    const std::int64_t stepY = static_cast<std::int64_t>(shape.height) * options.factor + options.gap;
    PixelImage grid = blank(columns * stepX - options.gap, rows * stepY - options.gap, shape.channels, options.background);
    for (std::int64_t i = 0; i < count; ++i)
        place(grid, static_cast<int>(i % columns * stepX), static_cast<int>(i / columns * stepY), shape,
              images.subspan(static_cast<std::size_t>(i) * values, values), options.factor);
    return grid;
}

PixelImage composeReconstructions(const ReconstructionsFigure& figure, int factor)
{
    if (!figure.reconstructions || figure.reconstructions->count() == 0) refuse("there are no reconstructions yet");
    const Reconstructions& all = *figure.reconstructions;
    checkShape(all.shape);
    if (factor < 1 || figure.columns < 1 || figure.rows < 1) refuse("factor, rows and columns must be 1 or more");
    const int shown = std::min(all.count(), figure.rows * figure.columns);
    const int columns = std::min(figure.columns, shown);
    const int bands = (shown + columns - 1) / columns;
    const std::vector<GridLine> shownLines = figure.lines();
    const int lines = static_cast<int>(shownLines.size());
    constexpr int kGap = 2;
    constexpr int kBandGap = 8;
    const int stepX = all.shape.width * factor + kGap;
    const int stepY = all.shape.height * factor + kGap;
    const int bandStep = lines * stepY - kGap + kBandGap;
    PixelImage grid = blank(static_cast<std::int64_t>(columns) * stepX - kGap,
                            static_cast<std::int64_t>(bands) * bandStep - kBandGap, all.shape.channels, 255);
    for (int i = 0; i < shown; ++i) {
        const int left = i % columns * stepX;
        const int top = i / columns * bandStep;
        for (int line = 0; line < lines; ++line)
            place(grid, left, top + line * stepY, all.shape, linePixels(all, i, shownLines[static_cast<std::size_t>(line)]),
                  factor);
    }
    return grid;
}

std::vector<GridLine> ReconstructionsFigure::lines() const
{
    std::vector<GridLine> all{GridLine::Input, GridLine::Output};
    if (sampleRow && reconstructions && !reconstructions->samples.empty()) all.push_back(GridLine::Sample);
    if (errorRow == ErrorRow::Shown) all.push_back(GridLine::Error);
    return all;
}

std::vector<std::uint8_t> linePixels(const Reconstructions& all, int item, GridLine line)
{
    const std::size_t values = all.shape.values();
    const auto of = [&](const std::vector<std::uint8_t>& images) {
        return std::span(images).subspan(static_cast<std::size_t>(item) * values, values);
    };
    if (line == GridLine::Error) return absoluteError(of(all.inputs), of(all.outputs));
    const std::span<const std::uint8_t> image = of(line == GridLine::Input    ? all.inputs
                                                   : line == GridLine::Output ? all.outputs
                                                                              : all.samples);
    return {image.begin(), image.end()};
}

const char* lineName(GridLine line)
{
    switch (line) {
    case GridLine::Input:
        return "input";
    case GridLine::Output:
        return "output";
    case GridLine::Sample:
        return "sample";
    case GridLine::Error:
        return "|error|";
    }
    return "";
}

PixelImage composeSamples(const SamplesFigure& figure, int factor)
{
    GridOptions options;
    options.columns = figure.columns;
    options.factor = factor;
    return composeGrid(figure.shape, figure.pixels, options);
}

PixelImage composeManifold(const ManifoldFigure& figure, int factor)
{
    if (figure.pixels.size() !=
        static_cast<std::size_t>(figure.rows) * static_cast<std::size_t>(figure.columns) * figure.shape.values())
        refuse("the manifold has not rows x columns images");
    GridOptions options;
    options.columns = figure.columns;
    options.factor = factor;
    options.gap = 0;
    options.background = 0;
    return composeGrid(figure.shape, figure.pixels, options);
}

std::vector<std::uint8_t> absoluteError(std::span<const std::uint8_t> input, std::span<const std::uint8_t> output)
{
    std::vector<std::uint8_t> error(std::min(input.size(), output.size()));
    for (std::size_t i = 0; i < error.size(); ++i)
        error[i] = static_cast<std::uint8_t>(std::abs(static_cast<int>(input[i]) - static_cast<int>(output[i])));
    return error;
}

} // namespace latentoscope
