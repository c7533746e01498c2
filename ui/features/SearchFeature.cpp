#include "ui/features/SearchFeature.h"

#include "core/base/AtomicFile.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/studies/JournalLocation.h"
#include "ui/runs/StatusLine.h"
#include "ui/search/SearchPanel.h"
#include "ui/search/StudyViews.h"
#include "ui/search/TrialCard.h"
#include "ui/search/TrialsView.h"
#include "ui/session/RunController.h"
#include "ui/settings/CommandText.h"
#include "ui/settings/ControlPanel.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QInputDialog>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace latentoscope::ui {
namespace {

/// A study may have any name; its folder lies among the runs all the same.
std::string folderNameOf(std::string study)
{
    std::replace(study.begin(), study.end(), '/', '_');
    return study.starts_with('.') ? "_" + study : study;
}

} // namespace

SearchFeature::SearchFeature(const FeatureContext& window, std::function<bool()> busy, QWidget* parent)
    : QObject(parent),
      m_window(window),
      m_busy(std::move(busy)),
      m_panel(new SearchPanel(parent)),
      m_views(new StudyViews(parent))
{
    connectPanel();
    connectStudy();
    connectTrials();
    connect(&m_window.controller, &RunController::dataChanged, this, &SearchFeature::showData);
}

void SearchFeature::connectPanel()
{
    connect(m_panel, &SearchPanel::startRequested, this, &SearchFeature::start);
    connect(m_panel, &SearchPanel::stopRequested, &m_study, &StudyController::stop);
    connect(m_panel, &SearchPanel::openRequested, this, &SearchFeature::askOpen);
    connect(m_panel, &SearchPanel::openServerRequested, this, &SearchFeature::askOpenOnServer);
    connect(m_panel, &SearchPanel::commandRequested, this, &SearchFeature::copyCommand);
}

void SearchFeature::connectStudy()
{
    connect(&m_study, &StudyController::opened, this, &SearchFeature::opened);
    connect(&m_study, &StudyController::begun, this, [this] {
        m_panel->setRunning(true, false);
        Q_EMIT busyChanged();
    });
    connect(&m_study, &StudyController::studyChanged, this, [this] {
        m_views->setStudy(m_study.view());
        for (FigureView* view : m_views->all())
            view->setSubject(m_study.view() ? QString::fromStdString(m_study.view()->study.name) : QString());
    });
    connect(&m_study, &StudyController::progressed, this, &SearchFeature::progressed);
    connect(&m_study, &StudyController::failed, this, [this](const QString& sentence) {
        m_window.status.showWords({});
        m_window.raiseProblem(sentence);
    });
    connect(&m_study, &StudyController::refused, this, &SearchFeature::offerOther);
    connect(&m_study, &StudyController::ended, this, &SearchFeature::ended);
}

void SearchFeature::connectTrials()
{
    connect(m_views->card, &TrialCard::openRequested, this, &SearchFeature::openRequested);
    connect(m_views->card, &TrialCard::settingsRequested, this, &SearchFeature::takeSettings);
    connect(m_views->trials, &TrialsView::trialActivated, this, [this](int number) {
        m_views->setChosen({number});
        const auto& view = m_study.view();
        if (!view || number >= static_cast<int>(view->trials.size())) return;
        const std::filesystem::path run = runOf(view->trials[static_cast<std::size_t>(number)]);
        if (run.empty()) return m_window.raiseProblem(tr("The run of trial %1 is not on this machine.").arg(number));
        Q_EMIT openRequested(run);
    });
}

void SearchFeature::showData()
{
    const auto& loaded = m_window.controller.data();
    m_panel->setShape(loaded ? std::optional(loaded->train.shape) : std::nullopt);
    m_views->card->setData(loaded);
}

void SearchFeature::progressed()
{
    const SearchState& state = m_study.state();
    if (!m_study.running() || state.state != RunState::Running) return;
    m_panel->setRunning(true, m_study.stopping());
    // The sentence counts seconds down: said once, and taken away when the storage is there again.
    const bool away = !state.warning.empty();
    if (away && !m_storageAway) m_window.messages.show(MessageBar::Kind::Warning, QString::fromStdString(state.warning));
    if (!away && m_storageAway) m_window.messages.dismiss();
    m_storageAway = away;
    m_window.status.showJob(tr("Search, %1 trials, %2 at work").arg(state.ended).arg(state.running.size()), state.fraction,
                            state.secondsLeft);
}

