#include "core/experiment/SearchWork.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/JsonText.h"
#include "core/base/Text.h"
#include "core/base/Version.h"
#include "core/search/ParetoFront.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace latentoscope {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr const char* kFoldValues = "fold_values";      ///< of a trial, user: what each fold has
constexpr auto kLook = std::chrono::milliseconds(200);  ///< between looks at what others do
constexpr auto kPatience = std::chrono::minutes(3);     ///< with a storage that cannot be reached, of all calls together
constexpr auto kPause = std::chrono::milliseconds(500); ///< between two tries to reach it
constexpr int kMostFailures = 20;                       ///< one after the other before any success: then something is wrong
constexpr int kMostRetries = 3;                         ///< of a trial whose workers died
constexpr int kMostStops = 1000;                        ///< of a trial that people have stopped

} // namespace

/// The next trial to train, begun; none where there is nothing more to do. Waits while others are at work on the last ones: one
/// of them may die.
std::optional<Trial> HyperparameterSearch::State::next()
{
    std::unique_lock lock(mutex);
    for (;;) {
        if (over()) return std::nullopt;
        try {
            storage.sync();
            if (dangling) sweepDangling();
            dangling = true; // until it is known to be whole
            const Json seed = setup.plan.configuration.training.seed;
            const auto id =
                beginTrial(storage, study, sourceOf(setup.plan), {{"seed", seed.dump()}, {"version", Json(version()).dump()}},
                           ownerAttributes(), setup.trials);
            dangling = false;
            reached();
            if (id) {
                tellChange();
                running[*id] = {*id, storage.journal().trial(*id).number, 0};
                return storage.journal().trial(*id);
            }
            // A trial that is trained elsewhere may come back; of one without an owner nothing would ever be known.
            const Occupied occupied = occupiedBy(storage.journal(), current());
            if (occupied.owned <= static_cast<int>(running.size())) return std::nullopt;
            changed.wait_for(lock, kLook);
        } catch (const Error& error) {
            if (error.kind() == Error::Kind::Io) {
                notReached(error);
                changed.wait_for(lock, kPause);
            } else if (error.kind() != Error::Kind::InvalidArgument) {
                static_cast<void>(current()); // where it was deleted this says so
                throw;
            } else {
                dangling = false; // what someone has enqueued does not fit; the trial says so
                requireCompatible(storage.journal(), current(), setup.plan.space.parameters);
            }
        }
    }
}

/// Enqueues again the trial that this storage began when it could not be reached any more: without parameters nobody can train
/// it. Under the mutex.
void HyperparameterSearch::State::sweepDangling()
{
    const int id = storage.journal().claimedBy(storage.worker());
    if (id >= 0 && !running.contains(id) && storage.journal().trial(id).state == TrialState::Running)
        failAndEnqueueAgain(storage, id, {{kFailureAttribute, Json("its parameters could not be written").dump()}}, kMostRetries);
    dangling = false;
}

/// Under the mutex.
void HyperparameterSearch::State::reached()
{
    if (!awaySince) return;
    awaySince.reset();
    warning.clear();
    tellProgress();
}

/// A storage that is away for a moment costs nothing: trials go on, and what there is to write waits. Under the mutex.
void HyperparameterSearch::State::notReached(const Error& error)
{
    const Clock::time_point now = Clock::now();
    if (!awaySince) awaySince = now;
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(kPatience - (now - *awaySince)).count();
    warning = std::string(error.what()) + "; trials go on, and it is tried again for " +
              durationText(static_cast<double>(std::max<long>(0, left)));
    tellProgress();
    if (left > 0) return;
    if (message.empty()) message = error.what();
    stopping.request_stop();
}

