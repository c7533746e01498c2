#include "ui/session/RunController.h"

#include "core/base/Error.h"
#include "core/base/Niceness.h"
#include "core/data/DataSet.h"
#include "core/training/Prepare.h"
#include "core/training/Snapshot.h"
#include "core/training/TrainingSession.h"
#include "core/values/LatentCodes.h"
#include "ui/common/Background.h"

namespace latentoscope::ui {
namespace {

constexpr int kCodes = 10'000;
constexpr auto kReconstructionInterval = std::chrono::milliseconds(250);
constexpr auto kCodeInterval = std::chrono::milliseconds(1000);
/// Somebody sees the message and can make room on the disk.
constexpr auto kSavePatience = std::chrono::hours(1);

} // namespace

bool ShownRun::onItsData() const { return data && data->digest == dataDigest; }

RunController::RunController(QObject* parent) : QObject(parent)
{
    connect(&m_dataLoader, &DataLoader::loaded, this, [this](const std::shared_ptr<const DataSet>& data) {
        m_data = data;
        Q_EMIT dataChanged();
    });
    connect(&m_dataLoader, &DataLoader::failed, this, [this](const QString& sentence, bool missing) {
        m_data.reset();
        Q_EMIT dataChanged();
        Q_EMIT dataFailed(sentence, missing);
    });
    connect(&m_runLoader, &RunLoader::progressChanged, this, &RunController::openProgressed);
    connect(&m_runLoader, &RunLoader::failed, this, &RunController::openFailed);
    connect(&m_runLoader, &RunLoader::opened, this, [this](const std::shared_ptr<const OpenedRun>& run) { showOpened(*run); });
}

RunController::~RunController() { finishBackground(*this); }

bool RunController::canGoOn() const
{
    return showsTraining() && !m_starting && (m_bridge->state() == RunState::Finished || m_bridge->state() == RunState::Stopped);
}

std::filesystem::path RunController::trainingFolder() const
{
    return training() || (m_starting && !m_preparing) ? trainedRun().folder : std::filesystem::path();
}

void RunController::loadData(const std::filesystem::path& folder, const DataOptions& options)
{
    m_dataLoader.load(folder.empty() ? packagedDataFolder() : folder, options);
    Q_EMIT dataChanged();
}

void RunController::setData(const std::shared_ptr<const DataSet>& data)
{
    m_data = data;
    Q_EMIT dataChanged();
}

/// A session that is ready to begin, and what the views need to know of it.
struct RunController::Prepared {
    std::unique_ptr<TrainingSession> session;
    ShownRun run;
};

RunController::Prepared RunController::prepare(const StartOptions& options, const std::shared_ptr<const DataSet>& data,
                                               const std::filesystem::path& runsFolder)
{
    SessionSetup setup;
    setup.configuration = options.configuration;
    setup.data = data;
    setup.threads = options.threads;
    setup.device = options.device;
    setup.niceness = kBackgroundNiceness;
    setup.savePatience = kSavePatience;
    setup.monitor.pictures = true;
    setup.monitor.codes = kCodes;
    setup.monitor.reconstructionInterval = kReconstructionInterval;
    setup.monitor.codeInterval = kCodeInterval;
    if (!options.encoder.empty()) beginWithEncoder(setup, options.encoder);
    const std::filesystem::path folder = makeFreshRunFolder(runsFolder, options.name);
    setup.runFolder = folder;
    try {
        auto session = std::make_unique<TrainingSession>(std::move(setup));
        const SessionSetup& begun = session->setup();
        ShownRun run{folder,
                     session->configuration(),
                     data->train.shape,
                     data->classNames,
                     data,
                     heldOutItems(begun.divided(), kCodes),
                     data->name,
                     data->digest,
                     begun.encoder,
                     true,
                     notesOf(begun),
                     readRun(folder).created};
        return {std::move(session), std::move(run)};
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove(folder, ignored); // only where nothing was put into it
        throw;
    }
}

void RunController::start(const StartOptions& options)
{
    if (!m_data || training() || m_starting) return;
    m_starting = m_preparing = true;
    m_stopAsked = false;
    Q_EMIT stateChanged(RunState::Ready);
    inBackground(
        this, [options, data = m_data, runs = m_runsFolder] { return prepare(options, data, runs); },
        [this](Prepared prepared) { begin(std::move(prepared)); },
        [this](const std::exception_ptr& error) {
            m_starting = m_preparing = false;
            Q_EMIT stateChanged(RunState::Ready);
            Q_EMIT startFailed(sentenceOf(error));
        });
}

void RunController::begin(Prepared prepared)
{
    m_preparing = false;
    m_runLoader.cancel();
    m_behind.reset();
    m_bridge = std::make_shared<SessionBridge>(std::move(prepared.session));
    m_run = std::move(prepared.run);
    m_hasRun = true;
    m_steps.clear();
    m_epochs.clear();
    connectBridge();
    Q_EMIT runChanged();
    m_replay.begin(m_run.configuration.training.epochs, m_bridge->modelSource());
    m_bridge->start();
    if (m_stopAsked) m_bridge->stop();
    Q_EMIT stateChanged(RunState::Ready);
}

void RunController::connectBridge()
{
    // While another run is shown, what comes is kept for when this one is shown again.
    SessionBridge* bridge = m_bridge.get();
    connect(bridge, &SessionBridge::lossesArrived, this, [this](const std::vector<LossPoint>& losses) {
        std::vector<LossPoint>& steps = m_behind ? m_behind->steps : m_steps;
        steps.insert(steps.end(), losses.begin(), losses.end());
        if (!m_behind) Q_EMIT lossesArrived(losses);
    });
    connect(bridge, &SessionBridge::epochsArrived, this, [this](const std::vector<EpochMetrics>& epochs) {
        std::vector<EpochMetrics>& all = m_behind ? m_behind->epochs : m_epochs;
        all.insert(all.end(), epochs.begin(), epochs.end());
        if (!m_behind) Q_EMIT epochsArrived(epochs);
    });
    connect(bridge, &SessionBridge::pictureArrived, this, [this](const std::shared_ptr<const EpochPicture>& picture) {
        if (m_behind)
            m_behind->replay.pictures.push_back(picture);
        else
            m_replay.addPicture(picture);
    });
    connect(bridge, &SessionBridge::reconstructionsChanged, this, [this](const std::shared_ptr<const Reconstructions>& newest) {
        if (m_behind)
            m_behind->replay.reconstructions = newest;
        else
            m_replay.setReconstructions(newest);
    });
    connect(bridge, &SessionBridge::codesChanged, this, [this](const std::shared_ptr<const LatentCodes>& newest) {
        if (m_behind)
            m_behind->replay.codes = newest;
        else
            m_replay.setCodes(newest);
    });
    connect(bridge, &SessionBridge::progressChanged, this, [this, bridge](const Progress& progress) {
        if (progress.epochs > 0 && m_behind) m_behind->replay.expectedEpochs = progress.epochs;
        if (progress.epochs > 0 && !m_behind && progress.epochs != m_replay.expectedEpochs())
            m_replay.setExpectedEpochs(progress.epochs);
        Q_EMIT progressChanged(bridge->state(), progress);
    });
    connect(bridge, &SessionBridge::failed, this, &RunController::runFailed);
    connect(bridge, &SessionBridge::warned, this, &RunController::runWarned);
    connect(bridge, &SessionBridge::stateChanged, this, [this, bridge](RunState state) {
        m_starting = false;
        Q_EMIT progressChanged(state, bridge->progress());
        Q_EMIT stateChanged(state);
    });
}

void RunController::pause()
{
    if (m_bridge) m_bridge->pause();
}

void RunController::resume()
{
    if (m_bridge) m_bridge->resume();
}

void RunController::stop()
{
    m_stopAsked = m_preparing;
    if (m_bridge) m_bridge->stop();
}

void RunController::trainFurther(int epochs)
{
    if (!canGoOn()) return;
    try {
        m_bridge->trainFurther(epochs);
        m_replay.follow();
    } catch (const Error& error) {
        Q_EMIT startFailed(QString::fromUtf8(error.what()));
    }
}

void RunController::open(const std::filesystem::path& folder)
{
    if (folder == trainingFolder()) return showTraining();
    m_runLoader.open(folder, m_data);
    Q_EMIT openProgressed(0);
}

void RunController::showTraining()
{
    if (!m_bridge || !m_behind) return;
    m_runLoader.cancel();
    Behind behind = std::move(*m_behind);
    m_behind.reset();
    m_run = std::move(behind.run);
    m_steps = std::move(behind.steps);
    m_epochs = std::move(behind.epochs);
    Q_EMIT runChanged();
    m_replay.restore(std::move(behind.replay));
    Q_EMIT lossesArrived(m_steps);
    Q_EMIT epochsArrived(m_epochs);
    Q_EMIT progressChanged(m_bridge->state(), m_bridge->progress());
    Q_EMIT trainingShown();
}

void RunController::showOpened(const OpenedRun& run)
{
    if (!trainingFolder().empty()) {
        if (!m_behind) m_behind = Behind{std::move(m_run), std::move(m_steps), std::move(m_epochs), m_replay.take()};
    } else {
        m_behind.reset();
        m_bridge.reset();
    }
    m_run = {run.folder,       run.record.configuration, run.record.shape,      run.record.classNames,    run.data,
             run.shown,        run.record.dataName,      run.record.dataDigest, run.record.encoderFolder, run.encoderIsThere,
             run.record.notes, run.record.created};
    m_hasRun = true;
    m_steps = run.steps;
    m_epochs = run.epochs;
    Q_EMIT runChanged();
    const int last = run.epochs.empty() ? 0 : run.epochs.back().epoch;
    if (run.picture) {
        m_replay.begin(last, [model = run.picture->model] { return model; });
        m_replay.addPicture(run.picture);
        m_replay.setReconstructions(run.picture->reconstructions);
        m_replay.setCodes(run.picture->codes);
    } else {
        m_replay.begin(last, {});
    }
    Q_EMIT lossesArrived(m_steps);
    Q_EMIT epochsArrived(m_epochs);
    if (!m_bridge) Q_EMIT stateChanged(RunState::Ready);
    Q_EMIT opened(run.warning);
}

void RunController::runMoved(const std::filesystem::path& from, const std::filesystem::path& to)
{
    if (m_bridge && trainedRun().folder == from) m_bridge->moved(to); // where training further writes
    if (m_run.folder == from) m_run.folder = to;
    if (m_behind && m_behind->run.folder == from) m_behind->run.folder = to;
}

} // namespace latentoscope::ui
