/// Brings "there is news" from any thread to the interface thread, at the interface's own pace.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>

namespace latentoscope::ui {

/// However often it is called, due() comes at most once in an interval, and a quarter of it at least after whatever the last one
/// brought about: painting leaves the cores to whoever computes. Lives on the interface thread.
class Wakeup : public QObject {
    Q_OBJECT

public:
    explicit Wakeup(int intervalMs, QObject* parent = nullptr);

    /// For Channel::setWake(): only posts, from any thread, for as long as this object is there. Whoever gives it away takes it
    /// back (setWake(nullptr)) before this goes.
    std::function<void()> caller();
    /// As if caller() had been called. Interface thread.
    void call();
    /// What has been called for is not told any more.
    void cancel() { m_timer.stop(); }

Q_SIGNALS:
    void due();

private:
    void tell();

    int m_interval;
    QTimer m_timer;
    QElapsedTimer m_sinceDue; ///< from its beginning
};

} // namespace latentoscope::ui
