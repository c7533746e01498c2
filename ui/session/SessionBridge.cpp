#include "ui/session/SessionBridge.h"

#include "core/training/Snapshot.h"

namespace latentoscope::ui {

SessionBridge::SessionBridge(std::unique_ptr<TrainingSession> session, QObject* parent)
    : QObject(parent), m_session(std::move(session))
{
    connect(&m_wakeup, &Wakeup::due, this, &SessionBridge::drain);
    m_session->channel().setWake(m_wakeup.caller());
}

SessionBridge::~SessionBridge() { m_session->channel().setWake(nullptr); }

void SessionBridge::drain()
{
    const Snapshot news = m_session->channel().take();
    if (!news.losses.empty()) Q_EMIT lossesArrived(news.losses);
    if (!news.epochs.empty()) Q_EMIT epochsArrived(news.epochs);
    for (const auto& picture : news.pictures) Q_EMIT pictureArrived(picture);
    if (news.reconstructions) Q_EMIT reconstructionsChanged(news.reconstructions);
    if (news.codes) Q_EMIT codesChanged(news.codes);
    if (!news.warning.empty()) Q_EMIT warned(QString::fromStdString(news.warning));
    m_progress = news.progress;
    Q_EMIT progressChanged(m_progress);
    if (news.state == m_state) return;
    m_state = news.state;
    if (m_state == RunState::Failed) Q_EMIT failed(QString::fromStdString(news.message));
    Q_EMIT stateChanged(m_state);
}

} // namespace latentoscope::ui
