#include "ui/session/StudyController.h"

#include "core/base/Error.h"
#include "core/base/Niceness.h"
#include "core/studies/JournalLocation.h"
#include "core/studies/StudyStorage.h"
#include "ui/common/Background.h"

#include <optional>
#include <utility>

namespace latentoscope::ui {
namespace {

constexpr int kFrameMs = 200;
constexpr int kFollowMs = 2000;

} // namespace

struct StudyController::Started {
    std::shared_ptr<HyperparameterSearch> search; ///< null: it could not begin
    QString sentence;                             ///< why not
    std::optional<SearchPlan> begun;              ///< of the study of that name, where there is one
};

struct StudyController::Looked {
    SearchState state;
    std::shared_ptr<const StudyView> view; ///< null: it is as it was
};

struct StudyController::Read {
    std::shared_ptr<const StudyView> view;
    QString sentence;               ///< why it cannot be read; empty: it can
    std::vector<std::string> names; ///< of all studies there
};

StudyController::Started StudyController::begin(const SearchSetup& setup)
{
    Started started;
    try {
        started.search = std::make_shared<HyperparameterSearch>(setup);
        started.search->start();
        return started;
    } catch (const std::exception& error) {
        started.search = nullptr;
        started.sentence = QString::fromUtf8(error.what());
    }
    try {
        const StudyStorage opened(openJournal(setup.storage, MissingJournal::Refuse));
        if (const Study* found = opened.find(setup.study)) started.begun = planOf(*found);
    } catch (const std::exception&) {
        started.begun.reset(); // what is wrong has been said
    }
    return started;
}

StudyController::Looked StudyController::lookAt(const std::shared_ptr<HyperparameterSearch>& search, const std::string& storage,
                                                bool first)
{
    const SearchNews news = search->channel().take(); // first: what happens meanwhile is looked at the next time
    Looked looked{search->state(), nullptr};
    if (first || news.studyChanged)
        looked.view = std::make_shared<StudyView>(studyView(search->study(), search->trials(), storage));
    return looked;
}

StudyController::Read StudyController::readStudy(const std::string& storage, const std::string& name)
{
    Read read;
    try {
        const StudyStorage opened(openJournal(storage, MissingJournal::Refuse));
        if (name.empty() && opened.journal().studies().empty())
            throw Error(Error::Kind::NotFound, tr("%1: found no study in it").arg(QString::fromStdString(storage)).toStdString());
        const Study& study = name.empty() ? opened.journal().studies().rbegin()->second : opened.study(name);
        for (const auto& [id, one] : opened.journal().studies()) read.names.push_back(one.name);
        read.view = std::make_shared<StudyView>(studyView(opened.journal(), study, storage));
    } catch (const std::exception& error) {
        read.sentence = QString::fromUtf8(error.what());
    }
    return read;
}

StudyController::StudyController(QObject* parent) : QObject(parent), m_wakeup(kFrameMs)
{
    connect(&m_wakeup, &Wakeup::due, this, &StudyController::look);
    connect(&m_followTimer, &QTimer::timeout, this, &StudyController::follow);
}

StudyController::~StudyController()
{
    if (m_search) m_search->channel().setWake(nullptr);
    finishBackground(*this);
}

void StudyController::start(SearchSetup setup)
{
    if (running()) return;
    m_followTimer.stop();
    ++m_asked; // what is being read is not wanted any more
    setup.niceness = kBackgroundNiceness;
    m_storage = setup.storage;
    m_name = setup.study;
    m_starting = true;
    m_stopping = false;
    m_state = {};
    Q_EMIT begun();
    inBackground(
        this, [setup = std::move(setup)] { return begin(setup); }, [this](const Started& started) { take(started); });
}

void StudyController::take(const Started& started)
{
    m_starting = false;
    if (!started.search) {
        Q_EMIT ended(RunState::Ready);
        if (started.begun)
            Q_EMIT refused(started.sentence, *started.begun);
        else
            Q_EMIT failed(started.sentence);
        return;
    }
    m_search = started.search;
    if (m_stopping) m_search->stop();
    m_first = true;
    m_search->channel().setWake(m_wakeup.caller());
    look();
}

void StudyController::stop()
{
    if (!running()) return;
    m_stopping = true;
    if (m_search) m_search->stop();
    Q_EMIT progressed();
}

void StudyController::look()
{
    if (!m_search || m_reading) return;
    m_reading = true;
    inBackground(
        this,
        [search = m_search, storage = m_storage, first = std::exchange(m_first, false)] {
            return lookAt(search, storage, first);
        },
        [this](const Looked& looked) {
            m_reading = false;
            take(looked);
            if (m_search && m_search->channel().fresh()) m_wakeup.call(); // what was told meanwhile
        });
}

void StudyController::take(const Looked& looked)
{
    m_state = looked.state;
    if (looked.view) {
        m_view = looked.view;
        Q_EMIT studyChanged();
    }
    Q_EMIT progressed();
    if (m_state.state == RunState::Running) return;
    m_search->channel().setWake(nullptr); // a look that is under way may still hold it
    m_search.reset();
    m_stopping = false;
    if (m_state.state == RunState::Failed) Q_EMIT failed(QString::fromStdString(m_state.message));
    m_followTimer.start(kFollowMs);
    Q_EMIT ended(m_state.state);
}

void StudyController::take(const Read& read)
{
    bool changed = !m_view || m_view->study.name != read.view->study.name || m_view->storage != read.view->storage ||
                   m_view->trials.size() != read.view->trials.size();
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
    inBackground(
        this, [storage, name] { return readStudy(storage, name); },
        [this, storage, asked = ++m_asked](const Read& read) {
            if (running() || asked != m_asked) return;
            if (!read.view) { // the one shown before stays, and is followed on
                Q_EMIT failed(read.sentence);
                return;
            }
            m_storage = storage;
            m_name = read.view->study.name;
            m_names = read.names;
            m_view = nullptr;
            take(read);
            Q_EMIT opened();
            m_followTimer.start(kFollowMs);
        });
}

/// What others have added; a storage that cannot be reached for a moment is tried again.
void StudyController::follow()
{
    if (running() || m_reading || m_storage.empty()) return;
    m_reading = true;
    inBackground(
        this, [storage = m_storage, name = m_name] { return readStudy(storage, name); },
        [this, storage = m_storage, name = m_name](const Read& read) {
            m_reading = false;
            if (!running() && storage == m_storage && name == m_name && read.view) take(read);
        });
}

} // namespace latentoscope::ui
