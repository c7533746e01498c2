#include "core/experiment/CrossValidation.h"

#include "core/base/Digest.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/Version.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/data/ImageSet.h"
#include "core/data/Split.h"
#include "core/experiment/Evaluate.h"
#include "core/models/FrozenModel.h"
#include "core/models/Transfer.h"
#include "core/training/Lineage.h"
#include "core/training/Prepare.h"
#include "core/training/RunToEnd.h"
#include "core/training/Snapshot.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <stop_token>
#include <thread>
#include <utility>

namespace latentoscope {
namespace {

using Clock = std::chrono::steady_clock;
using Stage = FoldState::Stage;

constexpr const char* kSeenByEncoder = "held_out_seen_by_encoder"; ///< of a fold: how many of its held-out images

/// The classes of which there are fewer images than folds.
std::vector<int> classesBelow(const ImageSet& set, int folds)
{
    std::map<Label, int> counts;
    for (const Label label : set.labels) ++counts[label];
    std::vector<int> rare;
    for (const auto& [label, count] : counts) {
        if (count < folds) rare.push_back(label);
    }
    return rare;
}

/// Of all training images, each of which one fold or another holds out.
SeenItems seenByEncoder(const CrossValidationSetup& setup)
{
    if (setup.training.lineage.empty() || setup.pretraining) return {};
    std::vector<int> all(static_cast<std::size_t>(setup.training.data->train.count()));
    std::iota(all.begin(), all.end(), 0);
    return seenBy(setup.training.lineage, {setup.training.data, nullptr, 0}, all);
}

FoldsRecord recordOf(const CrossValidationSetup& setup)
{
    const RunRecord run = recordOf(setup.training);
    FoldsRecord record;
    record.configuration = run.configuration;
    record.pretraining = setup.pretraining;
    record.shape = run.shape;
    record.dataName = run.dataName;
    record.dataDigest = run.dataDigest;
    record.dataFolder = run.dataFolder;
    record.encoderFolder = run.encoderFolder;
    record.created = run.created;
    record.version = run.version;
    record.encoderDigest = run.encoderDigest;
    record.notes = caveats(setup);
    if (setup.training.weights) record.weightsDigest = weightsDigest(*setup.training.weights);
    return record;
}

/// With the folds in the configurations, and all that can be known to be wrong refused.
CrossValidationSetup checked(CrossValidationSetup setup)
{
    requireUtf8(setup.folder.string(), "--out");
    SessionSetup& training = setup.training;
    training.split = nullptr;
    training.monitor = {};
    training.goOn = nullptr;
    const auto divided = [&](DataOptions& data) {
        data.readAs(training.configuration.data); // the seed, too
        data.folds = setup.folds;
        data.fold = 1;
    };
    foldsByClass(training.data->train, setup.folds, training.configuration.data.seed); // refuses too few and too many
    if (!setup.pretraining) requireLearnedEncoder(training);
    if (const SeenItems seen = seenByEncoder(setup); seen.labels > 0) {
        throw Error(Error::Kind::InvalidArgument,
                    "the encoder of " + training.encoder.string() + " was trained with the labels of " +
                        groupedText(seen.labels) +
                        " of the images that the folds hold out, so an accuracy on them would say nothing; begin with an encoder "
                        "that has learned without labels, or have each fold train its own (--pretrain)");
    }
    divided(training.configuration.data);
    if (setup.pretraining) {
        if (!kindOf(training.configuration.model).classifies) {
            throw Error(Error::Kind::InvalidArgument,
                        "model.kind: found " + training.configuration.model.kind +
                            " with pre-training, expected classifier: only its encoder is trained before");
        }
        if (kindOf(setup.pretraining->model).classifies) {
            throw Error(Error::Kind::InvalidArgument,
                        "the pre-training's model.kind: found classifier, expected a kind that learns without labels");
        }
        divided(setup.pretraining->data);
        takeEncoderOptions(training.configuration.model, setup.pretraining->model);
        SessionSetup first = training;
        first.configuration = *setup.pretraining;
        first.weights = nullptr;
        completed(std::move(first));
    }
    const SessionSetup whole = completed(training);
    training.device = whole.device;
    training.threads = whole.threads;
    return setup;
}

/// What keeps a fold's run from being taken for finished; empty where it is whole.
std::string missingOf(const std::filesystem::path& folder)
{
    try {
        const RunRecord run = readRun(folder);
        readModel(folder, run.configuration.model, run.shape);
        const auto epochs = readMetrics(folder).size();
        if (epochs == static_cast<std::size_t>(run.configuration.training.epochs)) return {};
        return folder.string() + ": holds " + std::to_string(epochs) + " epochs, expected " +
               std::to_string(run.configuration.training.epochs);
    } catch (const Error& error) {
        return error.what();
    }
}

/// All folds; those are done that have a score and whose runs are whole.
std::vector<FoldState> foldsFrom(const std::filesystem::path& folder, const FoldsRecord& record,
                                 const std::vector<FoldScore>& scores)
{
    const int folds = record.folds();
    std::vector<FoldState> states(static_cast<std::size_t>(folds));
    for (std::size_t i = 0; i < states.size(); ++i) states[i].fold = static_cast<int>(i) + 1;
    for (const FoldScore& score : scores) {
        if (score.fold > folds) {
            throw Error(Error::Kind::CorruptData, (folder / "folds.csv").string() + ": found fold " + std::to_string(score.fold) +
                                                      ", expected at most " + std::to_string(folds));
        }
        FoldState& fold = states[static_cast<std::size_t>(score.fold - 1)];
        std::string missing = missingOf(foldFolder(folder, score.fold, folds));
        if (missing.empty() && record.pretraining) missing = missingOf(foldEncoderFolder(folder, score.fold, folds));
        if (!missing.empty()) {
            fold.warning = missing + "; the fold does not count until it is trained again";
            continue;
        }
        fold.stage = Stage::Done;
        fold.fromBefore = true;
        fold.fraction = 1;
        fold.score = score;
        fold.epochs = readMetrics(foldFolder(folder, score.fold, folds));
    }
    return states;
}

} // namespace

CrossValidationState readCrossValidation(const std::filesystem::path& folder, const FoldsRecord& record)
{
    CrossValidationState state;
    state.folds = foldsFrom(folder, record, readScores(folder));
    const std::size_t done = state.scores().size();
    state.state = done == state.folds.size() ? RunState::Finished : RunState::Stopped;
    state.fraction = static_cast<double>(done) / static_cast<double>(state.folds.size());
    return state;
}

struct CrossValidation::State {
    explicit State(CrossValidationSetup s) : setup(checked(std::move(s))), record(recordOf(setup))
    {
        if (!setup.folder.empty()) kept = openFolds(setup.folder, record, setup.training.existing);
        if (!kept.scores.empty()) record = readFoldsRecord(kept.files); // begun at another time
        CrossValidationState first;
        first.folds = foldsFrom(kept.files, record, kept.scores);
        summarize(first);
        channel.note([&](CrossValidationState& now) { now = std::move(first); });
    }