void SearchFeature::ended(RunState how)
{
    m_panel->setRunning(false, false);
    Q_EMIT busyChanged();
    const SearchState& state = m_study.state();
    if (how == RunState::Ready) return m_window.status.showWords({}); // it did not begin
    if (how == RunState::Failed) return;                              // the sentence has been said
    m_window.status.showWords(tr("Search %1 after %2 trials, %3 pruned, %4 failed")
                                  .arg(how == RunState::Stopped ? tr("stopped") : tr("done"))
                                  .arg(state.ended)
                                  .arg(state.pruned)
                                  .arg(state.failed));
}

void SearchFeature::start()
{
    if (m_busy()) return m_window.raiseProblem(tr("A training is running: stop it before searching."));
    SearchSetup setup;
    try {
        const SearchRequest request = m_panel->request();
        setup.plan = request.plan;
        setup.data = m_window.controller.data();
        setup.study = request.study;
        setup.trials = request.trials;
        setup.seconds = 60.0 * request.minutes;
        setup.workers = request.workers;
        setup.threads = m_window.controls.request().threads;
        setup.device = m_window.controls.request().device;
        // The same study goes on where it lies; its trials' runs, too.
        const std::filesystem::path known = m_window.controller.runsFolder() / folderNameOf(request.study);
        std::error_code ignored;
        setup.folder = std::filesystem::exists(known / "study.log", ignored) || !std::filesystem::exists(known, ignored)
                           ? known
                           : makeFreshRunFolder(m_window.controller.runsFolder(), folderNameOf(request.study));
        std::filesystem::create_directories(setup.folder);
        setup.storage = request.storage.empty() ? (setup.folder / "study.log").string() : request.storage;
    } catch (const std::exception& error) {
        return m_window.raiseProblem(QString::fromUtf8(error.what()));
    }
    m_window.messages.dismiss();
    m_study.start(std::move(setup));
}

/// A study of the name that was begun otherwise can go on as it was, or be left alone.
void SearchFeature::offerOther(const QString& sentence, const SearchPlan& begun)
{
    const std::string study = m_study.name();
    const QString fresh = QString::fromStdString(freshRunFolder(m_window.controller.runsFolder(), study).filename().string());
    m_window.messages.show(MessageBar::Kind::Error, sentence,
                           {{tr("Go on as it was begun"),
                             [this, plan = begun, study] {
                                 m_panel->setPlan(plan);
                                 m_panel->setStudyName(QString::fromStdString(study));
                                 start();
                             }},
                            {tr("Begin %1").arg(fresh), [this, fresh] {
                                 m_panel->setStudyName(fresh);
                                 start();
                             }}});
}

void SearchFeature::copyCommand()
{
    try {
        const SearchRequest request = m_panel->request();
        const std::filesystem::path folder = m_window.controller.runsFolder() / folderNameOf(request.study);
        // What is searched does not fit into a line: it goes into a file beside the study.
        const std::string text = toJson(request.plan).dump(2) + "\n";
        std::filesystem::path plan = m_window.controller.runsFolder() / (folderNameOf(request.study) + ".search.json");
        std::error_code ignored;
        std::filesystem::create_directories(plan.parent_path(), ignored);
        for (int i = 2; std::filesystem::exists(plan, ignored) && readFile(plan) != text; ++i) // of another search
            plan = m_window.controller.runsFolder() / (folderNameOf(request.study) + "-" + std::to_string(i) + ".search.json");
        writeFileAtomically(plan, text);
        std::string command = "latentoscope search --preset " + shellQuoted(plan.string());
        const std::filesystem::path folderOfData = m_window.controls.request().dataFolder;
        if (!folderOfData.empty()) command += " --data " + shellQuoted(folderOfData.string());
        if (const int threads = m_window.controls.request().threads; threads > 0)
            command += " --threads " + std::to_string(threads);
        if (request.trials > 0) command += " --trials " + std::to_string(request.trials);
        if (request.minutes > 0) command += " --minutes " + std::to_string(request.minutes);
        command += " --workers " + std::to_string(request.workers) + " --study " + shellQuoted(request.study) + " --storage " +
                   shellQuoted(request.storage.empty() ? (folder / "study.log").string() : request.storage) + " --out " +
                   shellQuoted(folder.string());
        QApplication::clipboard()->setText(QString::fromStdString(forShell(command)));
        m_window.status.remark(
            tr("Copied the command. The search space was saved as %1").arg(QString::fromStdString(plan.string())));
    } catch (const std::exception& error) {
        m_window.raiseProblem(QString::fromUtf8(error.what()));
    }
}

