#include "core/training/TrainingSession.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/Version.h"
#include "core/config/Fields.h"
#include "core/config/Kind.h"
#include "core/models/ComputeThread.h"
#include "core/models/InitialWeights.h"
#include "core/storage/PngFile.h"
#include "core/training/BestWeights.h"
#include "core/training/Collapse.h"
#include "core/training/LiveViews.h"
#include "core/training/ModelSlot.h"
#include "core/training/Prepare.h"
#include "core/training/RateMeter.h"
#include "core/training/RunWriter.h"
#include "core/training/Trainer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

namespace latentoscope {
namespace {

using Clock = std::chrono::steady_clock;
using Wish = Life::Wish;

constexpr auto kModelInterval = std::chrono::milliseconds(50); ///< how old model() may be while training with live views
/// Between files of weights: each waits for the disk on the training thread, and epochs here take about a second.
constexpr auto kSaveInterval = std::chrono::seconds(10);
constexpr auto kRetryInterval = std::chrono::seconds(1); ///< between tries of the last save, where the disk refuses it

} // namespace

/// What the two threads share stands under `mutex`, and only tell() changes `life`.
struct TrainingSession::State {
    explicit State(SessionSetup s)
        : setup(completed(std::move(s))),
          measures(measuresOf(setup.configuration.model, setup.data->train.shape)),
          target(setup.configuration.training.epochs),
          best(measures.front()),
          collapses(setup.configuration,
                    classShares(setup.data->train.labels,
                                setup.split->validation.empty() ? setup.split->train : setup.split->validation))
    {
        requireLearnedEncoder(setup);
        publishModel(initialModel(), 0);
        if (!setup.runFolder.empty()) writer.emplace(setup.runFolder, recordOf(setup), setup.existing, measures);
        log(setup.data->name + ", " + std::to_string(setup.threads) + " threads, " + setup.device);
        if (writer) writer->flush();
        thread = std::jthread([this] { serve(); });
    }

    ~State()
    {
        tell(LifeEvent::End);
        thread.join();
    }

    /// `also` runs under the lock where the event takes effect.
    template <class Also> bool tell(LifeEvent event, Also also)
    {
        {
            const std::lock_guard lock(mutex);
            const RunState before = life.state;
            if (!transition(life, event)) return false;
            also();
            if (life.wish != Wish::Run)
                running.request_stop();
            else if (running.stop_requested())
                running = std::stop_source();
            if (life.wish == Wish::End) ending.request_stop();
            if (life.state != before) channel.publish([&](Snapshot& snapshot) { snapshot.state = life.state; });
        }
        changed.notify_all();
        return true;
    }
    bool tell(LifeEvent event)
    {
        return tell(event, [] {});
    }
    Life now() const
    {
        const std::lock_guard lock(mutex);
        return life;
    }

    // The rest runs on the training thread.
    void serve();
    void trainUntilDone(Trainer& trainer, LiveViews* views);
    void handleStep(const Trainer& trainer, const LossPoint& loss);
    void handleEpoch(Trainer& trainer, LiveViews* views, const EpochMetrics& metrics);
    void waitWhilePaused(Trainer& trainer);
    void finish(Trainer& trainer, LiveViews* views, LifeEvent how);
    void writeThumbnail() const;
    void fail(const std::string& message);
    void failAfter(const std::exception& error, Trainer* trainer);
    void save(const Trainer& trainer);
    void saveAtLast(const Trainer& trainer);
    template <class Writing> bool wrote(const Writing& writing);
    Kept keptOf(const Trainer& trainer) const;
    int epochsAskedFor() const
    {
        const std::lock_guard lock(mutex);
        return target;
    }
    Progress progressOf(const Trainer& trainer) const;
    static double epochOf(const Trainer& trainer) { return static_cast<double>(trainer.stepsDone()) / trainer.stepsPerEpoch(); }

    std::shared_ptr<const FrozenModel> initialModel() const
    {
        const ModelOptions& model = setup.configuration.model;
        const ImageShape& shape = setup.data->train.shape;
        return std::make_shared<FrozenModel>(
            model, shape,
            setup.weights ? *setup.weights : initialWeights(parameterLayout(model, shape), setup.configuration.training.seed));
    }
    EngineSetup engineSetup() const
    {
        return {setup.configuration.model,
                setup.configuration.training,
                setup.data->train.shape,
                setup.threads,
                setup.device,
                setup.niceness,
                setup.weights ? *setup.weights : std::vector<float>()};
    }
    std::shared_ptr<const FrozenModel> frozen(const Trainer& trainer) const
    {
        return std::make_shared<FrozenModel>(setup.configuration.model, setup.data->train.shape, trainer.engine().weights());
    }
    void publishModel(std::shared_ptr<const FrozenModel> model, double epoch)
    {
        const std::lock_guard lock(slot->mutex);
        slot->newest = {std::move(model), epoch};
    }
    void log(const std::string& line)
    {
        if (writer) writer->log(line);
    }
    void warn(const std::string& sentence)
    {
        log(sentence);
        channel.publish([&](Snapshot& snapshot) { snapshot.warning = sentence; });
    }
    /// Of all work between now and the next wish.
    std::stop_token stretch() const
    {
        const std::lock_guard lock(mutex);
        return running.get_token();
    }
    bool shows() const { return setup.monitor.live() || setup.monitor.pictures; }

