/// The figures of a finished run, written into its folder.
#pragma once

#include "core/figures/FigureData.h"

#include <filesystem>
#include <string>
#include <vector>

namespace latentoscope {

struct NamedFigure {
    std::string name; ///< of the files, without ending
    FigureData figure;
};

/// With the window built: name.png, .svg, .pdf and .csv drawn by ui's figures on Qt's offscreen platform. Without: name.csv, and
/// name.png for figures of pixels alone, drawn by core; says so once on stderr. Throws Error(Io).
void writeFigures(const std::filesystem::path& folder, const std::vector<NamedFigure>& figures);

} // namespace latentoscope
