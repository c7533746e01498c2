#include "app/commands/FigureFiles.h"

#include "ui/figures/Export.h"

#include <QApplication>

#include <memory>

namespace latentoscope {

void writeFigures(const std::filesystem::path& folder, const std::vector<NamedFigure>& figures)
{
    // A headless command has no application yet; fonts and painters need one, a display they do not.
    std::unique_ptr<QApplication> application;
    static int argc = 1;
    static char name[] = "latentoscope";
    static char* argv[] = {name, nullptr};
    if (QCoreApplication::instance() == nullptr) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        // A server has no desktop session; Qt's remarks on that would stand between our own lines. Our errors are exceptions.
        qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString&) {});
        application = std::make_unique<QApplication>(argc, argv);
    }
    for (const NamedFigure& figure : figures) ui::writeFigureFiles(folder, figure.name, figure.figure);
}

} // namespace latentoscope
