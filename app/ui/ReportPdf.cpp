#include "app/commands/ReportFiles.h"

#include "app/ui/HeadlessApplication.h"

#include "ui/figures/DocumentPdf.h"

namespace latentoscope {

void writeReportPdf(const std::filesystem::path& file, const Document& document, bool letter)
{
    const HeadlessApplication application;
    ui::writeDocumentPdf(file, document, letter ? ui::Paper::Letter : ui::Paper::A4);
}

} // namespace latentoscope
