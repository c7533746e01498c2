#include "core/experiment/HyperparameterSearch.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/JsonText.h"
#include "core/base/Machine.h"
#include "core/base/ProcessMark.h"
#include "core/base/Text.h"
#include "core/base/Version.h"
#include "core/config/Fields.h"
#include "core/experiment/TrialTraining.h"
#include "core/models/ComputeThread.h"
#include "core/search/JournalLocation.h"
#include "core/search/ParetoFront.h"
#include "core/search/StaleTrials.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace latentoscope {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr const char* kDataAttribute = "latentoscope:data"; ///< of a study: the digest of what its trials are trained on
constexpr const char* kFoldValues = "fold_values";          ///< of a trial, user: what each fold has
constexpr auto kHeartbeat = std::chrono::seconds(30);
constexpr auto kLook = std::chrono::milliseconds(200); ///< between looks at what others do
constexpr int kMostRetries = 3;                        ///< of a trial whose workers died
constexpr int kMostStops = 1000;                       ///< of a trial that people have stopped

bool hasEnded(RunState state) { return state == RunState::Finished || state == RunState::Stopped || state == RunState::Failed; }

SearchSetup checked(SearchSetup setup)
{
    requireUtf8(setup.folder.string(), "--out");
    requireUtf8(setup.study, "--study");
    requireUtf8(setup.data->folder.string(), "the data folder");
    setup.plan = completed(std::move(setup.plan), setup.data->train.shape);
    if (setup.workers < 1) {
        throw Error(Error::Kind::InvalidArgument, "workers: found " + std::to_string(setup.workers) + ", expected at least 1");
    }
    if (setup.threads <= 0) setup.threads = processorsAllowed();
    setup.device = resolvedDevice(setup.device);
    return setup;
}

/// Where two plans differ, as the path of the first field; empty where they do not.
std::string firstDifference(const Json& a, const Json& b)
{
    for (const Json& change : Json::diff(a, b)) {
        std::string path = change.at("path").get<std::string>();
        if (path == "/name" || path == "/description") continue;
        std::replace(path.begin(), path.end(), '/', '.');
        return path.substr(1);
    }
    return {};
}

} // namespace

struct HyperparameterSearch::State {
    explicit State(SearchSetup s)
        : setup(checked(std::move(s))), storage(openJournal(setup.storage, MissingJournal::Make)), study(openStudy())
    {
        std::filesystem::create_directories(setup.folder);
    }
    ~State()
    {
        stopping = true;
        draining = true;
        changed.notify_all();
        for (std::jthread& thread : threads) thread.join();
        if (watcher.joinable()) watcher.join();
    }

    int openStudy();
    void checkSpace(const Study& found) const;
    const Study& current() const { return storage.journal().studies().at(study); }

    void work();
    void watch();
    std::optional<Trial> next();
    void run(const Trial& trial);
    TrialEnd train(const Trial& trial);
    bool report(int id, int step, double value, std::vector<double>& folds);
    bool hopeless(int id, const std::vector<double>& folds) const;
    void end(int id, const TrialEnd& end);
    void writeBest(int id);
    void lookAfterOthers();
    void fail(const std::string& message);
    bool over() const { return stopping || draining || (setup.seconds > 0 && elapsed() >= setup.seconds); }
    double elapsed() const { return std::chrono::duration<double>(Clock::now() - began).count(); }

    SearchSetup setup;

    mutable std::mutex mutex; ///< of all below, the journal too
    std::condition_variable changed;
    StudyStorage storage;
    int study;
    RunState state = RunState::Ready;
    std::string message;
    std::map<int, RunningTrial> running;
    std::vector<int> newlyEnded;
    StaleTrials stale;
    int busy = 0; ///< workers
    int endedAtStart = 0;
    std::uint64_t changes = 0;
    Clock::time_point began = Clock::now();
    Clock::time_point nextHeartbeat;

    std::atomic<bool> stopping{false};
    std::atomic<bool> draining{false};
    std::vector<std::jthread> threads;
    std::jthread watcher;
};

int HyperparameterSearch::State::openStudy()
{
    std::vector<Direction> directions;
    for (const Objective& objective : setup.plan.objectives) directions.push_back(objective.direction);
    const int id = storage.openStudy(setup.study, directions);
    const Study& found = storage.journal().studies().at(id);
    const Json plan = toJson(setup.plan);
    const std::string data = Json(setup.data->digest).dump();
    if (const auto known = found.user.find(kPlanAttribute); known != found.user.end()) {
        const std::string field = firstDifference(toJson(completed(planOf(found), setup.data->train.shape)), plan);
        if (!field.empty()) {
            throw Error(Error::Kind::InvalidArgument, "study " + setup.study + ": found it begun with another " + field +
                                                          " than asked for; go on with it as it was begun "
                                                          "(--resume), or give the study another name");
        }
    }
    if (const auto known = found.user.find(kDataAttribute); known != found.user.end() && known->second != data) {
        throw Error(Error::Kind::InvalidArgument, "study " + setup.study + ": found it begun on other data than " +
                                                      setup.data->name + " in " + setup.data->folder.string() +
                                                      "; give --data where its own are, or another --study");
    }
    checkSpace(found);
    if (!found.user.contains(kPlanAttribute)) storage.setStudyUser(id, kPlanAttribute, plan.dump());
    if (!found.user.contains(kDataAttribute)) storage.setStudyUser(id, kDataAttribute, data);
    if (!found.system.contains(kMetricNamesAttribute))
        storage.setStudySystem(id, kMetricNamesAttribute, plan["objectives"].dump());
    return id;
}

