#include "core/experiment/HyperparameterSearch.h"

#include "core/base/AtomicFile.h"
#include "core/base/Digest.h"
#include "core/base/Error.h"
#include "core/base/JsonText.h"
#include "core/base/Machine.h"
#include "core/base/Text.h"
#include "core/data/DataSet.h"
#include "core/data/Split.h"
#include "core/experiment/SearchWork.h"
#include "core/kinds/Kind.h"
#include "core/models/ComputeThread.h"
#include "core/models/FrozenModel.h"
#include "core/models/Transfer.h"
#include "core/search/ParetoFront.h"
#include "core/storage/RunFolder.h"
#include "core/studies/JournalLocation.h"
#include "core/training/Lineage.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace latentoscope {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr const char* kDataAttribute = "latentoscope:data"; ///< of a study: the digest of what its trials are trained on
constexpr auto kPatienceOfACall = std::chrono::seconds(3);  ///< of one with the storage: workers and lookers wait for it

/// The sizes of the plan's encoder are its run's, and its weights those that the study was begun with.
void takeEncoder(SearchPlan& plan)
{
    if (!kindOf(plan.configuration.model).classifies) {
        throw Error(Error::Kind::InvalidArgument, "encoder: found " + plan.encoder + ", but a network of kind " +
                                                      plan.configuration.model.kind + " begins with no other run's encoder");
    }
    for (const std::string& field : encoderFields()) {
        if (plan.space.parameters.contains(field)) {
            throw Error(Error::Kind::InvalidArgument, "space: found " + field + ", but the encoder is that of " + plan.encoder +
                                                          ", whose sizes are given; search other fields, or without --encoder");
        }
    }
    std::error_code ignored;
    plan.encoder = std::filesystem::absolute(plan.encoder, ignored).lexically_normal().string();
    const RunRecord run = readRun(plan.encoder);
    takeEncoderOptions(plan.configuration.model, run.configuration.model);
    const std::string digest = weightsDigest(readModel(plan.encoder, run.configuration.model, run.shape)->weights());
    if (plan.encoderDigest.empty()) plan.encoderDigest = digest;
    if (plan.encoderDigest == digest) return;
    throw Error(Error::Kind::InvalidArgument, "encoder: " + plan.encoder +
                                                  " was trained again since the study was begun (digest " + digest.substr(0, 12) +
                                                  ", then " + plan.encoderDigest.substr(0, 12) + "); begin another study");
}

/// A trial that holds fast an encoder that has learned nothing would fail, or mislead.
void requireLearnedEncoder(const SearchPlan& plan)
{
    if (!plan.encoder.empty() || !kindOf(plan.configuration.model).classifies) return;
    const auto searched = plan.space.parameters.find("model.freeze_encoder");
    if (!plan.configuration.model.freezeEncoder && searched == plan.space.parameters.end()) return;
    throw Error(
        Error::Kind::InvalidArgument,
        "model.freeze_encoder: found it set or searched without a trained encoder, but an encoder that has learned nothing "
        "must learn; give --encoder RUN, or leave it at no");
}

SearchSetup checked(SearchSetup setup)
{
    requireUtf8(setup.folder.string(), "--out");
    requireUtf8(setup.study, "--study");
    requireUtf8(setup.data->folder.string(), "the data folder");
    if (!setup.plan.encoder.empty()) takeEncoder(setup.plan);
    requireLearnedEncoder(setup.plan);
    setup.plan = completed(std::move(setup.plan), setup.data->train.shape);
    if (setup.workers < 1) {
        throw Error(Error::Kind::InvalidArgument, "workers: found " + std::to_string(setup.workers) + ", expected at least 1");
    }
    if (setup.threads <= 0) setup.threads = processorsAllowed();
    setup.device = resolvedDevice(setup.device);
    if (setup.plan.folds > 0)
        foldsByClass(setup.data->train, setup.plan.folds, setup.plan.configuration.data.seed); // refuses too many
    return setup;
}

