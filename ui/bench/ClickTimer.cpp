#include "ui/bench/ClickTimer.h"

#include "ui/common/PlotLibrary.h"
#include "ui/latent/ProbePresenter.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ScatterView.h"
#include "ui/main/MainWindow.h"

#include <QApplication>
#include <QMouseEvent>

namespace latentoscope::ui {
namespace {

constexpr auto kLongestWait = std::chrono::seconds(2); ///< a click not shown by then counts as this long
const auto kPainted = static_cast<QEvent::Type>(QEvent::registerEventType());

} // namespace

ClickTimer::ClickTimer(MainWindow& window) : m_window(window), m_plot(&window.scatter().plot())
{
    // Tick labels of a picture that forms move the axes a little: a click beside them would probe nothing and never be shown.
    constexpr int kMargin = 24;
    m_area = window.scatter().plot().axisRect()->rect().marginsRemoved({kMargin, kMargin, kMargin, kMargin});
    window.scatter().plot().installEventFilter(this);
    if (auto* canvas = window.probe().findChild<QWidget*>(QStringLiteral("probeImage"))) canvas->installEventFilter(this);
    connect(&window.probeLink(), &ProbePresenter::imageShown, this, [this](const ProbeResult& result) {
        if (m_waitingForImage && result.code == m_code) {
            m_waitingForImage = false;
            m_waitingForPaint = true;
        }
    });
}

ClickTimer::~ClickTimer()
{
    m_thread.request_stop();
    if (m_thread.joinable()) m_thread.join();
}

void ClickTimer::start(int clicks)
{
    m_thread = std::jthread([this, clicks](const std::stop_token& stop) { click(stop, clicks); });
}

void ClickTimer::click(const std::stop_token& stop, int clicks)
{
    std::mt19937 random(1);
    std::uniform_real_distribution<double> share(0.02, 0.98);
    std::uniform_int_distribution<int> pause(20, 90);
    for (int i = 0; i < clicks && !stop.stop_requested(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(pause(random)));
        const QPointF place(m_area.left() + share(random) * m_area.width(), m_area.top() + share(random) * m_area.height());
        {
            const std::lock_guard lock(m_mutex);
            m_isShown = false;
            m_posted = Clock::now();
        }
        for (const auto type : {QEvent::MouseButtonPress, QEvent::MouseButtonRelease}) {
            const bool press = type == QEvent::MouseButtonPress;
            QCoreApplication::postEvent(m_plot, new QMouseEvent(type, place, place, place, Qt::LeftButton,
                                                                press ? Qt::LeftButton : Qt::NoButton, Qt::NoModifier));
        }
        if (!waitForPaint(stop)) break;
    }
    m_done = true;
}

bool ClickTimer::waitForPaint(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    if (!m_shown.wait_for(lock, stop, kLongestWait, [this] { return m_isShown; }) && !stop.stop_requested())
        m_times.push_back(std::chrono::duration<double, std::milli>(kLongestWait).count());
    return !stop.stop_requested();
}

bool ClickTimer::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_plot && event->type() == QEvent::MouseButtonPress) {
        // The view sees this event after this filter: ask for its code once it has.
        m_waitingForPaint = false;
        m_plot->removeEventFilter(this);
        QCoreApplication::sendEvent(m_plot, event);
        m_plot->installEventFilter(this);
        m_code = m_window.probeLink().code();
        m_waitingForImage = true;
        return true;
    }
    if (event->type() == QEvent::Paint && m_waitingForPaint) {
        // Painting and bringing it to the screen are one piece of work; this comes right after it.
        m_waitingForPaint = false;
        QCoreApplication::postEvent(this, new QEvent(kPainted), Qt::HighEventPriority);
    }
    return QObject::eventFilter(watched, event);
}

bool ClickTimer::event(QEvent* event)
{
    if (event->type() != kPainted) return QObject::event(event);
    {
        const std::lock_guard lock(m_mutex);
        m_times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - m_posted).count());
        m_isShown = true;
    }
    m_shown.notify_all();
    return true;
}

} // namespace latentoscope::ui
