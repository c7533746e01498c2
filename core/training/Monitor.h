/// Looks at a network while it trains, on a thread of its own and on snapshots of the weights.
#pragma once

#include "core/training/SnapshotChannel.h"
#include "core/training/TrainingSession.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace latentoscope {

/// A network and how far it had been trained.
struct TimedModel {
    std::shared_ptr<const FrozenModel> model;
    double epoch = 0;
};

/// Publishes reconstructions and codes of the newest weights at the asked intervals and one picture an epoch. Where it falls
/// behind, live views skip ahead; epochs are never skipped.
class Monitor {
public:
    /// `newest` gives the newest weights, any thread.
    Monitor(const SessionSetup& setup, SnapshotChannel& channel, std::function<TimedModel()> newest);
    ~Monitor();
    Monitor(const Monitor&) = delete;
    Monitor& operator=(const Monitor&) = delete;

    void setLive(RunState state); ///< views refresh at their intervals while Running
    void addEpoch(int epoch, std::shared_ptr<const FrozenModel> model);
    void finish(); ///< returns when all epochs added so far are published

private:
    void serve(const std::stop_token& stop);
    void lookAgain(const std::stop_token& stop);
    void publishEpoch(const TimedModel& epoch, const std::stop_token& stop);

    SessionSetup m_setup;
    SnapshotChannel& m_channel;
    std::function<TimedModel()> m_newest;
    ItemSelection m_showcase;
    ItemSelection m_held;

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<TimedModel> m_epochs;
    bool m_publishing = false;
    bool m_live = false;
    std::chrono::steady_clock::time_point m_nextReconstructions;
    std::chrono::steady_clock::time_point m_nextCodes;
    const FrozenModel* m_lastReconstructed = nullptr;
    const FrozenModel* m_lastEncoded = nullptr;
    std::jthread m_thread;
};

} // namespace latentoscope