/// best.json, unless a trial of another study lies there.
std::filesystem::path bestFileOf(const SearchSetup& setup)
{
    const std::filesystem::path usual = setup.folder / "best.json";
    std::error_code ignored;
    if (!std::filesystem::exists(usual, ignored)) return usual;
    const Json there = parsedJson<Json>(readFile(usual));
    const auto name = there.is_object() ? there.find("name") : there.end();
    const bool ours = there.is_object() && name != there.end() && name->is_string() &&
                      name->get_ref<const std::string&>().starts_with(setup.study + "-");
    if (ours) return usual;
    std::string own = setup.study;
    std::replace(own.begin(), own.end(), '/', '_');
    return setup.folder / ("best-" + own + ".json");
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

HyperparameterSearch::State::State(SearchSetup s)
    : setup(checked(std::move(s))),
      storage(openJournal(setup.storage, MissingJournal::Make, kPatienceOfACall)),
      study(openStudy())
{
    std::filesystem::create_directories(setup.folder);
    bestFile = bestFileOf(setup);
}

HyperparameterSearch::State::~State()
{
    stopping.request_stop();
    changed.notify_all();
    for (std::jthread& thread : threads) thread.join();
    if (watcher.joinable()) watcher.join();
}

const Study& HyperparameterSearch::State::current() const
{
    const auto found = storage.journal().studies().find(study);
    if (found != storage.journal().studies().end()) return found->second;
    throw Error(Error::Kind::NotFound, "study " + setup.study + ": was deleted from " + locationText(setup.storage) +
                                           " by another program; its trials' runs lie in " + setup.folder.string());
}

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
    requireCompatible(storage.journal(), found, setup.plan.space.parameters);
    if (!found.user.contains(kPlanAttribute)) storage.setStudyUser(id, kPlanAttribute, plan.dump());
    if (!found.user.contains(kDataAttribute)) storage.setStudyUser(id, kDataAttribute, data);
    if (!found.system.contains(kMetricNamesAttribute))
        storage.setStudySystem(id, kMetricNamesAttribute, plan["objectives"].dump());
    return id;
}

HyperparameterSearch::HyperparameterSearch(SearchSetup setup) : m_state(std::make_unique<State>(std::move(setup))) {}

HyperparameterSearch::~HyperparameterSearch() = default;

void HyperparameterSearch::start()
{
    State& s = *m_state;
    {
        const std::lock_guard lock(s.mutex);
        if (s.state != RunState::Ready) return;
        s.began = Clock::now();
        s.nextHeartbeat = s.began + kHeartbeat;
        s.lookAfterOthers(); // what dead workers left comes first; where that throws, nothing has begun
        s.endedAtStart = occupiedBy(s.storage.journal(), s.current()).ended;
        s.busy = s.setup.workers;
        s.state = RunState::Running;
    }
    for (int i = 0; i < s.setup.workers; ++i) s.threads.emplace_back([&s] { s.work(); });
    s.watcher = std::jthread([&s] { s.watch(); });
}

void HyperparameterSearch::finish()
{
    m_state->draining.request_stop();
    m_state->changed.notify_all();
}

void HyperparameterSearch::stop()
{
    m_state->stopping.request_stop();
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
    now.warning = s.warning;
    if (!s.exists()) return now; // deleted; the workers say so
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
    if (m_state->exists()) return m_state->current();
    Study deleted;
    deleted.id = m_state->study;
    deleted.name = m_state->setup.study;
    for (const Objective& objective : m_state->setup.plan.objectives) deleted.directions.push_back(objective.direction);
    return deleted;
}

std::vector<Trial> HyperparameterSearch::trials() const
{
    const std::lock_guard lock(m_state->mutex);
    std::vector<Trial> trials;
    if (!m_state->exists()) return trials;
    for (const int id : m_state->current().trials) trials.push_back(m_state->storage.journal().trial(id));
    return trials;
}

Trial HyperparameterSearch::trial(int id) const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->storage.journal().trial(id);
}

Channel<SearchNews>& HyperparameterSearch::channel() { return m_state->channel; }

std::filesystem::path HyperparameterSearch::bestFile() const { return m_state->bestFile; }

std::vector<std::string> HyperparameterSearch::notes() const
{
    const SearchSetup& setup = m_state->setup;
    if (setup.plan.encoder.empty()) return {};
    const DividedData divided = divide(setup.data, setup.plan.configuration.data);
    return encoderNotes(setup.plan.encoder, lineageOf(setup.plan.encoder, readRun(setup.plan.encoder)), divided);
}

const SearchSetup& HyperparameterSearch::setup() const { return m_state->setup; }

} // namespace latentoscope
