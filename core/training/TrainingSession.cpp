#include "core/training/TrainingSession.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/Version.h"
#include "core/config/Fields.h"
#include "core/config/Geometry.h"
#include "core/models/ComputeThread.h"
#include "core/models/InitialWeights.h"
#include "core/storage/PngFile.h"
#include "core/training/LiveViews.h"
#include "core/training/RateMeter.h"
#include "core/training/Trainer.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace latentoscope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kModelInterval = std::chrono::milliseconds(50); ///< how old model() may be while training with live views
/// Between files of weights: each waits for the disk on the training thread, and epochs here take about a second.
constexpr auto kSaveInterval = std::chrono::seconds(10);

/// What the controlling thread wants; the training thread looks between steps and shards.
enum class Wish { Wait, Run, Pause, Stop };

RunRecord recordOf(const SessionSetup& setup)
{
    const DataSet& data = *setup.data;
    return {setup.configuration, data.train.shape, data.name,   data.digest, data.folder.string(), data.classNames,
            setup.device,        setup.threads,    timestamp(), version(),   torchVersion()};
}

SessionSetup completed(SessionSetup setup)
{
    validate(setup.configuration, setup.data->train.shape);
    setup.device = resolvedDevice(setup.device);
    if (setup.threads <= 0) setup.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    return setup;
}

} // namespace

struct TrainingSession::State {
    explicit State(SessionSetup s) : setup(completed(std::move(s))), target(setup.configuration.training.epochs)
    {
        publishModel(initialModel(), 0);
        if (!setup.runFolder.empty()) createRun(setup.runFolder, recordOf(setup), setup.existing);
        log(setup.data->name + ", " + std::to_string(setup.threads) + " threads, " + setup.device);
        thread = std::jthread([this] { serve(); });
    }

    ~State()
    {
        {
            const std::lock_guard lock(mutex);
            ending = true;
            wish = Wish::Stop;
        }
        changed.notify_all();
        thread.join();
    }

    // Called by the controlling thread.
    void ask(Wish wanted)
    {
        const std::lock_guard lock(mutex);
        wish = wanted;
        changed.notify_all();
    }

    // The rest runs on the training thread.
    void serve();
    void trainUntilDone(Trainer& trainer, LiveViews& views);
    void handleStep(const Trainer& trainer, const LossPoint& loss);
    void handleEpoch(const Trainer& trainer, LiveViews& views, const EpochMetrics& metrics);
    void waitWhilePaused();
    void finish(const Trainer& trainer, LiveViews& views, RunState result);
    void fail(const std::string& message);
    void save(const Trainer& trainer);
    void enter(RunState next);
    Progress progressOf(const Trainer& trainer) const;
    static double epochOf(const Trainer& trainer) { return static_cast<double>(trainer.stepsDone()) / trainer.stepsPerEpoch(); }

    std::shared_ptr<const FrozenModel> initialModel() const
    {
        const ModelOptions& model = setup.configuration.model;
        const ImageShape& shape = setup.data->train.shape;
        return std::make_shared<FrozenModel>(model, shape,
                                             initialWeights(parameterLayout(model, shape), setup.configuration.training.seed));
    }
    EngineSetup engineSetup() const
    {
        return {setup.configuration.model,
                setup.configuration.training,
                setup.data->train.shape,
                setup.threads,
                setup.device,
                setup.niceness};
    }
    std::shared_ptr<const FrozenModel> frozen(const Trainer& trainer) const
    {
        return std::make_shared<FrozenModel>(setup.configuration.model, setup.data->train.shape, trainer.engine().weights());
    }
    void publishModel(std::shared_ptr<const FrozenModel> model, double epoch)
    {
        const std::lock_guard lock(modelMutex);
        newest = {std::move(model), epoch};
    }
    void log(const std::string& line) const
    {
        if (!setup.runFolder.empty()) appendLog(setup.runFolder, line);
    }
    bool interrupted() const { return wish != Wish::Run; }
    bool live() const { return setup.monitor.reconstructionInterval.count() > 0 || setup.monitor.codeInterval.count() > 0; }

    SessionSetup setup;
    SnapshotChannel channel;

    mutable std::mutex modelMutex;
    TimedModel newest;

