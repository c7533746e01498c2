#include "app/commands/FigureFiles.h"

#include "app/ui/HeadlessApplication.h"

#include "ui/figures/Export.h"

namespace latentoscope {

void writeFigures(const std::filesystem::path& folder, const std::vector<NamedFigure>& figures)
{
    const HeadlessApplication application;
    for (const NamedFigure& figure : figures) ui::writeFigureFiles(folder, figure.name, figure.figure);
}

} // namespace latentoscope