    ~State()
    {
        stopping.request_stop();
        for (std::jthread& thread : threads) thread.join();
        if (scores().empty()) abandon(kept); // never begun, or stopped before anything was worth keeping
    }

    template <class Edit> void edit(int fold, const Edit& change)
    {
        channel.publish([&](CrossValidationState& now) {
            change(now.folds.at(static_cast<std::size_t>(fold - 1)));
            summarize(now);
        });
    }
    void summarize(CrossValidationState& now) const;
    std::vector<FoldScore> scores() const { return channel.look().scores(); }

    SessionSetup foldSetup(int fold) const
    {
        SessionSetup session = setup.training;
        session.configuration.data.fold = fold;
        session.existing = Existing::Refuse;
        if (!setup.folder.empty()) session.runFolder = foldFolder(kept.files, fold, setup.folds);
        if (setup.pretraining && !setup.folder.empty()) session.encoder = foldEncoderFolder(setup.folder, fold, setup.folds);
        return session;
    }

    void work();
    std::optional<std::pair<int, int>> next();
    void computeFold(int fold, int workers);
    struct Trained {
        std::shared_ptr<const FrozenModel> model; ///< null where this is to stop
        int images = 0;                           ///< that it learned from
    };
    Trained train(SessionSetup session, int fold, Stage stage, double before, double share);
    void finish(int fold, FoldScore score);
    void end(RunState state, const std::string& message);
    std::string settle(std::string failure);

