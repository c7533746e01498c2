/// Brings a training session's news to the interface thread, at the interface's own pace.
#pragma once

#include "core/training/Snapshot.h"
#include "core/training/TrainingSession.h"
#include "ui/session/Wakeup.h"

#include <QObject>
#include <QString>

#include <memory>
#include <vector>

namespace latentoscope {
class FrozenModel;
struct LatentCodes;
struct LossPoint;
struct Configuration;
struct EpochMetrics;
struct Reconstructions;
} // namespace latentoscope

namespace latentoscope::ui {

/// The only object that knows the session; lives on the interface thread. The consumer sets the frame rate: the session only
/// wakes it, and kFrameMs later all that is new is taken at once.
class SessionBridge : public QObject {
    Q_OBJECT

public:
    /// Between a wake and a look: curves stay well below 100 ms behind, and painting leaves the cores to training.
    static constexpr int kFrameMs = 50;

    explicit SessionBridge(std::unique_ptr<TrainingSession> session, QObject* parent = nullptr);
    /// Stops the training and waits for it.
    ~SessionBridge() override;

    const SessionSetup& setup() const { return m_session->setup(); }
    const Configuration& configuration() const { return m_session->configuration(); }
    RunState state() const { return m_state; }                   ///< as last announced by stateChanged()
    RunState sessionState() const { return m_session->state(); } ///< ahead of state() by up to a frame. For measurements.
    const Progress& progress() const { return m_progress; }
    bool active() const { return m_state == RunState::Running || m_state == RunState::Paused; }
    std::shared_ptr<const FrozenModel> model() const { return m_session->model(); } ///< newest; any thread
    /// The same, without this object: to be asked on any thread, whoever outlives whom.
    std::function<std::shared_ptr<const FrozenModel>()> modelSource() const { return m_session->modelSource(); }

public Q_SLOTS:
    void start() { m_session->start(); }
    void pause() { m_session->pause(); }
    void resume() { m_session->resume(); }
    void stop() { m_session->stop(); }
    void trainFurther(int epochs) { m_session->trainFurther(epochs); }
    void moved(const std::filesystem::path& folder) { m_session->moved(folder); }
    /// Takes what is new at once.
    void drain();

Q_SIGNALS:
    void lossesArrived(const std::vector<LossPoint>& losses);
    void epochsArrived(const std::vector<EpochMetrics>& epochs);
    void pictureArrived(const std::shared_ptr<const EpochPicture>& picture);
    void reconstructionsChanged(const std::shared_ptr<const Reconstructions>& reconstructions);
    void codesChanged(const std::shared_ptr<const LatentCodes>& codes);
    void progressChanged(const Progress& progress);
    void stateChanged(RunState state); ///< after all else of the same moment
    void failed(const QString& sentence);
    void warned(const QString& sentence); ///< the training goes on, but has gone wrong

private:
    Wakeup m_wakeup{kFrameMs, this};
    std::unique_ptr<TrainingSession> m_session;
    RunState m_state = RunState::Ready;
    Progress m_progress;
};

} // namespace latentoscope::ui