void SearchFeature::askOpen()
{
    if (m_study.running()) return m_window.raiseProblem(tr("A search is running: stop it before opening another study."));
    const QString file = QFileDialog::getOpenFileName(&m_window.window, tr("Open a study's journal"),
                                                      QString::fromStdString(m_window.controller.runsFolder().string()),
                                                      tr("Journals (*.log *.jsonl *.journal);;All files (*)"));
    if (!file.isEmpty()) open(file.toStdString(), {});
}

void SearchFeature::askOpenOnServer()
{
    if (m_study.running()) return m_window.raiseProblem(tr("A search is running: stop it before opening another study."));
    bool accepted = false;
    const QString url = QInputDialog::getText(&m_window.window, tr("Open a study on a server"), tr("redis://HOST:PORT/DB"),
                                              QLineEdit::Normal, QStringLiteral("redis://localhost:6379/0"), &accepted);
    if (accepted && !url.trimmed().isEmpty()) open(url.trimmed().toStdString(), {});
}

void SearchFeature::opened()
{
    const auto& view = m_study.view();
    if (!view) return;
    QStringList sentences;
    std::vector<MessageBar::Action> actions;
    if (m_study.names().size() > 1) {
        sentences << tr("%1 studies lie in %2; this is %3.")
                         .arg(m_study.names().size())
                         .arg(QString::fromStdString(locationText(m_study.storage())), QString::fromStdString(view->study.name));
        actions.push_back({tr("Another…"), [this] { chooseAnother(); }});
    }
    try {
        SearchPlan plan = planOf(view->study);
        plan.name = view->study.name;
        m_panel->setPlan(plan);
        m_panel->setStorage(QString::fromStdString(m_study.storage()));
        sentences << tr("The search form now holds this study's plan: Start search continues it.");
    } catch (const std::exception&) {
        sentences << tr("It holds no training plan of Latentoscope's, so it can be looked at but not continued here.");
    }
    m_window.messages.show(MessageBar::Kind::Information, sentences.join(QLatin1Char(' ')), actions);
}

void SearchFeature::chooseAnother()
{
    QStringList names;
    for (const std::string& name : m_study.names()) names << QString::fromStdString(name);
    bool accepted = false;
    const int now = static_cast<int>(names.indexOf(QString::fromStdString(m_study.name())));
    const QString name =
        QInputDialog::getItem(&m_window.window, tr("Open study"), tr("Study"), names, std::max(0, now), false, &accepted);
    if (accepted) open(m_study.storage(), name.toStdString());
}

void SearchFeature::open(const std::string& storage, const std::string& name)
{
    if (m_study.running()) return m_window.raiseProblem(tr("A search is running: stop it before opening another study."));
    Q_EMIT shown();
    m_study.open(storage, name);
}

void SearchFeature::takeSettings(int number)
{
    const auto& view = m_study.view();
    if (!view || number >= static_cast<int>(view->trials.size())) return;
    const Trial& trial = view->trials[static_cast<std::size_t>(number)];
    try {
        const SearchPlan plan = planOf(view->study);
        Configuration configuration = configurationOf(plan, trial.parameters);
        configuration.data.folds = 0;
        const std::string name = view->study.name + "-" + std::to_string(number);
        m_window.controls.setConfiguration({name, {}, configuration}, configuration);
    } catch (const std::exception& error) {
        return m_window.raiseProblem(QString::fromUtf8(error.what()));
    }
    Q_EMIT trainingShown();
    m_window.messages.show(MessageBar::Kind::Information, tr("The settings are those of trial %1.").arg(number),
                           {{tr("Train"), [this] {
                                 m_window.messages.dismiss();
                                 Q_EMIT trainRequested();
                             }}});
}

} // namespace latentoscope::ui