/// Trials that others made must fit: a journal refuses what does not.
void HyperparameterSearch::State::checkSpace(const Study& found) const
{
    for (const int id : found.trials) {
        for (const auto& [name, parameter] : storage.journal().trial(id).parameters) {
            const auto own = setup.plan.space.parameters.find(name);
            if (own == setup.plan.space.parameters.end() || compatible(*parameter.distribution, own->second)) continue;
            throw Error(Error::Kind::InvalidArgument,
                        "study " + setup.study + ": found " + name + " as " + distributionText(*parameter.distribution) +
                            " in its trials, expected it to go with " + distributionText(own->second) + "; give another --study");
        }
    }
}

/// The next trial to train, begun; none where there is nothing more to do. Waits while others are at work on the last ones: one
/// of them may die.
std::optional<Trial> HyperparameterSearch::State::next()
{
    std::unique_lock lock(mutex);
    for (;;) {
        if (over()) return std::nullopt;
        storage.sync();
        const Occupied occupied = occupiedBy(storage.journal(), current());
        const bool room = setup.trials == 0 || occupied.begun < setup.trials;
        if (room) {
            try {
                const Json seed = setup.plan.configuration.training.seed;
                const auto id = beginTrial(storage, study, sourceOf(setup.plan),
                                           {{"seed", seed.dump()}, {"version", Json(version()).dump()}}, ownerAttributes());
                ++changes;
                if (id) {
                    running[*id] = {*id, storage.journal().trial(*id).number, 0};
                    return storage.journal().trial(*id);
                }
            } catch (const Error& error) {
                if (error.kind() != Error::Kind::InvalidArgument) throw;
                continue; // what someone has enqueued does not fit; the trial says so
            }
        }
        // A trial that is trained elsewhere may come back; of one without an owner nothing would ever be known.
        if (occupied.owned <= static_cast<int>(running.size())) return std::nullopt;
        changed.wait_for(lock, kLook);
    }
}

/// After an epoch: into the journal, and whether the trial goes on.
bool HyperparameterSearch::State::report(int id, int step, double value, std::vector<double>& folds)
{
    const std::lock_guard lock(mutex);
    try {
        storage.sync();
        if (isFinished(storage.journal().trial(id).state)) return false; // others took this worker for dead
        storage.setIntermediate(id, step, value);
        ++changes;
        if (setup.plan.folds > 0 && setup.plan.pruner != PrunerKind::None) {
            // From means so far to the fold's own value.
            const double sum = value * step;
            double before = 0;
            for (const double fold : folds) before += fold;
            folds.push_back(sum - before);
            if (hopeless(id, folds)) return false;
        }
        const PrunerWord word = judge(storage.journal(), current(), storage.journal().trial(id), prunerOptionsOf(setup.plan));
        if (!word.system.empty()) storage.setSystem(id, word.system);
        return !word.prune;
    } catch (const std::exception& error) {
        if (message.empty()) message = error.what();
        stopping = true;
        return false;
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
    {
        const std::lock_guard lock(mutex);
        storage.setUser(trial.id, {{kRunFolderAttribute, Json(std::filesystem::absolute(own.folder).string()).dump()}});
    }
    std::vector<double> folds;
    TrialTalk talk;
    talk.goOn = [&](int step, double value) { return report(trial.id, step, value, folds); };
    talk.progress = [&](double fraction) {
        const std::lock_guard lock(mutex);
        running[trial.id].fraction = fraction;
    };
    talk.stopping = [this] { return stopping.load(); };
    return trainTrial(own, talk);
}

void HyperparameterSearch::State::end(int id, const TrialEnd& end)
{
    const std::lock_guard lock(mutex);
    running.erase(id);
    ++changes;
    Attributes user;
    if (end.imagesPerSecond > 0) user["images_per_second"] = Json(std::round(end.imagesPerSecond)).dump();
    if (!end.folds.empty()) user[kFoldValues] = Json(end.folds).dump();
    if (end.state == TrialState::Running) { // told to stop: someone may go on with it
        user[kFailureAttribute] = Json("stopped").dump();
        if (storage.finish(id, TrialState::Fail, {}, user)) enqueueAgain(storage, id, kMostStops);
        return;
    }
    if (!end.failure.empty()) user[kFailureAttribute] = Json(end.failure).dump();
    // A pruned trial's value, as Optuna has it, is its last one; with several objectives it has none.
    std::vector<double> values = end.values;
    if (end.state == TrialState::Pruned && setup.plan.objectives.size() != 1) values.clear();
    if (!storage.finish(id, end.state, values, user)) return;
    newlyEnded.push_back(id);
    const std::vector<int> best = bestTrials(storage.journal(), current());
    if (setup.plan.objectives.size() == 1 && !best.empty() && best.front() == id) writeBest(id);
}

void HyperparameterSearch::State::writeBest(int id)
{
    writeFileAtomically(setup.folder / "best.json", presetOf(setup.plan, current(), storage.journal().trial(id)).dump(2) + "\n");
}

void HyperparameterSearch::State::run(const Trial& trial)
{
    end(trial.id, train(trial));
    changed.notify_all();
}

void HyperparameterSearch::State::fail(const std::string& what)
{
    const std::lock_guard lock(mutex);
    if (message.empty()) message = what;
    stopping = true;
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
            state = !message.empty() ? RunState::Failed : stopping || draining ? RunState::Stopped : RunState::Finished;
    }
    changed.notify_all();
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
        if (storage.finish(id, TrialState::Fail, {}, {{kFailureAttribute, Json("its worker died").dump()}}))
            enqueueAgain(storage, id, kMostRetries);
        ++changes;
    }
    if (current().trials.size() != before) ++changes;
}

