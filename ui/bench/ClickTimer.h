/// Clicks at random places of the map at random moments, and measures when each one's image is painted.
#pragma once

#include <QObject>
#include <QRectF>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace latentoscope::ui {

class MainWindow;

/// Clicks are posted by another thread, so that what the interface is busy with counts, as it does for a person. Interface
/// thread, except where said.
class ClickTimer : public QObject {
    Q_OBJECT

public:
    explicit ClickTimer(MainWindow& window);
    ~ClickTimer() override;

    void start(int clicks);
    bool done() const { return m_done; }
    /// From the posting of each press to the end of the paint that shows its image.
    const std::vector<double>& milliseconds() const { return m_times; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    bool event(QEvent* event) override;

private:
    using Clock = std::chrono::steady_clock;

    void click(const std::stop_token& stop, int clicks);
    bool waitForPaint(const std::stop_token& stop);

    MainWindow& m_window;
    QObject* m_plot;
    QRectF m_area; ///< of the plot's axes, where a click probes
    Clock::time_point m_posted;
    std::vector<float> m_code; ///< that the click asked for
    bool m_waitingForImage = false;
    bool m_waitingForPaint = false;
    std::vector<double> m_times;
    std::atomic<bool> m_done{false};

    std::mutex m_mutex;
    std::condition_variable_any m_shown;
    bool m_isShown = false;
    std::jthread m_thread;
};

} // namespace latentoscope::ui