    std::mutex mutex;
    std::condition_variable changed;
    std::atomic<Wish> wish{Wish::Wait};
    std::atomic<RunState> state{RunState::Ready};
    std::atomic<int> target;
    std::atomic<int> epochsDone{0};
    std::atomic<bool> ending{false};
    std::atomic<bool> saving{false}; ///< stopped, but not all is written yet

    RateMeter rate;
    std::vector<LossPoint> unsavedSteps;
    Clock::time_point nextModel;
    Clock::time_point nextSave;
    bool unsaved = false;
    std::jthread thread;
};

void TrainingSession::State::enter(RunState next)
{
    {
        const std::lock_guard lock(mutex);
        state = next;
    }
    changed.notify_all();
    channel.publish([&](Snapshot& snapshot) { snapshot.state = next; });
}

Progress TrainingSession::State::progressOf(const Trainer& trainer) const
{
    Progress progress;
    progress.epoch = trainer.epochsDone();
    progress.epochs = target;
    const double all = static_cast<double>(target) * trainer.stepsPerEpoch();
    progress.fraction = static_cast<double>(trainer.stepsDone()) / all;
    progress.imagesPerSecond = rate.perSecond();
    if (progress.imagesPerSecond > 0) {
        progress.secondsLeft = (1 - progress.fraction) * target * trainer.trainingImages() / progress.imagesPerSecond;
    }
    return progress;
}

void TrainingSession::State::handleStep(const Trainer& trainer, const LossPoint& loss)
{
    const TrainingOptions& training = setup.configuration.training;
    rate.add(std::min(training.batchSize, trainer.trainingImages()));
    unsavedSteps.push_back(loss);
    channel.publish([&](Snapshot& snapshot) {
        snapshot.losses.push_back(loss);
        snapshot.progress = progressOf(trainer);
    });
    const Clock::time_point now = Clock::now();
    if (live() && now >= nextModel) {
        nextModel = now + kModelInterval;
        publishModel(frozen(trainer), loss.epoch);
    }
    unsaved = true;
}

void TrainingSession::State::handleEpoch(const Trainer& trainer, LiveViews& views, const EpochMetrics& metrics)
{
    auto model = frozen(trainer);
    publishModel(model, metrics.epoch);
    if (setup.monitor.pictures) views.addEpoch(metrics.epoch, std::move(model));
    channel.publish([&](Snapshot& snapshot) {
        snapshot.epochs.push_back(metrics);
        snapshot.progress = progressOf(trainer);
    });
    epochsDone = metrics.epoch;
    unsaved = true;
    if (setup.runFolder.empty()) return;
    appendMetrics(setup.runFolder, metrics);
    log("epoch " + std::to_string(metrics.epoch) + " train " + numberText(metrics.train) +
        (metrics.validation ? " validation " + numberText(*metrics.validation) : "") + " " +
        groupedText(static_cast<std::int64_t>(metrics.imagesPerSecond)) + " images/s");
    if (Clock::now() >= nextSave) save(trainer);
}

void TrainingSession::State::save(const Trainer& trainer)
{
    nextSave = Clock::now() + kSaveInterval;
    if (setup.runFolder.empty() || !std::exchange(unsaved, false)) return;
    appendSteps(setup.runFolder, std::exchange(unsavedSteps, {}));
    writeModel(setup.runFolder / "model.safetensors", *frozen(trainer));
}

void TrainingSession::State::waitWhilePaused()
{
    enter(RunState::Paused);
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return wish != Wish::Pause; });
    lock.unlock();
    rate.restart();
    if (wish == Wish::Run) enter(RunState::Running);
}

void TrainingSession::State::trainUntilDone(Trainer& trainer, LiveViews& views)
{
    rate.restart();
    nextSave = Clock::now() + kSaveInterval;
    enter(RunState::Running);
    while (trainer.epochsDone() < target) {
        if (wish == Wish::Stop) break;
        if (wish == Wish::Pause) {
            publishModel(frozen(trainer), epochOf(trainer));
            waitWhilePaused();
            continue;
        }
        const Trainer::Advance advance = trainer.advance([this] { return interrupted(); });
        if (advance.loss) handleStep(trainer, *advance.loss);
        if (advance.epoch) handleEpoch(trainer, views, *advance.epoch);
        views.refresh([&] { return TimedModel{frozen(trainer), epochOf(trainer)}; }, [this] { return interrupted(); });
    }
    finish(trainer, views, trainer.epochsDone() < target ? RunState::Stopped : RunState::Finished);
}

