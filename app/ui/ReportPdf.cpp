#include "app/commands/ReportFiles.h"

#include "app/ui/HeadlessApplication.h"

#include "ui/figures/DocumentPdf.h"

#include <QFont>
#include <QRawFont>

#include <iostream>

namespace latentoscope {

void writeReportPdf(const std::filesystem::path& file, const Document& document, bool letter)
{
    const HeadlessApplication application;
    if (QRawFont::fromFont(QFont()).fontTable("cmap").isEmpty()) { // boxes stand in for letters
        std::cerr << "latentoscope: note: found no font, so the words in figures and " << file.filename().string()
                  << " are missing; install one, such as Debian's fonts-dejavu-core, and give the command again\n";
    }
    ui::writeDocumentPdf(file, document, letter ? ui::Paper::Letter : ui::Paper::A4);
}

} // namespace latentoscope