void HyperparameterSearch::State::watch()
{
    std::unique_lock lock(mutex);
    while (!hasEnded(state)) {
        try {
            lookAfterOthers();
        } catch (const std::exception& error) {
            if (message.empty()) message = error.what();
            stopping = true;
            return;
        }
        changed.wait_for(lock, kLook);
    }
}

HyperparameterSearch::HyperparameterSearch(SearchSetup setup) : m_state(std::make_unique<State>(std::move(setup))) {}

HyperparameterSearch::~HyperparameterSearch() = default;

void HyperparameterSearch::start()
{
    State& s = *m_state;
    {
        const std::lock_guard lock(s.mutex);
        if (s.state != RunState::Ready) return;
        s.state = RunState::Running;
        s.began = Clock::now();
        s.nextHeartbeat = s.began + kHeartbeat;
        s.busy = s.setup.workers;
        s.lookAfterOthers(); // what dead workers left comes first
        s.endedAtStart = occupiedBy(s.storage.journal(), s.current()).ended;
    }
    for (int i = 0; i < s.setup.workers; ++i) s.threads.emplace_back([&s] { s.work(); });
    s.watcher = std::jthread([&s] { s.watch(); });
}

void HyperparameterSearch::finish()
{
    m_state->draining = true;
    m_state->changed.notify_all();
}

void HyperparameterSearch::stop()
{
    m_state->stopping = true;
    m_state->changed.notify_all();
}

bool HyperparameterSearch::waitFor(std::chrono::milliseconds limit)
{
    State& s = *m_state;
    std::unique_lock lock(s.mutex);
    return s.changed.wait_for(lock, limit, [&s] { return hasEnded(s.state); });
}

SearchState HyperparameterSearch::state() const
{
    const State& s = *m_state;
    const std::lock_guard lock(s.mutex);
    SearchState now;
    now.state = s.state;
    now.message = s.message;
    now.changes = s.changes;
    const Occupied occupied = occupiedBy(s.storage.journal(), s.current());
    now.ended = occupied.ended;
    now.pruned = occupied.pruned;
    now.failed = occupied.failed;
    now.elsewhere = std::max(0, occupied.running - static_cast<int>(s.running.size()));
    now.best = bestTrials(s.storage.journal(), s.current());
    double done = occupied.ended;
    for (const auto& [id, trial] : s.running) {
        now.running.push_back(trial);
        done += trial.fraction;
    }
    const double taken = s.elapsed();
    if (s.setup.trials > 0) now.fraction = std::min(1.0, done / s.setup.trials);
    if (s.setup.seconds > 0) now.fraction = std::min(1.0, std::max(now.fraction, taken / s.setup.seconds));
    if (s.state != RunState::Running) return now;
    const double made = done - s.endedAtStart;
    if (s.setup.trials > 0 && made > 0) now.secondsLeft = std::max(0.0, taken * (s.setup.trials - done) / made);
    if (s.setup.seconds > 0)
        now.secondsLeft = std::min(now.secondsLeft.value_or(s.setup.seconds), std::max(0.0, s.setup.seconds - taken));
    return now;
}

Study HyperparameterSearch::study() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->current();
}

std::vector<Trial> HyperparameterSearch::trials() const
{
    const std::lock_guard lock(m_state->mutex);
    std::vector<Trial> trials;
    for (const int id : m_state->current().trials) trials.push_back(m_state->storage.journal().trial(id));
    return trials;
}

Trial HyperparameterSearch::trial(int id) const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->storage.journal().trial(id);
}

std::vector<int> HyperparameterSearch::takeEnded()
{
    const std::lock_guard lock(m_state->mutex);
    return std::exchange(m_state->newlyEnded, {});
}

const SearchSetup& HyperparameterSearch::setup() const { return m_state->setup; }

} // namespace latentoscope
