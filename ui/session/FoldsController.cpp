#include "ui/session/FoldsController.h"

#include <QFutureWatcher>
#include <QtConcurrentRun>

#include <utility>

namespace latentoscope::ui {
namespace {

constexpr int kLookMs = 100;
/// As a training's: a click is decoded at once on the same cores.
constexpr int kNiceness = 3;

struct Read {
    FoldsRecord record;
    CrossValidationState state;
    QString sentence; ///< why it cannot be read; empty: it can
};

Read readFolds(const std::filesystem::path& folder)
{
    Read read;
    try {
        read.record = readFoldsRecord(folder);
        read.state = readCrossValidation(folder, read.record);
    } catch (const std::exception& error) {
        read.sentence = QString::fromUtf8(error.what());
    }
    return read;
}

} // namespace

FoldsController::FoldsController(QObject* parent) : QObject(parent)
{
    connect(&m_timer, &QTimer::timeout, this, &FoldsController::look);
}

FoldsController::~FoldsController()
{
    for (auto* watcher : findChildren<QFutureWatcherBase*>()) watcher->waitForFinished();
}

void FoldsController::start(CrossValidationSetup setup)
{
    if (running()) return;
    setup.training.niceness = kNiceness;
    try {
        m_folds = std::make_unique<CrossValidation>(std::move(setup));
    } catch (const std::exception& error) {
        Q_EMIT failed(QString::fromUtf8(error.what()));
        return;
    }
    m_record = m_folds->record();
    m_folder = m_folds->setup().folder;
    m_folds->start();
    m_state = m_folds->state();
    m_timer.start(kLookMs);
    Q_EMIT begun();
    Q_EMIT changed();
}

void FoldsController::stop()
{
    if (m_folds) m_folds->stop();
}

void FoldsController::look()
{
    if (!m_folds) return;
    m_state = m_folds->state();
    Q_EMIT changed();
    if (m_state.state == RunState::Running) return;
    m_timer.stop();
    m_folds.reset();
    if (m_state.state == RunState::Failed) Q_EMIT failed(QString::fromStdString(m_state.message));
    Q_EMIT ended(m_state.state);
}

void FoldsController::runMoved(const std::filesystem::path& from, const std::filesystem::path& to)
{
    if (m_folder == from) m_folder = to;
}

void FoldsController::open(const std::filesystem::path& folder)
{
    if (running()) return;
    ++m_opening;
    auto* watcher = new QFutureWatcher<Read>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, folder] {
        watcher->deleteLater();
        // One that was asked for later, or begun meanwhile, is what the person wants to see.
        if (--m_opening > 0 || running()) return;
        Read read = watcher->result();
        if (!read.sentence.isEmpty()) {
            Q_EMIT failed(read.sentence);
            return;
        }
        m_record = std::move(read.record);
        m_state = std::move(read.state);
        m_folder = folder;
        Q_EMIT begun();
        Q_EMIT changed();
    });
    watcher->setFuture(QtConcurrent::run(readFolds, folder));
}

} // namespace latentoscope::ui