    SessionSetup setup; ///< the training thread reads all but the epochs, which grow
    std::vector<Measure> measures;
    SnapshotChannel channel;

    std::shared_ptr<ModelSlot> slot = std::make_shared<ModelSlot>();

    mutable std::mutex mutex;
    std::condition_variable changed;
    Life life;
    std::stop_source running; ///< stopped when the wish is another than to run; a new one when it is that again
    std::stop_source ending;  ///< stopped when the session goes away
    int target;               ///< epochs asked for
    int epochsDone = 0;
    bool kept = false; ///< the run folder holds weights of this training

    std::optional<RunWriter> writer; ///< none where the run goes nowhere
    bool refused = false;            ///< by the disk, the last time that something was to be written
    bool givenUp = false;            ///< told to stop while the last save is tried again; under `mutex`
    RateMeter rate;
    Clock::time_point nextModel;
    Clock::time_point nextSave;
    BestWeights best; ///< looked at only where training.keep is best
    CollapseWatch collapses;
    std::jthread thread;
};

Progress TrainingSession::State::progressOf(const Trainer& trainer) const
{
    Progress progress;
    progress.epoch = trainer.epochsDone();
    progress.epochs = epochsAskedFor();
    const double all = static_cast<double>(progress.epochs) * trainer.stepsPerEpoch();
    progress.fraction = static_cast<double>(trainer.stepsDone()) / all;
    progress.imagesPerSecond = rate.perSecond();
    if (progress.imagesPerSecond > 0) {
        progress.secondsLeft = (1 - progress.fraction) * progress.epochs * trainer.trainingImages() / progress.imagesPerSecond;
    }
    return progress;
}

void TrainingSession::State::handleStep(const Trainer& trainer, const LossPoint& loss)
{
    rate.add(trainer.lastBatchImages());
    if (writer) writer->add(loss);
    const Progress progress = progressOf(trainer);
    channel.publish([&](Snapshot& snapshot) {
        snapshot.losses.push_back(loss);
        snapshot.progress = progress;
    });
    const Clock::time_point now = Clock::now();
    if (setup.monitor.live() && now >= nextModel) {
        publishModel(frozen(trainer), loss.epoch);
        // Copying a large network takes its time: a twentieth of the training's at most.
        const Clock::time_point copied = Clock::now();
        nextModel = copied + std::max<Clock::duration>(kModelInterval, 20 * (copied - now));
    }
}

void TrainingSession::State::handleEpoch(Trainer& trainer, LiveViews* views, const EpochMetrics& metrics)
{
    auto model = frozen(trainer);
    publishModel(model, metrics.epoch);
    if (setup.configuration.training.keep == "best") best.look(metrics, model, trainer.trainedTo());
    if (views != nullptr && setup.monitor.pictures) views->addEpoch(metrics.epoch, std::move(model));
    const Progress progress = progressOf(trainer);
    const std::string warning = collapses.look(metrics, trainer.stepsPerEpoch());
    channel.publish([&](Snapshot& snapshot) {
        snapshot.epochs.push_back(metrics);
        snapshot.progress = progress;
    });
    if (!warning.empty()) warn(warning);
    {
        const std::lock_guard lock(mutex);
        epochsDone = metrics.epoch;
    }
    if (setup.goOn && !setup.goOn(metrics)) tell(LifeEvent::Stop);
    if (!writer) return;
    writer->add(metrics);
    if (Clock::now() >= nextSave || (!writer->saved() && !refused)) {
        trainer.judge();
        wrote([&] { save(trainer); });
    } else if (!refused) {
        wrote([&] { writer->flush(); });
    }
}

/// Whether the disk took it. Where it did not, the training goes on and the next save tries again: an hour's work is not given up
/// for a disk that is full for a minute.
template <class Writing> bool TrainingSession::State::wrote(const Writing& writing)
{
    try {
        writing();
    } catch (const Error& error) {
        if (error.kind() != Error::Kind::Io) throw;
        nextSave = Clock::now() + kSaveInterval;
        if (!std::exchange(refused, true))
            warn(std::string(error.what()) + "; the training goes on, and writing is tried again every ten seconds");
        return false;
    }
    if (std::exchange(refused, false)) warn("the run is on disk again, with nothing missing");
    return true;
}

/// What the run is to hold: the best weights, or the present ones.
Kept TrainingSession::State::keptOf(const Trainer& trainer) const
{
    return best.kept() ? *best.kept() : Kept{{frozen(trainer), epochOf(trainer)}, trainer.trainedTo()};
}

/// The weights must have been judged. What could not be written is tried again the next time.
void TrainingSession::State::save(const Trainer& trainer)
{
    nextSave = Clock::now() + kSaveInterval;
    if (!writer) return;
    const Kept weights = keptOf(trainer);
    writer->save(*weights.timed.model, weights.trained);
    const std::lock_guard lock(mutex);
    kept = true;
}

/// The last save, for which a disk that refuses it gets its time. Throws Error(Io) saying what is lost.
void TrainingSession::State::saveAtLast(const Trainer& trainer)
{
    const auto end = Clock::now() + setup.savePatience;
    for (bool told = false;; told = true) {
        try {
            save(trainer);
            if (std::exchange(refused, false)) warn("the run is on disk again, with nothing missing");
            return;
        } catch (const Error& error) {
            if (error.kind() != Error::Kind::Io) throw;
            refused = true;
            if (!told) warn(std::string(error.what()) + "; the training is done, and writing its last weights is tried again");
            const auto noLonger = [this] { return life.wish == Wish::End || givenUp; };
            std::unique_lock lock(mutex);
            changed.wait_for(lock, kRetryInterval, noLonger);
            if (!noLonger() && Clock::now() < end) continue;
            const auto& saved = writer->saved();
            throw Error(Error::Kind::Io,
                        std::string(error.what()) + "; the weights of epoch " + std::to_string(keptOf(trainer).trained.epoch) +
                            " are lost, " +
                            (saved ? "those on disk are of epoch " + std::to_string(saved->epoch) : "none are on disk"));
        }
    }
}

/// Shown as paused first: a disk may take longer over the weights than a person likes to wait.
void TrainingSession::State::waitWhilePaused(Trainer& trainer)
{
    publishModel(frozen(trainer), epochOf(trainer));
    if (!tell(LifeEvent::HasPaused)) return; // resumed or stopped meanwhile
    trainer.judge();
    wrote([&] { save(trainer); });
    std::unique_lock lock(mutex);
    // Asked to resume and to pause again at once, this thread may find the wish as it was: then it tells again.
    changed.wait(lock, [this] { return life.wish != Wish::Pause || life.state != RunState::Paused; });
    rate.restart();
}

void TrainingSession::State::trainUntilDone(Trainer& trainer, LiveViews* views)
{
    const int epochs = epochsAskedFor();
    {
        const std::lock_guard lock(mutex);
        givenUp = false;
    }
    if (writer) {
        writer->setEpochs(epochs);
        wrote([&] { writer->flush(); });
    }
    trainer.setEpochs(epochs);
    rate.restart();
    nextSave = Clock::now() + kSaveInterval;
    while (trainer.epochsDone() < epochs) {
        const std::stop_token stop = stretch();
        const Wish wish = now().wish;
        if (wish == Wish::Pause) {
            waitWhilePaused(trainer);
            continue;
        }
        if (wish != Wish::Run) return finish(trainer, views, LifeEvent::HasStopped);
        const Trainer::Advance advance = trainer.advance(stop);
        if (advance.loss) handleStep(trainer, *advance.loss);
        if (advance.epoch) handleEpoch(trainer, views, *advance.epoch);
        if (views != nullptr) views->refresh([&] { return TimedModel{frozen(trainer), epochOf(trainer)}; }, stop);
    }
    finish(trainer, views, LifeEvent::HasFinished);
}

void TrainingSession::State::finish(Trainer& trainer, LiveViews* views, LifeEvent how)
{
    const bool finished = how == LifeEvent::HasFinished;
    if (finished) trainer.judge(); // a training is not called done before its weights are known to be good
    const TimedModel weights = keptOf(trainer).timed;
    publishModel(weights.model, weights.epoch);
    tell(how);
    trainer.judge();
    if (views != nullptr) views->catchUp(ending.get_token());
    // Stopped before its first step, a training has nothing worth the run that it was to replace.
    if (writer && !(writer->replacing() && trainer.stepsDone() == 0)) {
        log(finished ? "finished" : "stopped");
        saveAtLast(trainer);
        if (slot->newest.model->decodes()) writeThumbnail();
    }
    tell(LifeEvent::HasWritten);
}

void TrainingSession::State::writeThumbnail() const
{
    const ItemSelection first = showcaseItems(setup.divided(), 1);
    writePng(writer->files() / "figures" / "thumbnail.png", setup.data->train.shape,
             reconstructItems(*slot->newest.model, *setup.data, first, slot->newest.epoch)->outputs);
}

void TrainingSession::State::fail(const std::string& message)
{
    std::string line = message.substr(0, message.find('\n')); // torch's own messages go on with a stack trace
    try {
        log("failed: " + line);
        if (writer) writer->flush();
    } catch (const Error& error) {
        line += std::string("; and ") + error.what();
    }
    channel.publish([&](Snapshot& snapshot) {
        snapshot.message = line;
        snapshot.storageFailed = refused;
    });
    tell(LifeEvent::HasFailed);
}

/// Keeps the last good weights: after a numeric failure the trainer holds them, after any other (a disk, memory) nothing has
/// judged them yet.
void TrainingSession::State::failAfter(const std::exception& error, Trainer* trainer)
{
    const std::string what = error.what();
    const auto* own = dynamic_cast<const Error*>(&error);
    if (trainer && !(own && own->kind() == Error::Kind::Numeric)) {
        try {
            trainer->judge();
        } catch (const std::exception&) {
            // It has taken back the step that spoilt them; what failed first is what is told.
        }
    }
    try {
        if (trainer) publishModel(frozen(*trainer), epochOf(*trainer));
        // A run that was to be replaced is worth more than the beginnings of a failure.
        if (trainer && writer && !writer->replacing()) save(*trainer);
        fail(what + (writer && writer->replacing() ? "; the run that was to be replaced is as it was" : ""));
    } catch (const std::exception& second) {
        fail(refused ? what : what + "; and " + second.what());
    }
}

void TrainingSession::State::serve()
{
    std::optional<Trainer> trainer;
    std::optional<LiveViews> views;
    for (;;) {
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [this] { return life.wish != Wish::Wait; });
            if (life.wish == Wish::End) return;
        }
        try {
            if (!trainer) {
                trainer.emplace(setup.configuration, setup.divided(), engineSetup());
                if (shows()) views.emplace(setup, channel, trainer->engine());
                if (setup.monitor.pictures) views->addEpoch(0, slot->newest.model);
            }
            trainUntilDone(*trainer, views ? &*views : nullptr);
        } catch (const std::exception& error) {
            return failAfter(error, trainer ? &*trainer : nullptr);
        }
    }
}

