#include "app/commands/ReportFiles.h"

#include <iostream>

namespace latentoscope {

void writeReportPdf(const std::filesystem::path& file, const Document&, bool)
{
    std::cerr << "latentoscope: note: built without the window, so " << file.filename().string()
              << " is left out; report.tex makes one with LaTeX\n";
}

} // namespace latentoscope
