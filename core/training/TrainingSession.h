/// One training run on its own threads: start, pause, resume, stop, train further, and a stream of what happens.
#pragma once

#include "core/training/Life.h"
#include "core/training/SessionSetup.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace latentoscope {

struct Snapshot;
class FrozenModel;
template <class T> class Channel;

/// Weights are saved after the first epoch, every ten seconds at an epoch's end, when paused and at the end, and only where
/// they give a finite loss. What the disk refuses is said (Snapshot::warning) and tried again; the training goes on. Owns its
/// threads; calls return at once and act within 100 ms, seen as a state in the channel. All calls are safe from one controlling
/// thread. The destructor stops and waits.
class TrainingSession {
public:
    /// Checks everything that can be checked before anything is computed. Throws Error.
    explicit TrainingSession(SessionSetup setup);
    ~TrainingSession();
    TrainingSession(const TrainingSession&) = delete;
    TrainingSession& operator=(const TrainingSession&) = delete;

    void start();  ///< Ready → Running
    void pause();  ///< Running → Paused; the weights are saved
    void resume(); ///< Paused → Running
    void stop();   ///< Running, Paused → Stopped; the weights of the last whole step are kept and saved
    /// Finished, Stopped → Running for that many more epochs (≥ 1; of a stopped run: from where it stands).
    /// Throws Error(InvalidArgument) where training.epochs would become more than that field takes.
    void trainFurther(int epochs);
    /// The run's folder was renamed, while Finished or Stopped: training further writes there. In other states nothing.
    void moved(const std::filesystem::path& folder);
    void wait(); ///< blocks until Finished, Stopped or Failed and all is written; not at all where never started
    /// As wait(), for at most `limit`; whether that end has come.
    bool waitFor(std::chrono::milliseconds limit);

    RunState state() const;
    bool kept() const;                          ///< whether the run folder holds weights of this training
    const Configuration& configuration() const; ///< epochs grows with trainFurther, here and in config.json; controlling thread
    const SessionSetup& setup() const;          ///< with split, device and threads as they are used
    Channel<Snapshot>& channel();
    /// The newest weights, at most 50 ms old while training; never null. Any thread.
    std::shared_ptr<const FrozenModel> model() const;
    /// Gives the same on any thread, also after the session has gone: then the last weights.
    std::function<std::shared_ptr<const FrozenModel>()> modelSource() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace latentoscope