    CrossValidationSetup setup;
    FoldsRecord record;
    NewFolds kept; ///< where they are on disk; no names where nothing is

    Channel<CrossValidationState> channel;
    std::mutex mutex;
    std::condition_variable ended;
    bool over = false;        ///< under `mutex`
    std::atomic<int> busy{0}; ///< threads that are at work on folds
    double fromBefore{};      ///< share of all work that was done when this began
    Clock::time_point began;
    std::mutex writing; ///< of the folder's own files

    std::stop_source stopping;
    std::vector<std::jthread> threads;
};

/// The next fold to compute and how many threads it gets; none where there is none, or this is to stop.
std::optional<std::pair<int, int>> CrossValidation::State::next()
{
    return channel.publish([this](CrossValidationState& now) -> std::optional<std::pair<int, int>> {
        if (stopping.stop_requested() || now.state != RunState::Running) return std::nullopt;
        int waiting = 0;
        FoldState* first = nullptr;
        for (FoldState& fold : now.folds) {
            if (fold.stage != Stage::Waiting) continue;
            if (first == nullptr) first = &fold;
            ++waiting;
        }
        if (first == nullptr) return std::nullopt;
        first->stage = setup.pretraining ? Stage::Pretraining : Stage::Training;
        return std::pair(first->fold, std::max(1, setup.training.threads / std::min(waiting, setup.training.threads)));
    });
}

/// How far all of it is, and how long it will take at the pace so far.
void CrossValidation::State::summarize(CrossValidationState& now) const
{
    now.fraction = 0;
    now.secondsLeft.reset();
    for (const FoldState& fold : now.folds) now.fraction += fold.fraction / static_cast<double>(now.folds.size());
    if (now.state != RunState::Running || now.fraction <= fromBefore) return;
    const std::chrono::duration<double> taken = Clock::now() - began;
    now.secondsLeft = taken.count() * (1 - now.fraction) / (now.fraction - fromBefore);
}

/// Trains to the end. `before` of the fold's work is done, this is `share` of it.
CrossValidation::State::Trained CrossValidation::State::train(SessionSetup session, int fold, Stage stage, double before,
                                                              double share)
{
    if (!session.runFolder.empty()) {
        std::error_code error; // what a fold left that was stopped, or cut off
        std::filesystem::remove_all(session.runFolder, error);
    }
    TrainingSession training(std::move(session));
    const auto show = [&](const Snapshot& news) {
        edit(fold, [&](FoldState& state) {
            state.stage = stage;
            state.fraction = before + share * news.progress.fraction;
            if (stage == Stage::Training) state.epochs.insert(state.epochs.end(), news.epochs.begin(), news.epochs.end());
            if (!news.warning.empty()) state.warning = news.warning;
        });
    };
    const Snapshot last = runToEnd(training, show, stopping.get_token());
    if (last.state == RunState::Failed) throw Error(Error::Kind::Numeric, "fold " + std::to_string(fold) + ": " + last.message);
    if (last.state != RunState::Finished) return {};
    return {training.model(), static_cast<int>(training.setup().split->train.size())};
}

void CrossValidation::State::computeFold(int fold, int workers)
{
    SessionSetup session = foldSetup(fold);
    session.threads = workers;
    session.split = divide(session.data, session.configuration.data).split;
    double before = 0;
    if (setup.pretraining) {
        SessionSetup first = session;
        first.configuration = *setup.pretraining;
        first.configuration.data.fold = fold;
        if (!setup.folder.empty()) first.runFolder = foldEncoderFolder(kept.files, fold, setup.folds);
        first.encoder.clear();
        const auto epochs = static_cast<double>(first.configuration.training.epochs);
        before = epochs / (epochs + session.configuration.training.epochs);
        RunRecord own;
        own.configuration = first.configuration;
        own.dataName = first.data->name;
        own.dataDigest = first.data->digest;
        const auto encoder = train(std::move(first), fold, Stage::Pretraining, 0, before).model;
        if (!encoder) return;
        session.encoderDigest = weightsDigest(encoder->weights());
        session.lineage = lineageOf(session.encoder, own);
        session.weights = std::make_shared<std::vector<float>>(
            withEncoderOf(*encoder, session.configuration.model, session.configuration.training.seed));
    }
    const DividedData divided = session.divided();
    const int seen = session.lineage.empty() ? 0 : seenBy(session.lineage, divided, divided.split->validation).images;
    const auto [model, images] = train(std::move(session), fold, Stage::Training, before, 1 - before);
    if (!model) return;
    edit(fold, [](FoldState& state) { state.stage = Stage::Measuring; });
    const ItemSelection held = wholeSplit(divided, "validation");
    FoldScore score;
    score.fold = fold;
    score.trainImages = images;
    score.heldOutImages = static_cast<int>(held.items.size());
    score.values = evaluate(*model, *divided.set, held, workers).values;
    if (seen > 0) score.values.push_back({kSeenByEncoder, static_cast<double>(seen)});
    finish(fold, std::move(score));
}

void CrossValidation::State::finish(int fold, FoldScore score)
{
    const std::lock_guard file(writing);
    std::vector<FoldScore> all = scores();
    all.insert(std::find_if(all.begin(), all.end(), [&](const FoldScore& s) { return s.fold > fold; }), score);
    // On disk first: what is shown as done is not lost any more.
    if (!setup.folder.empty()) writeScores(kept.files, record, all);
    edit(fold, [&](FoldState& state) {
        state.stage = Stage::Done;
        state.fraction = 1;
        state.score = std::move(score);
    });
}

void CrossValidation::State::end(RunState state, const std::string& message)
{
    channel.publish([&](CrossValidationState& now) {
        now.state = state;
        now.message = message;
        summarize(now);
    });
    const std::lock_guard lock(mutex);
    over = true;
    ended.notify_all();
}

/// Once no fold computes any more: what has come of it takes the older one's place, but a failure does not. What is to be told of
/// a failure.
std::string CrossValidation::State::settle(std::string failure)
{
    if (!kept.replacing()) return failure;
    if (!failure.empty()) {
        abandon(kept);
        return failure + "; the cross-validation that was to be replaced is as it was";
    }
    try {
        if (!scores().empty()) replaceOlder(kept, record);
    } catch (const std::exception& error) {
        return error.what();
    }
    return {};
}

void CrossValidation::State::work()
{
    std::string failure;
    try {
        while (const auto job = next()) computeFold(job->first, job->second);
    } catch (const std::exception& error) {
        failure = error.what();
        stopping.request_stop(); // one fold that fails spoils the mean: the others' time would be lost on it
    }
    channel.publish([&](CrossValidationState& now) {
        if (!failure.empty() && now.message.empty()) now.message = failure;
    });
    if (--busy > 0) return;
    const CrossValidationState now = channel.look();
    const bool whole = std::all_of(now.folds.begin(), now.folds.end(), [](const FoldState& f) { return f.stage == Stage::Done; });
    failure = settle(now.message);
    if (!failure.empty())
        end(RunState::Failed, failure);
    else
        end(whole ? RunState::Finished : RunState::Stopped, {});
}

CrossValidation::CrossValidation(CrossValidationSetup setup) : m_state(std::make_unique<State>(std::move(setup))) {}

CrossValidation::~CrossValidation() = default;

void CrossValidation::start()
{
    State& s = *m_state;
    const CrossValidationState before = s.channel.look();
    if (before.state != RunState::Ready) return;
    s.began = Clock::now();
    s.fromBefore = before.fraction;
    const auto waiting = static_cast<int>(std::count_if(before.folds.begin(), before.folds.end(),
                                                        [](const FoldState& fold) { return fold.stage == Stage::Waiting; }));
    // A GPU is driven by one thread.
    const bool processor = s.setup.training.device == "cpu";
    s.busy = std::max(1, processor ? std::min(waiting, s.setup.training.threads) : 1);
    s.channel.publish([](CrossValidationState& now) { now.state = RunState::Running; });
    const int count = s.busy;
    for (int i = 0; i < count; ++i) s.threads.emplace_back([&s] { s.work(); });
}

void CrossValidation::stop() { m_state->stopping.request_stop(); }

bool CrossValidation::waitFor(std::chrono::milliseconds limit)
{
    State& s = *m_state;
    std::unique_lock lock(s.mutex);
    return s.ended.wait_for(lock, limit, [&s] { return s.over; });
}

Channel<CrossValidationState>& CrossValidation::channel() { return m_state->channel; }

CrossValidationState CrossValidation::state() const { return m_state->channel.look(); }

const CrossValidationSetup& CrossValidation::setup() const { return m_state->setup; }

const FoldsRecord& CrossValidation::record() const { return m_state->record; }

SessionSetup CrossValidation::foldSetup(int fold) const { return m_state->foldSetup(fold); }

std::vector<FoldScore> CrossValidationState::scores() const
{
    std::vector<FoldScore> scores;
    for (const FoldState& fold : folds) {
        if (fold.stage == Stage::Done) scores.push_back(fold.score);
    }
    return scores;
}

std::vector<std::string> caveats(const CrossValidationSetup& setup)
{
    std::vector<std::string> notes;
    const SeenItems seen = seenByEncoder(setup);
    const std::string whose = "the encoder of " + setup.training.encoder.string() + " ";
    if (seen.images > 0) {
        notes.push_back(whose + "has seen " +
                        (seen.images < seen.items ? groupedText(seen.images) + " of the " + groupedText(seen.items) : "the") +
                        " images that the folds hold out, without their labels");
    }
    if (seen.unknown) notes.push_back(whose + "goes back to a run that is not there any more: what it has seen is not known");
    if (const std::vector<int> rare = classesBelow(setup.training.data->train, setup.folds); !rare.empty()) {
        const std::vector<std::string>& names = setup.training.data->classNames;
        std::vector<std::string> words;
        for (const int label : rare)
            words.push_back(static_cast<std::size_t>(label) < names.size() ? names[static_cast<std::size_t>(label)]
                                                                           : std::to_string(label));
        notes.push_back("some folds hold out no image of " + joined(words) + ", of which there are fewer images than folds");
    }
    if (setup.training.configuration.training.keep == KeptWeights::Best) {
        notes.push_back(
            "training.keep is best: each fold keeps the epoch that does best on the very images it is measured on, so "
            "the figures flatter");
    }
    return notes;
}

std::vector<FoldSpread> shownSpreads(const Configuration& configuration, const ImageShape& shape,
                                     const std::vector<FoldScore>& scores)
{
    std::vector<FoldSpread> spreads = spreadOf(scores);
    const std::vector<std::string> names = tabledFigures(configuration.model, shape);
    std::erase_if(spreads,
                  [&](const FoldSpread& spread) { return std::find(names.begin(), names.end(), spread.name) == names.end(); });
    return spreads;
}

} // namespace latentoscope
