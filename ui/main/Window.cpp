#include "ui/main/Window.h"

#include "core/base/Error.h"
#include "ui/common/Application.h"
#include "ui/common/Icons.h"
#include "ui/common/MessageBar.h"
#include "ui/common/PlainLocale.h"
#include "ui/main/MainWindow.h"

#include <QApplication>
#include <QSettings>
#include <QTimer>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string_view>

namespace latentoscope::ui {
namespace {

constexpr int kPollMs = 50;
constexpr int kSettleMs = 400; ///< views draw within this time of the last change
constexpr int kExitFailed = 1;

/// Presses Train once the data are there, and takes the picture once all is still.
class Script : public QObject {
public:
    Script(MainWindow& window, const WindowRequest& request) : m_window(window), m_request(request)
    {
        m_trainPending = request.start == WindowRequest::Start::Train;
        connect(&m_timer, &QTimer::timeout, this, &Script::look);
        m_timer.start(kPollMs);
    }

private:
    void look()
    {
        RunController& controller = m_window.controller();
        if (controller.loadingData() || controller.openingRun()) return;
        if (m_trainPending) {
            m_trainPending = false;
            m_trained = controller.data() != nullptr;
            return m_window.train();
        }
        if (!m_request.screenshot) return m_timer.stop();
        if (!m_window.isSettled()) return;
        m_timer.stop();
        QTimer::singleShot(kSettleMs, this, &Script::takeScreenshot);
    }

    void takeScreenshot()
    {
        const QString file = QString::fromStdString(m_request.screenshot->string());
        const bool failed = controllerFailed();
        if (!m_window.grab().save(file, "PNG")) {
            std::cerr << "latentoscope: " << m_request.screenshot->string() << ": cannot be written as PNG\n";
            return QApplication::exit(kExitFailed);
        }
        if (failed) std::cerr << "latentoscope: " << m_window.messages().text().toStdString() << '\n';
        QApplication::exit(failed ? kExitFailed : 0);
    }

    bool controllerFailed() const
    {
        if (m_request.start != WindowRequest::Start::Train) return false;
        return !m_trained || m_window.controller().state() != RunState::Finished;
    }

    MainWindow& m_window;
    const WindowRequest& m_request;
    QTimer m_timer;
    bool m_trainPending = false;
    bool m_trained = false;
};

/// The toolkit aborts where it cannot reach the display; a sentence and an exit code say the same. Its warnings pass.
void onToolkitMessage(QtMsgType type, const QMessageLogContext& context, const QString& message)
{
    if (type == QtFatalMsg) {
        std::fprintf(stderr,
                     "latentoscope: the window cannot be opened on the display %s; check DISPLAY, or use a sub-command "
                     "(latentoscope --help)\n",
                     qPrintable(qEnvironmentVariable("DISPLAY", qEnvironmentVariable("WAYLAND_DISPLAY"))));
        std::_Exit(1);
    }
    const bool ofPlatform = context.category != nullptr && std::string_view(context.category).starts_with("qt.qpa");
    if (ofPlatform || message.startsWith(QStringLiteral("QStandardPaths: XDG_RUNTIME_DIR"))) return;
    std::fprintf(stderr, "%s\n", qPrintable(qFormatLogMessage(type, context, message)));
}

} // namespace

void takeToolkitMessages() { qInstallMessageHandler(onToolkitMessage); }

void prepareApplication(const WindowRequest& request)
{
    usePlainLocale();
    QCoreApplication::setOrganizationName(QStringLiteral("latentoscope"));
    QCoreApplication::setApplicationName(QStringLiteral("latentoscope"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Latentoscope"));
    QGuiApplication::setDesktopFileName(QStringLiteral("latentoscope"));
    QApplication::setWindowIcon(programIcon());
    if (request.settings == WindowRequest::Settings::Reset) QSettings().clear();
    const QPalette system = QApplication::palette();
    if (!qApp->property("systemPalette").isValid()) qApp->setProperty("systemPalette", system);
    const auto remembered = static_cast<ThemeChoice>(QSettings().value(QStringLiteral("window/theme"), 0).toInt());
    applyTheme(*qApp, request.theme.value_or(remembered), qApp->property("systemPalette").value<QPalette>());
}

int runWindow(int& argc, char** argv, const WindowRequest& request)
{
    // A picture needs no display: it is drawn on Qt's offscreen platform where there is none.
    const bool display = qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    if (request.screenshot && !display && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    if (!display && !request.screenshot && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) {
        throw Error(Error::Kind::Io,
                    "the window needs a display, but neither DISPLAY nor WAYLAND_DISPLAY is set; use a sub-command "
                    "(latentoscope --help), or gui --screenshot FILE for a picture of it");
    }
    takeToolkitMessages();
    Application application(argc, argv);
    prepareApplication(request);
    MainWindow window(request);
    application.setOnError([&window](const QString& sentence) { window.messages().show(MessageBar::Kind::Error, sentence); });
    if (request.width > 0 && request.height > 0) window.resize(request.width, request.height);
    window.show();
    std::unique_ptr<Script> script;
    if (request.screenshot || request.start == WindowRequest::Start::Train) script = std::make_unique<Script>(window, request);
    return QApplication::exec();
}

} // namespace latentoscope::ui