void TrainingSession::State::finish(const Trainer& trainer, LiveViews& views, RunState result)
{
    publishModel(frozen(trainer), epochOf(trainer));
    wish = Wish::Wait;
    // A stop is seen at once: a disk may take longer over the files than a person likes to wait. wait() knows of both.
    if (result == RunState::Stopped) {
        saving = true;
        enter(result);
    }
    views.catchUp([this] { return ending.load(); });
    save(trainer);
    log(result == RunState::Finished ? "finished" : "stopped");
    if (!setup.runFolder.empty()) {
        const ItemSelection first = showcaseItems(*setup.data, setup.configuration.data, 1);
        writePng(setup.runFolder / "figures" / "thumbnail.png", setup.data->train.shape,
                 reconstructItems(*newest.model, *setup.data, first, newest.epoch)->outputs);
    }
    if (result == RunState::Finished) return enter(result);
    {
        const std::lock_guard lock(mutex);
        saving = false;
    }
    changed.notify_all();
}

void TrainingSession::State::fail(const std::string& message)
{
    std::string line = message.substr(0, message.find('\n')); // torch's own messages go on with a stack trace
    try {
        log("failed: " + line);
    } catch (const Error& error) {
        line += std::string("; and ") + error.what();
    }
    channel.publish([&](Snapshot& snapshot) { snapshot.message = line; });
    enter(RunState::Failed);
}

void TrainingSession::State::serve()
{
    std::optional<Trainer> trainer;
    std::optional<LiveViews> views;
    for (;;) {
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [this] { return ending || wish != Wish::Wait; });
            if (ending) return;
        }
        try {
            if (!trainer) {
                trainer.emplace(setup.configuration, *setup.data, engineSetup());
                views.emplace(setup, channel, trainer->engine());
                if (setup.monitor.pictures) views->addEpoch(0, newest.model);
            }
            trainUntilDone(*trainer, *views);
        } catch (const std::exception& error) {
            try {
                if (trainer) {
                    publishModel(frozen(*trainer), epochOf(*trainer));
                    save(*trainer);
                }
                saving = false;
                fail(error.what());
            } catch (const std::exception& second) {
                fail(std::string(error.what()) + "; and " + second.what());
            }
            return;
        }
    }
}

TrainingSession::TrainingSession(SessionSetup setup) : m_state(std::make_unique<State>(std::move(setup))) {}

TrainingSession::~TrainingSession() = default;

void TrainingSession::start()
{
    if (m_state->state == RunState::Ready) m_state->ask(Wish::Run);
}

void TrainingSession::pause()
{
    if (m_state->wish == Wish::Run) m_state->ask(Wish::Pause);
}

void TrainingSession::resume()
{
    if (m_state->wish == Wish::Pause) m_state->ask(Wish::Run);
}

void TrainingSession::stop()
{
    const Wish wish = m_state->wish;
    if (wish == Wish::Run || wish == Wish::Pause) m_state->ask(Wish::Stop);
}

void TrainingSession::trainFurther(int epochs)
{
    if (m_state->state != RunState::Finished && m_state->state != RunState::Stopped) return;
    // Counted from whole epochs: a stopped run goes on within the epoch it stands in.
    m_state->target = m_state->epochsDone + epochs;
    m_state->state = RunState::Running; // so that wait() right after this call waits for the new end
    m_state->ask(Wish::Run);
}

void TrainingSession::wait()
{
    State& s = *m_state;
    std::unique_lock lock(s.mutex);
    s.changed.wait(lock,
                   [&s] { return s.state == RunState::Finished || s.state == RunState::Stopped || s.state == RunState::Failed; });
}

RunState TrainingSession::state() const { return m_state->state; }

const Configuration& TrainingSession::configuration() const { return m_state->setup.configuration; }

const SessionSetup& TrainingSession::setup() const { return m_state->setup; }

SnapshotChannel& TrainingSession::channel() { return m_state->channel; }

std::shared_ptr<const FrozenModel> TrainingSession::model() const
{
    const std::lock_guard lock(m_state->modelMutex);
    return m_state->newest.model;
}

} // namespace latentoscope
