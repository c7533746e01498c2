/// Hyper-parameter search: workers that train a study's trials, beside those of other programs and machines.
#pragma once

#include "core/base/Channel.h"
#include "core/search/SearchPlan.h"
#include "core/training/TrainingSession.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

struct DataSet;

struct SearchSetup {
    SearchPlan plan;
    std::shared_ptr<const DataSet> data;
    std::string storage;          ///< openJournal's location; made where it is missing
    std::string study;            ///< made where it is missing
    std::filesystem::path folder; ///< where trials' runs go, and best.json
    int trials = 0;               ///< the study's, whoever makes them, after which this ends; 0: no end
    double seconds = 0;           ///< after which no trial begins any more; 0: no end
    int workers = 1;
    int threads = 0; ///< all workers' together; 0: all cores
    std::string device = "auto";
    int niceness = 0;
};

/// A trial that one of these workers trains.
struct RunningTrial {
    int id = 0;
    int number = 0;
    double fraction = 0; ///< of its training, 0 … 1
};

struct SearchState {
    RunState state = RunState::Ready; ///< Ready, Running, Finished, Stopped or Failed
    std::vector<RunningTrial> running;
    int ended = 0;         ///< of the study's trials, whoever made them
    int pruned = 0;        ///< of those
    int failed = 0;        ///< likewise
    int elsewhere = 0;     ///< that others are at work on
    std::vector<int> best; ///< ids (bestTrials)
    double fraction = 0;   ///< of the budget
    std::optional<double> secondsLeft;
    std::string message; ///< of Failed
    std::string warning; ///< of a storage that cannot be reached for the moment; empty: it can
};

/// What has happened since the last look at state() and study().
struct SearchNews {
    std::vector<int> ended;    ///< ids of trials that these workers have ended
    bool studyChanged = false; ///< by whomever
};
inline SearchNews afterTaken(const SearchNews&) { return {}; }

/// Each worker trains one trial at a time with its share of the threads. A trial is in the journal before it begins, with its
/// parameters; so is each epoch's value; so nothing is lost where a program dies: another worker, here or elsewhere, sees that
/// the trial's worker is gone (at once on the same machine, by a missing heartbeat after three minutes on another), fails the
/// trial and enqueues it again. Calls are safe from one controlling thread; those that look (state, study, trials, trial) wait
/// while a record is written, for which another program may hold the journal for seconds: not for an interface thread. The
/// destructor stops and waits.
class HyperparameterSearch {
public:
    /// Opens storage and study, and checks everything that can be checked before a trial begins. Throws Error, also where the
    /// study is about something else: other data, another plan, whose field is named.
    explicit HyperparameterSearch(SearchSetup setup);
    ~HyperparameterSearch();
    HyperparameterSearch(const HyperparameterSearch&) = delete;
    HyperparameterSearch& operator=(const HyperparameterSearch&) = delete;

    /// Ready → Running; sees first what dead workers left. Throws Error(Io) where the storage cannot be reached: still Ready.
    void start();
    void finish(); ///< no trial begins any more; those that run go on to their ends
    void stop();   ///< within 100 ms nothing computes any more; the trials are failed and enqueued again
    /// Waits for the end for at most `limit`; whether it has come.
    bool waitFor(std::chrono::milliseconds limit);

    /// Any thread.
    SearchState state() const;
    /// A copy of the study and its trials, by number; without trials where another program has deleted it. Any thread.
    Study study() const;
    std::vector<Trial> trials() const;
    Trial trial(int id) const;
    /// Says that it is worth looking again, some fifty times a second.
    Channel<SearchNews>& channel();

    /// Where the best trial's settings go: best.json in the folder, or best-STUDY.json where that is another study's.
    std::filesystem::path bestFile() const;
    /// What a reader of the trials' figures must know of their encoder (encoderNotes). Reads its run.
    std::vector<std::string> notes() const;
    /// With plan, threads and device as they are used.
    const SearchSetup& setup() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace latentoscope
