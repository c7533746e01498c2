/// What the workers of a HyperparameterSearch share: how its trials are begun, reported and ended in a journal that others write,
/// too, and that may be away for a while.
#pragma once

#include "core/base/Error.h"
#include "core/experiment/HyperparameterSearch.h"
#include "core/experiment/TrialTraining.h"
#include "core/search/StaleTrials.h"
#include "core/studies/StudyStorage.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>

namespace latentoscope {

/// How often workers say in the journal that they are alive.
inline constexpr std::chrono::seconds kHeartbeat{30};

struct HyperparameterSearch::State {
    explicit State(SearchSetup setup);
    ~State();

    int openStudy();
    /// Throws Error(NotFound) where another program has deleted the study since.
    const Study& current() const;
    bool exists() const { return storage.journal().studies().contains(study); }

    void work();
    void watch();
    std::optional<Trial> next();
    void run(const Trial& trial);
    TrialEnd train(const Trial& trial);
    bool report(int id, int step, double value, std::vector<double>& folds);
    bool hopeless(int id, const std::vector<double>& folds) const;
    void end(int id, const TrialEnd& end);
    void record(int id, const TrialEnd& end);
    void writeBest(int id);
    void lookAfterOthers();
    void fail(const std::string& message);
    void reached();
    void tellChange()
    {
        channel.publish([](SearchNews& news) { news.studyChanged = true; });
    }
    void tellProgress()
    {
        channel.publish([](SearchNews&) {});
    }
    void notReached(const Error& error);
    void sweepDangling();
    void giveBack(int id) noexcept;
    void whenReached(const std::function<void()>& write);
    bool over() const
    {
        return stopping.stop_requested() || draining.stop_requested() || (setup.seconds > 0 && elapsed() >= setup.seconds);
    }
    double elapsed() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(); }

    SearchSetup setup;
    Channel<SearchNews> channel;

    mutable std::mutex mutex; ///< of all below, the journal too
    std::condition_variable changed;
    StudyStorage storage;
    int study;
    std::filesystem::path bestFile;
    RunState state = RunState::Ready;
    std::string message;
    std::map<int, RunningTrial> running;
    std::map<int, std::vector<std::pair<int, double>>>
        unwritten; ///< epochs' values of running trials, for when it can be reached
    std::optional<std::chrono::steady_clock::time_point> awaySince; ///< when the storage could first not be reached
    std::string warning;                                            ///< what there is to say of that
    bool dangling = false; ///< a trial may have been created whose parameters could not be written
    int failures = 0;      ///< trials that failed, one after the other, while none was complete
    StaleTrials stale;
    int busy = 0; ///< workers
    int endedAtStart = 0;
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point nextHeartbeat;

    std::stop_source stopping;
    std::stop_source draining; ///< no trial begins any more
    std::vector<std::jthread> threads;
    std::jthread watcher;
};

} // namespace latentoscope
