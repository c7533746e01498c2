#include "ui/main/WindowBench.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/config/Fields.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ScatterView.h"
#include "ui/main/ClickTimer.h"
#include "ui/main/ControlPanel.h"
#include "ui/main/MainWindow.h"
#include "ui/main/MessageBar.h"
#include "ui/main/ProbeLink.h"

#include <QAction>
#include <QApplication>
#include <QElapsedTimer>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <functional>
#include <vector>

namespace latentoscope::ui {
namespace {

constexpr int kPollMs = 10;
constexpr qint64 kPatienceMs = 600'000;
constexpr int kPauseRounds = 10;
constexpr int kBetweenPausesMs = 37; ///< not in step with anything

double percentile(std::vector<double> values, double share)
{
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

/// Lets the window live until something is true.
void waitUntil(const std::function<bool()>& isTrue, const char* what)
{
    QTimer tick; // so that waiting for events ends now and then
    tick.start(kPollMs);
    QElapsedTimer clock;
    clock.start();
    while (!isTrue()) {
        if (clock.elapsed() > kPatienceMs) throw Error(Error::Kind::Io, std::string("bench window: waited too long for ") + what);
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    }
}

void live(int milliseconds)
{
    QElapsedTimer clock;
    clock.start();
    waitUntil([&] { return clock.elapsed() >= milliseconds; }, "time to pass");
}

class WindowBench {
public:
    explicit WindowBench(const WindowBenchRequest& request, const std::filesystem::path& folder) : m_request(request)
    {
        WindowRequest window;
        window.dataFolder = request.dataFolder;
        window.threads = request.threads;
        window.runsFolder = folder;
        window.theme = ThemeChoice::Light;
        window.preset = request.preset;
        m_window = std::make_unique<MainWindow>(window);
        m_window->show();
        waitUntil([this] { return !controller().loadingData(); }, "the data set");
        if (!controller().data()) throw Error(Error::Kind::NotFound, m_window->messages().text().toStdString());
    }

    WindowBenchResult run()
    {
        WindowBenchResult result;
        std::vector<double> ratios;
        for (int round = 0; round < m_request.rounds; ++round) {
            const double watched = watchedRate();
            const double alone = headlessRate();
            ratios.push_back(watched / alone);
            result.imagesPerSecond = std::max(result.imagesPerSecond, watched);
            result.headlessImagesPerSecond = std::max(result.headlessImagesPerSecond, alone);
        }
        result.liveRatio = percentile(ratios, 0.5);
        const std::vector<double> clicks = clickTimes();
        result.clicks = static_cast<int>(clicks.size());
        result.clickP50 = percentile(clicks, 0.5);
        result.clickP99 = percentile(clicks, 0.99);
        result.pauseMax = longestPause();
        return result;
    }

private:
    RunController& controller() { return m_window->controller(); }

    void setEpochs(int epochs)
    {
        const TrainingRequest now = m_window->controls().request();
        Configuration configuration = now.configuration;
        configuration.training.epochs = epochs;
        m_window->controls().setConfiguration(now.base, configuration);
    }

    void waitForState(RunState wanted)
    {
        waitUntil(
            [&] {
                if (controller().state() == RunState::Failed)
                    throw Error(Error::Kind::Numeric, m_window->messages().text().toStdString());
                return controller().state() == wanted;
            },
            "the training");
    }

    double images() const { return static_cast<double>(m_trainingImages) * static_cast<double>(m_request.epochs); }

    double watchedRate()
    {
        setEpochs(m_request.epochs);
        QElapsedTimer clock;
        clock.start();
        m_window->train();
        waitForState(RunState::Finished);
        const double seconds = static_cast<double>(clock.nsecsElapsed()) * 1e-9;
        double all = 0;
        for (const EpochMetrics& epoch : controller().epochs()) all += epoch.imagesPerSecond * epoch.seconds;
        m_trainingImages = all / m_request.epochs;
        waitUntil([this] { return m_window->isSettled(); }, "the figures");
        return images() / seconds;
    }

    double headlessRate()
    {
        SessionSetup setup;
        setup.configuration = m_window->controls().request().configuration;
        setup.data = controller().data();
        setup.threads = m_request.threads;
        setup.monitor.pictures = false;
        // At the window's priority: what else runs on the machine then slows both alike.
        setup.niceness = controller().bridge()->setup().niceness;
        QElapsedTimer clock;
        clock.start();
        TrainingSession session(setup);
        session.start();
        session.wait();
        if (session.state() == RunState::Failed) throw Error(Error::Kind::Numeric, session.channel().take().message);
        return images() / (static_cast<double>(clock.nsecsElapsed()) * 1e-9);
    }

    void startEndless()
    {
        setEpochs(static_cast<int>(fieldAt("training.epochs").maximum));
        m_window->train();
        waitForState(RunState::Running);
    }

    std::vector<double> clickTimes()
    {
        startEndless();
        waitUntil([this] { return controller().replay().codes() != nullptr; }, "the first codes");
        live(1000);
        ClickTimer timer(*m_window);
        timer.start(m_request.clicks);
        waitUntil([&] { return timer.done(); }, "the clicks");
        return timer.milliseconds();
    }

    double actingTime(RunState wanted, QAction& action)
    {
        QElapsedTimer clock;
        clock.start();
        action.trigger();
        waitForState(wanted);
        return static_cast<double>(clock.nsecsElapsed()) * 1e-6;
    }

    /// Of the training that the clicks left running.
    double longestPause()
    {
        double longest = 0;
        for (int i = 0; i < kPauseRounds; ++i) {
            live(kBetweenPausesMs);
            longest = std::max(longest, actingTime(RunState::Paused, *m_window->actions().pause));
            longest = std::max(longest, actingTime(RunState::Running, *m_window->actions().pause));
        }
        longest = std::max(longest, actingTime(RunState::Stopped, *m_window->actions().stop));
        waitUntil([this] { return m_window->isSettled(); }, "the figures");
        return longest;
    }

    WindowBenchRequest m_request;
    std::unique_ptr<MainWindow> m_window;
    double m_trainingImages = 0;
};

} // namespace

WindowBenchResult benchWindow(int& argc, char** argv, const WindowBenchRequest& request)
{
    const bool display = qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    if (!display && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    const QTemporaryDir folder;
    const QApplication application(argc, argv);
    // The person's own settings stay as they are.
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
    prepareApplication({});
    return WindowBench(request, folder.filePath(QStringLiteral("runs")).toStdString()).run();
}

} // namespace latentoscope::ui
