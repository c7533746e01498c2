#include "app/ui/HeadlessApplication.h"

#include "ui/common/PlainLocale.h"

#include <QApplication>

#include <cstdio>

namespace latentoscope {

HeadlessApplication::HeadlessApplication()
{
    static int argc = 1;
    static char name[] = "latentoscope";
    static char* argv[] = {name, nullptr};
    if (QCoreApplication::instance() != nullptr) return;
    qputenv("QT_QPA_PLATFORM", "offscreen");
    // A server has no desktop session; Qt's remarks on that would stand between our own lines. Our errors are exceptions. What
    // ends the program is said.
    qInstallMessageHandler([](QtMsgType type, const QMessageLogContext&, const QString& words) {
        if (type == QtFatalMsg) std::fprintf(stderr, "latentoscope: Qt: %s\n", qPrintable(words));
    });
    m_application = std::make_unique<QApplication>(argc, argv);
    ui::usePlainLocale();
}

HeadlessApplication::~HeadlessApplication() = default;

} // namespace latentoscope
