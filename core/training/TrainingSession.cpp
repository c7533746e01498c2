#include "core/training/TrainingSession.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/Version.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/data/Split.h"
#include "core/kinds/Kind.h"
#include "core/models/ComputeThread.h"
#include "core/models/FrozenModel.h"
#include "core/models/InitialWeights.h"
#include "core/training/Collapse.h"
#include "core/training/LiveViews.h"
#include "core/training/ModelSlot.h"
#include "core/training/Prepare.h"
#include "core/training/RateMeter.h"
#include "core/training/RunRecorder.h"
#include "core/training/Snapshot.h"
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

} // namespace

/// What the two threads share stands under `mutex`, and only tell() changes `life`.
struct TrainingSession::State {
    explicit State(SessionSetup s)
        : setup(completed(std::move(s))),
          measures(measuresOf(setup.configuration.model, setup.data->train.shape)),
          target(setup.configuration.training.epochs),
          collapses(setup.configuration,
                    classShares(setup.data->train.labels,
                                setup.split->validation.empty() ? setup.split->train : setup.split->validation))
    {
        requireLearnedEncoder(setup);
        publishModel({initialModel(), 0});
        recorder.emplace(setup, measures, [this](const std::string& sentence) { warn(sentence); });
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
            if (life.wish == Wish::End) {
                ending.request_stop();
                giveUp.request_stop();
            }
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
    void fail(const std::string& message);
    void failAfter(const std::exception& error, Trainer* trainer);
    int epochsAskedFor() const
    {
        const std::lock_guard lock(mutex);
        return target;
    }
    Progress progressOf(const Trainer& trainer) const;

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
    void publishModel(TimedModel model)
    {
        const std::lock_guard lock(slot->mutex);
        slot->newest = std::move(model);
    }
    void warn(const std::string& sentence)
    {
        channel.publish([&](Snapshot& snapshot) { snapshot.warning = sentence; });
    }
    /// Of all work between now and the next wish.
    std::stop_token stretch() const
    {
        const std::lock_guard lock(mutex);
        return running.get_token();
    }
    std::stop_token lastPatience() const
    {
        const std::lock_guard lock(mutex);
        return giveUp.get_token();
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
    std::stop_source giveUp; ///< stopped when the last save, which the disk refuses, is not to be tried again

    std::optional<RunRecorder> recorder;
    RateMeter rate;
    Clock::time_point nextModel;
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
    recorder->add(loss);
    const Progress progress = progressOf(trainer);
    channel.publish([&](Snapshot& snapshot) {
        snapshot.losses.push_back(loss);
        snapshot.progress = progress;
    });
    const Clock::time_point now = Clock::now();
    if (setup.monitor.live() && now >= nextModel) {
        publishModel(trainer.weights());
        // Copying a large network takes its time: a twentieth of the training's at most.
        const Clock::time_point copied = Clock::now();
        nextModel = copied + std::max<Clock::duration>(kModelInterval, 20 * (copied - now));
    }
}

void TrainingSession::State::handleEpoch(Trainer& trainer, LiveViews* views, const EpochMetrics& metrics)
{
    auto model = trainer.weights().model;
    publishModel({model, static_cast<double>(metrics.epoch)});
    recorder->look(metrics, model, trainer);
    if (views != nullptr && setup.monitor.pictures) views->addEpoch(metrics.epoch, std::move(model));
    const Progress progress = progressOf(trainer);
    const std::string warning = collapses.look(metrics, trainer.stepsPerEpoch());
    channel.publish([&](Snapshot& snapshot) {
        snapshot.epochs.push_back(metrics);
        snapshot.progress = progress;
    });
    if (!warning.empty()) {
        recorder->log(warning);
        warn(warning);
    }
    {
        const std::lock_guard lock(mutex);
        epochsDone = metrics.epoch;
    }
    if (setup.goOn && !setup.goOn(metrics)) tell(LifeEvent::Stop);
    recorder->add(metrics, trainer);
}

/// Shown as paused first: a disk may take longer over the weights than a person likes to wait.
void TrainingSession::State::waitWhilePaused(Trainer& trainer)
{
    publishModel(trainer.weights());
    if (!tell(LifeEvent::HasPaused)) return; // resumed or stopped meanwhile
    trainer.judge();
    recorder->save(trainer);
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
        if (life.wish != Wish::End) giveUp = std::stop_source();
    }
    recorder->begin(epochs);
    trainer.setEpochs(epochs);
    rate.restart();
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
        if (views != nullptr) views->refresh([&] { return trainer.weights(); }, stop);
    }
    finish(trainer, views, LifeEvent::HasFinished);
}

void TrainingSession::State::finish(Trainer& trainer, LiveViews* views, LifeEvent how)
{
    const bool finished = how == LifeEvent::HasFinished;
    if (finished) trainer.judge(); // a training is not called done before its weights are known to be good
    const TimedModel weights = recorder->keptOf(trainer).timed;
    publishModel(weights);
    tell(how);
    trainer.judge();
    if (views != nullptr) views->catchUp(ending.get_token());
    // Stopped before its first step, a training has nothing worth the run that it was to replace.
    if (recorder->writes() && !(recorder->replacing() && trainer.stepsDone() == 0)) {
        recorder->log(finished ? "finished" : "stopped");
        recorder->saveAtLast(trainer, lastPatience());
        recorder->writeThumbnail(weights);
    }
    tell(LifeEvent::HasWritten);
}

void TrainingSession::State::fail(const std::string& message)
{
    std::string line = message.substr(0, message.find('\n')); // torch's own messages go on with a stack trace
    try {
        recorder->log("failed: " + line);
        recorder->flush();
    } catch (const Error& error) {
        line += std::string("; and ") + error.what();
    }
    channel.publish([&](Snapshot& snapshot) {
        snapshot.message = line;
        snapshot.storageFailed = recorder->refused();
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
        if (trainer) publishModel(trainer->weights());
        // A run that was to be replaced is worth more than the beginnings of a failure.
        if (trainer && !recorder->replacing()) recorder->saveNow(*trainer);
        fail(what + (recorder->replacing() ? "; the run that was to be replaced is as it was" : ""));
    } catch (const std::exception& second) {
        fail(recorder->refused() ? what : what + "; and " + second.what());
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
    const std::lock_guard lock(m_state->mutex);
    m_state->giveUp.request_stop(); // done training: the last save may be waiting for the disk
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
    if (!hasEnded(s.life) || !s.recorder->writes()) return;
    s.setup.runFolder = folder;
    s.recorder->moved(folder);
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

bool TrainingSession::kept() const { return m_state->recorder->kept(); }

const Configuration& TrainingSession::configuration() const { return m_state->setup.configuration; }

const SessionSetup& TrainingSession::setup() const { return m_state->setup; }

SnapshotChannel& TrainingSession::channel() { return m_state->channel; }

std::function<std::shared_ptr<const FrozenModel>()> TrainingSession::modelSource() const
{
    return [slot = m_state->slot] { return slot->model(); };
}

std::shared_ptr<const FrozenModel> TrainingSession::model() const { return m_state->slot->model(); }

} // namespace latentoscope
