#include "ui/session/StudyController.h"

#include "core/base/Error.h"
#include "core/search/JournalLocation.h"
#include "core/search/StudyStorage.h"

#include <QFutureWatcher>
#include <QtConcurrentRun>

#include <utility>

namespace latentoscope::ui {
namespace {

constexpr int kLookMs = 200;
constexpr int kFollowMs = 2000;
/// As a training's: a click is answered at once on the same cores.
constexpr int kNiceness = 3;

} // namespace

struct StudyController::Read {
    std::shared_ptr<const StudyView> view;
    QString sentence; ///< why it cannot be read; empty: it can
};

StudyController::Read StudyController::readStudy(const std::string& storage, const std::string& name)
{
    Read read;
    try {
        const StudyStorage opened(openJournal(storage, MissingJournal::Refuse));
        if (name.empty() && opened.journal().studies().empty())
            throw Error(Error::Kind::NotFound, storage + ": found no study in it");
        const Study& study = name.empty() ? opened.journal().studies().rbegin()->second : opened.study(name);
        read.view = std::make_shared<StudyView>(studyView(opened.journal(), study, storage));
    } catch (const std::exception& error) {
        read.sentence = QString::fromUtf8(error.what());
    }
    return read;
}

StudyController::StudyController(QObject* parent) : QObject(parent)
{
    connect(&m_timer, &QTimer::timeout, this, &StudyController::look);
    connect(&m_followTimer, &QTimer::timeout, this, &StudyController::follow);
}

StudyController::~StudyController()
{
    for (auto* watcher : findChildren<QFutureWatcherBase*>()) watcher->waitForFinished();
}

void StudyController::start(SearchSetup setup)
{
    if (running()) return;
    m_followTimer.stop();
    setup.niceness = kNiceness;
    try {
        m_search = std::make_unique<HyperparameterSearch>(std::move(setup));
    } catch (const std::exception& error) {
        Q_EMIT failed(QString::fromUtf8(error.what()));
        return;
    }
    m_storage = m_search->setup().storage;
    m_name = m_search->setup().study;
    m_changes = ~std::uint64_t{0};
    m_stopping = false;
    m_search->start();
    Q_EMIT begun();
    m_timer.start(kLookMs);
    look();
}

void StudyController::stop()
{
    if (!m_search) return;
    m_stopping = true;
    m_search->stop();
    Q_EMIT progressed();
}

void StudyController::look()
{
    if (!m_search) return;
    m_state = m_search->state();
    if (m_state.changes != m_changes) {
        m_changes = m_state.changes;
        auto view = std::make_shared<StudyView>();
        view->study = m_search->study();
        view->trials = m_search->trials();
        view->storage = m_storage;
        for (const Objective& one : m_search->setup().plan.objectives) view->objectives.push_back(one.name);
        m_view = std::move(view);
        Q_EMIT studyChanged();
    }
    Q_EMIT progressed();
    if (m_state.state == RunState::Running) return;
    m_timer.stop();
    m_search.reset();
    m_stopping = false;
    if (m_state.state == RunState::Failed) Q_EMIT failed(QString::fromStdString(m_state.message));
    m_followTimer.start(kFollowMs);
    Q_EMIT ended(m_state.state);
}

void StudyController::take(const Read& read)
{
    const bool isNew = !m_view || m_view->study.name != read.view->study.name || m_view->storage != read.view->storage ||
                       m_view->trials.size() != read.view->trials.size();
    bool changed = isNew;
    for (std::size_t i = 0; !changed && i < read.view->trials.size(); ++i) {
        const Trial &a = m_view->trials[i], &b = read.view->trials[i];
        changed = a.state != b.state || a.intermediate.size() != b.intermediate.size() || a.values != b.values ||
                  a.parameters.size() != b.parameters.size();
    }
    if (!changed) return;
    m_view = read.view;
    Q_EMIT studyChanged();
}

void StudyController::open(const std::string& storage, const std::string& name)
{
    if (running()) return;
    m_storage = storage;
    m_name = name;
    auto* watcher = new QFutureWatcher<Read>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, storage] {
        watcher->deleteLater();
        if (running() || storage != m_storage) return;
        const Read read = watcher->result();
        if (!read.sentence.isEmpty()) {
            Q_EMIT failed(read.sentence);
            return;
        }
        m_name = read.view->study.name;
        m_view = nullptr;
        take(read);
        m_followTimer.start(kFollowMs);
    });
    watcher->setFuture(QtConcurrent::run(readStudy, storage, name));
}

/// What others have added; a storage that cannot be reached for a moment is tried again.
void StudyController::follow()
{
    if (running() || m_reading || m_storage.empty()) return;
    m_reading = true;
    auto* watcher = new QFutureWatcher<Read>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, storage = m_storage] {
        watcher->deleteLater();
        m_reading = false;
        const Read read = watcher->result();
        if (!running() && storage == m_storage && read.view) take(read);
    });
    watcher->setFuture(QtConcurrent::run(readStudy, m_storage, m_name));
}

} // namespace latentoscope::ui
