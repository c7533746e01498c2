#include "ui/session/Wakeup.h"

#include <algorithm>

namespace latentoscope::ui {

Wakeup::Wakeup(int intervalMs, QObject* parent) : QObject(parent), m_interval(intervalMs)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &Wakeup::tell);
}

std::function<void()> Wakeup::caller()
{
    return [this] { QMetaObject::invokeMethod(this, &Wakeup::call, Qt::QueuedConnection); };
}

void Wakeup::call()
{
    if (m_timer.isActive()) return;
    const qint64 since = m_sinceDue.isValid() ? m_sinceDue.elapsed() : m_interval;
    m_timer.start(static_cast<int>(std::max<qint64>(m_interval / 4, m_interval - since)));
}

void Wakeup::tell()
{
    m_sinceDue.start();
    Q_EMIT due();
}

} // namespace latentoscope::ui
