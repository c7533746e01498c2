#include "app/commands/FigureFiles.h"

#include "core/base/Error.h"
#include "core/figures/FigureCsv.h"
#include "core/figures/Grid.h"
#include "core/storage/PngFile.h"

#include <iostream>
#include <optional>
#include <utility>

namespace latentoscope {
namespace {

constexpr int kFactor = 3;

std::optional<PixelImage> pixelsOf(const FigureData& figure)
{
    if (const auto* reconstructions = std::get_if<ReconstructionsFigure>(&figure))
        return composeReconstructions(*reconstructions, kFactor);
    if (const auto* manifold = std::get_if<ManifoldFigure>(&figure)) return composeManifold(*manifold, kFactor);
    if (const auto* samples = std::get_if<SamplesFigure>(&figure)) return composeSamples(*samples, kFactor);
    if (const auto* mistakes = std::get_if<MistakesFigure>(&figure)) {
        if (!mistakes->items.empty())
            return composeGrid(mistakes->shape, mistakes->pixels, {.columns = mistakes->columns, .factor = kFactor});
    }
    return std::nullopt;
}

} // namespace

void writeFigures(const std::filesystem::path& folder, const std::vector<NamedFigure>& figures)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw Error(Error::Kind::Io, folder.string() + ": cannot be made: " + error.message());
    for (const NamedFigure& named : figures) {
        writeFigureCsv(folder / (named.name + ".csv"), named.figure);
        if (const auto image = pixelsOf(named.figure)) writePng(folder / (named.name + ".png"), image->shape(), image->pixels);
    }
    static bool said = false;
    if (!std::exchange(said, true))
        std::cerr << "latentoscope: note: built without the window, so figures are CSV (and PNG where they are pixels alone)\n";
}

} // namespace latentoscope