TrainingSession::TrainingSession(SessionSetup setup) : m_state(std::make_unique<State>(std::move(setup))) {}

TrainingSession::~TrainingSession() = default;

void TrainingSession::start() { m_state->tell(LifeEvent::Start); }

void TrainingSession::pause() { m_state->tell(LifeEvent::Pause); }

void TrainingSession::resume() { m_state->tell(LifeEvent::Resume); }

void TrainingSession::stop()
{
    if (m_state->tell(LifeEvent::Stop)) return;
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->givenUp = true; // done training: the last save may be waiting for the disk
    }
    m_state->changed.notify_all();
}

void TrainingSession::trainFurther(int epochs)
{
    State& s = *m_state;
    {
        const std::lock_guard lock(s.mutex);
        // Else config.json would hold what nobody can read back.
        Configuration further = s.setup.configuration;
        setField(further, "training.epochs", s.epochsDone + epochs);
    }
    s.tell(LifeEvent::TrainFurther, [&s, epochs] {
        // Counted from whole epochs: a stopped run goes on within the epoch it stands in.
        s.target = s.epochsDone + epochs;
        s.setup.configuration.training.epochs = s.target;
    });
}

void TrainingSession::moved(const std::filesystem::path& folder)
{
    State& s = *m_state;
    const std::lock_guard lock(s.mutex);
    if (!hasEnded(s.life) || !s.writer) return;
    s.setup.runFolder = folder;
    s.writer->moved(folder);
}

void TrainingSession::wait()
{
    State& s = *m_state;
    std::unique_lock lock(s.mutex);
    s.changed.wait(lock, [&s] { return hasEnded(s.life) || s.life.state == RunState::Ready; });
}

bool TrainingSession::waitFor(std::chrono::milliseconds limit)
{
    State& s = *m_state;
    std::unique_lock lock(s.mutex);
    return s.changed.wait_for(lock, limit, [&s] { return hasEnded(s.life); });
}

RunState TrainingSession::state() const { return m_state->now().state; }

bool TrainingSession::kept() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->kept;
}

const Configuration& TrainingSession::configuration() const { return m_state->setup.configuration; }

const SessionSetup& TrainingSession::setup() const { return m_state->setup; }

SnapshotChannel& TrainingSession::channel() { return m_state->channel; }

std::function<std::shared_ptr<const FrozenModel>()> TrainingSession::modelSource() const
{
    return [slot = m_state->slot] { return slot->model(); };
}

std::shared_ptr<const FrozenModel> TrainingSession::model() const { return m_state->slot->model(); }

} // namespace latentoscope
