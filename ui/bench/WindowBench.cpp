#include "ui/bench/WindowBench.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/config/Fields.h"
#include "core/data/Split.h"
#include "core/models/ComputeThread.h"
#include "ui/bench/ClickTimer.h"
#include "ui/common/MessageBar.h"
#include "ui/common/PlotLibrary.h"
#include "ui/latent/ProbePresenter.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ProjectionPresenter.h"
#include "ui/latent/ScatterView.h"
#include "ui/main/MainWindow.h"
#include "ui/settings/ControlPanel.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QPushButton>
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
        window.device = resolvedDevice(request.device);
        (void)presetOrFile(request.preset); // the window would only show what is wrong
        m_window = std::make_unique<MainWindow>(window);
        m_window->show();
        waitUntil([this] { return !controller().loadingData(); }, "the data set");
        if (!controller().data()) throw Error(Error::Kind::NotFound, m_window->messages().text().toStdString());
    }

    WindowBenchResult run()
    {
        WindowBenchResult result;
        startEndless();
        measureRates(result);
        const std::vector<double> clicks = clickTimes();
        result.clicks = static_cast<int>(clicks.size());
        result.clickP50 = percentile(clicks, 0.5);
        result.clickP99 = percentile(clicks, 0.99);
        result.pauseMax = longestPause();
        measureProjection(result);
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

    void startEndless()
    {
        setEpochs(static_cast<int>(fieldAt("training.epochs").maximum));
        m_window->train();
        waitForState(RunState::Running);
        waitUntil([this] { return controller().replay().codes() != nullptr; }, "the first codes");
    }

    /// Seconds that a paused training ran, by its own state: the window learns of it up to a frame later.
    template <typename Training> double turn(Training& training)
    {
        QElapsedTimer clock;
        clock.start();
        training.resume();
        live(m_request.turnMilliseconds);
        training.pause();
        waitUntil([&] { return training.sessionState() != RunState::Running; }, "a pause");
        return static_cast<double>(clock.nsecsElapsed()) * 1e-9;
    }

    /// The training in the window is paused while it is not its turn; running again at the end.
    void measureRates(WindowBenchResult& result)
    {
        SessionBridge& watched = *controller().bridge();
        SessionSetup setup = watched.setup();
        setup.runFolder.clear();
        setup.monitor = {};
        // The bridge hands on what it takes to nobody. At the window's priority: what else runs then slows both alike.
        SessionBridge alone(std::make_unique<TrainingSession>(setup));
        double epoch = 0;
        QObject::connect(&alone, &SessionBridge::lossesArrived, &alone,
                         [&](const std::vector<LossPoint>& losses) { epoch = losses.back().epoch; });

        controller().pause();
        waitForState(RunState::Paused);
        alone.start();
        waitUntil([&] { return epoch > 0; }, "the first step");
        alone.pause();
        waitUntil([&] { return alone.state() == RunState::Paused; }, "a pause");

        const double watchedBegin = controller().steps().back().epoch;
        const double aloneBegin = epoch;
        double watchedSeconds = 0;
        double aloneSeconds = 0;
        for (int i = 0; i < m_request.turns; ++i) {
            // Which comes first changes, so that a machine that slows down does so for both.
            if (i % 2 == 0) watchedSeconds += turn(watched);
            aloneSeconds += turn(alone);
            if (i % 2 == 1) watchedSeconds += turn(watched);
        }
        waitForState(RunState::Paused);
        alone.drain();
        const auto epochImages = static_cast<double>(setup.split->train.size());
        result.imagesPerSecond = (controller().steps().back().epoch - watchedBegin) * epochImages / watchedSeconds;
        result.headlessImagesPerSecond = (epoch - aloneBegin) * epochImages / aloneSeconds;
        result.liveRatio = result.imagesPerSecond / result.headlessImagesPerSecond;
        alone.stop();
        controller().resume();
        waitForState(RunState::Running);
    }

    std::vector<double> clickTimes()
    {
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

    /// A t-SNE of all images as it forms, clicked into all the while.
    void measureProjection(WindowBenchResult& result)
    {
        ProjectionPresenter& link = m_window->projectionLink();
        link.setMethod(ProjectionMethod::Tsne);
        link.bar().findChild<QComboBox*>()->setCurrentIndex(1);
        std::vector<double> frames;
        QElapsedTimer frame;
        const QObject listener; // with it the connections go
        QObject::connect(&link, &ProjectionPresenter::frameBegins, &listener, [&] { frame.start(); });
        QObject::connect(&m_window->scatter().plot(), &QCustomPlot::afterReplot, &listener, [&] {
            if (frame.isValid()) frames.push_back(static_cast<double>(frame.nsecsElapsed()) * 1e-6);
            frame.invalidate();
        });
        QElapsedTimer clock;
        clock.start();
        link.bar().findChild<QPushButton*>(QStringLiteral("projectionStart"))->click();
        waitUntil([&] { return link.news() && link.news()->places; }, "the first places");
        ClickTimer clicks(*m_window); // now that the strip has its height
        clicks.start(m_request.clicks);
        waitUntil([&] { return link.news()->state != ProjectionState::Running; }, "the projection");
        if (link.news()->state == ProjectionState::Failed) throw Error(Error::Kind::Numeric, link.news()->message);
        result.projectionSeconds = static_cast<double>(clock.nsecsElapsed()) * 1e-9;
        result.projectionPoints = link.news()->places->count();
        result.projectionFrames = static_cast<int>(frames.size());
        result.projectionFrameP95 = percentile(frames, 0.95);
        result.projectionClickP50 = percentile(clicks.milliseconds(), 0.5);
        result.projectionClickP99 = percentile(clicks.milliseconds(), 0.99);
    }

    WindowBenchRequest m_request;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace

WindowBenchResult benchWindow(int& argc, char** argv, const WindowBenchRequest& request)
{
    const bool display = qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    if (!display && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    const QTemporaryDir folder;
    takeToolkitMessages();
    const QApplication application(argc, argv);
    // The person's own settings stay as they are.
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
    prepareApplication({});
    return WindowBench(request, folder.filePath(QStringLiteral("runs")).toStdString()).run();
}

} // namespace latentoscope::ui
