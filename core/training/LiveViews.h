/// What a person sees of a network while it trains, computed between two steps by the engine's own workers.
#pragma once

#include "core/data/ItemSelection.h"
#include "core/training/Engine.h"
#include "core/training/SessionSetup.h"
#include "core/training/TimedModel.h"

#include <chrono>
#include <deque>
#include <functional>
#include <stop_token>

namespace latentoscope {

struct DataSet;
struct LatentCodes;
struct Snapshot;
class FrozenModel;
template <class T> class Channel;

/// Publishes reconstructions and codes at the asked intervals and one picture an epoch. All workers share the work: a thread of
/// its own would take turns with one of them and keep the other waiting, which costs about twice as much. Training thread.
class LiveViews {
public:
    LiveViews(const SessionSetup& setup, Channel<Snapshot>& channel, const Engine& engine);

    /// Refreshes what is due; `newest` is asked only then. Where it is asked to stop, what is unfinished comes next time.
    void refresh(const std::function<TimedModel()>& newest, const std::stop_token& stop);

    void addEpoch(int epoch, std::shared_ptr<const FrozenModel> model);

    /// Publishes the epochs that are still due.
    void catchUp(const std::stop_token& stop);

private:
    using Clock = std::chrono::steady_clock;

    std::shared_ptr<const LatentCodes> codesOf(const TimedModel& timed, const std::stop_token& stop) const;

    MonitorOptions m_options;
    std::shared_ptr<const DataSet> m_data;
    Channel<Snapshot>& m_channel;
    const Engine& m_engine;
    bool m_decodes;
    ItemSelection m_showcase;
    ItemSelection m_held;
    std::deque<TimedModel> m_epochs; ///< to be published
    Clock::time_point m_nextReconstructions;
    Clock::time_point m_nextCodes;
};

} // namespace latentoscope