/// After an epoch: into the journal, and whether the trial goes on.
bool HyperparameterSearch::State::report(int id, int step, double value, std::vector<double>& folds)
{
    const std::lock_guard lock(mutex);
    if (setup.plan.folds > 0) // from means so far to the fold's own value
        folds.push_back(value * step - std::accumulate(folds.begin(), folds.end(), 0.0));
    std::vector<std::pair<int, double>>& waiting = unwritten[id];
    waiting.emplace_back(step, value);
    try {
        storage.sync();
        if (isFinished(storage.journal().trial(id).state)) return false; // others took this worker for dead
        while (!waiting.empty()) {
            storage.setIntermediate(id, waiting.front().first, waiting.front().second);
            waiting.erase(waiting.begin());
        }
        reached();
        tellChange();
        if (setup.plan.folds > 0 && setup.plan.pruner != PrunerKind::None && hopeless(id, folds)) return false;
        const PrunerWord word = judge(storage.journal(), current(), storage.journal().trial(id), prunerOptionsOf(setup.plan));
        if (!word.system.empty()) storage.setSystem(id, word.system);
        return !word.prune;
    } catch (const Error& error) {
        // It is not the trial's fault, and no reason to prune it: that would go into the journal as its result.
        if (error.kind() == Error::Kind::Io) {
            notReached(error);
        } else {
            if (message.empty()) message = error.what();
            stopping.request_stop(); // it ends as one that was stopped
        }
        return true;
    }
}

bool HyperparameterSearch::State::hopeless(int id, const std::vector<double>& folds) const
{
    const std::vector<int> best = bestTrials(storage.journal(), current());
    if (best.size() != 1 || best.front() == id) return false;
    const Attributes& user = storage.journal().trial(best.front()).user;
    const auto known = user.find(kFoldValues);
    if (known == user.end()) return false;
    const Json values = parsedJson<Json>(known->second);
    std::vector<double> bestFolds;
    for (const Json& one : values) {
        if (one.is_number()) bestFolds.push_back(one.get<double>());
    }
    return isHopeless(folds, bestFolds, setup.plan.objectives.front().direction);
}

TrialEnd HyperparameterSearch::State::train(const Trial& trial)
{
    TrialSetup own;
    own.plan = setup.plan;
    own.data = setup.data;
    own.device = setup.device;
    own.niceness = setup.niceness;
    own.threads = std::max(1, setup.threads / setup.workers);
    try {
        own.configuration = configurationOf(setup.plan, trial.parameters);
    } catch (const Error& error) {
        TrialEnd end;
        end.state = TrialState::Fail;
        end.failure = error.what();
        return end;
    }
    own.folder = makeFreshRunFolder(setup.folder, "trial-" + std::to_string(trial.number));
    whenReached([&] {
        storage.setUser(trial.id, {{kRunFolderAttribute, Json(std::filesystem::absolute(own.folder).string()).dump()}});
    });
    std::vector<double> folds;
    TrialTalk talk;
    talk.goOn = [&](int step, double value) { return report(trial.id, step, value, folds); };
    talk.progress = [&](double fraction) {
        const std::lock_guard lock(mutex);
        running[trial.id].fraction = fraction;
        tellProgress();
    };
    talk.stop = stopping.get_token();
    return trainTrial(own, talk);
}

/// Does `write` under the mutex, again and again where the storage is away. Throws Error(Io) where that lasts, or this is to
/// stop.
void HyperparameterSearch::State::whenReached(const std::function<void()>& write)
{
    std::unique_lock lock(mutex);
    for (;;) {
        try {
            write();
            return reached();
        } catch (const Error& error) {
            if (error.kind() != Error::Kind::Io) throw;
            notReached(error);
            if (stopping.stop_requested()) throw;
            changed.wait_for(lock, kPause);
        }
    }
}

void HyperparameterSearch::State::end(int id, const TrialEnd& end)
{
    try {
        whenReached([&] { record(id, end); });
    } catch (const Error&) {
        const std::lock_guard lock(mutex);
        running.erase(id);
        throw;
    }
    // Of the folder, not of the journal: a disk that refuses it ends the search.
    const std::lock_guard lock(mutex);
    if (end.state != TrialState::Complete || setup.plan.objectives.size() != 1 || !exists()) return;
    const std::vector<int> best = bestTrials(storage.journal(), current());
    if (!best.empty() && best.front() == id) writeBest(id);
}

/// Under the mutex. Throws Error(Io) where it cannot be written; then it may be called again.
void HyperparameterSearch::State::record(int id, const TrialEnd& end)
{
    storage.sync();
    if (!isFinished(storage.journal().trial(id).state)) {
        Attributes user;
        if (end.imagesPerSecond > 0) user["images_per_second"] = Json(std::round(end.imagesPerSecond)).dump();
        if (!end.folds.empty()) user[kFoldValues] = Json(end.folds).dump();
        if (end.state == TrialState::Running) { // told to stop: someone may go on with it
            user[kFailureAttribute] = kStoppedFailure;
            failAndEnqueueAgain(storage, id, user, kMostStops);
        } else {
            for (const auto& [step, value] : unwritten[id]) storage.setIntermediate(id, step, value);
            unwritten[id].clear();
            if (!end.failure.empty()) user[kFailureAttribute] = Json(end.failure).dump();
            // A pruned trial's value, as Optuna has it, is its last one; with several objectives it has none.
            std::vector<double> values = end.values;
            if (end.state == TrialState::Pruned && setup.plan.objectives.size() != 1) values.clear();
            if (storage.finish(id, end.state, values, user))
                channel.publish([id](SearchNews& news) { news.ended.push_back(id); });
        }
    }
    running.erase(id);
    unwritten.erase(id);
    tellChange();
    failures = end.state == TrialState::Fail ? failures + 1 : end.state == TrialState::Running ? failures : 0;
    if (failures < kMostFailures ||
        occupiedBy(storage.journal(), current()).ended > occupiedBy(storage.journal(), current()).failed)
        return;
    if (message.empty())
        message = std::to_string(failures) +
                  " trials have failed one after the other, and none has succeeded; the last: " + end.failure;
    stopping.request_stop();
}

void HyperparameterSearch::State::writeBest(int id)
{
    writeFileAtomically(bestFile, presetOf(setup.plan, current(), storage.journal().trial(id)).dump(2) + "\n");
}

void HyperparameterSearch::State::run(const Trial& trial)
{
    TrialEnd result;
    try {
        result = train(trial);
    } catch (...) {
        giveBack(trial.id); // its files could not be written: not its fault
        throw;
    }
    end(trial.id, result);
    changed.notify_all();
}

/// As one that was stopped: whoever goes on tries it again.
void HyperparameterSearch::State::giveBack(int id) noexcept
{
    try {
        TrialEnd stopped;
        stopped.state = TrialState::Running;
        const std::lock_guard lock(mutex);
        record(id, stopped);
    } catch (const std::exception&) {
        // The storage is away, too: its heartbeat will be missing.
    }
}

void HyperparameterSearch::State::fail(const std::string& what)
{
    const std::lock_guard lock(mutex);
    if (message.empty()) message = what;
    stopping.request_stop();
}

void HyperparameterSearch::State::work()
{
    try {
        while (const auto trial = next()) run(*trial);
    } catch (const std::exception& error) {
        fail(error.what());
    }
    {
        const std::lock_guard lock(mutex);
        if (--busy == 0)
            state = !message.empty()                                         ? RunState::Failed
                    : stopping.stop_requested() || draining.stop_requested() ? RunState::Stopped
                                                                             : RunState::Finished;
    }
    changed.notify_all();
    tellProgress();
}

/// Says that these workers are alive, and looks after trials whose workers are not. Under the mutex.
void HyperparameterSearch::State::lookAfterOthers()
{
    const std::size_t before = current().trials.size();
    storage.sync();
    const Clock::time_point now = Clock::now();
    if (now >= nextHeartbeat) {
        nextHeartbeat = now + kHeartbeat;
        for (const auto& [id, trial] : running) {
            if (!isFinished(storage.journal().trial(id).state)) storage.setSystem(id, heartbeatAttributes());
        }
    }
    for (const int id : stale.look(storage.journal(), current(), now)) {
        if (running.contains(id)) continue;
        failAndEnqueueAgain(storage, id, {{kFailureAttribute, Json("its worker died").dump()}}, kMostRetries);
        tellChange();
    }
    if (current().trials.size() != before) tellChange();
}

void HyperparameterSearch::State::watch()
{
    std::unique_lock lock(mutex);
    while (!hasEnded(state)) {
        try {
            lookAfterOthers();
            reached();
            changed.wait_for(lock, kLook);
        } catch (const Error& error) {
            if (error.kind() != Error::Kind::Io) {
                if (message.empty()) message = error.what();
                stopping.request_stop();
                return;
            }
            notReached(error);
            changed.wait_for(lock, kPause);
        } catch (const std::exception& error) {
            if (message.empty()) message = error.what();
            stopping.request_stop();
            return;
        }
    }
}

} // namespace latentoscope
