// What the main window does with hyper-parameter searches.
#include "core/base/AtomicFile.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/studies/JournalLocation.h"
#include "ui/common/MessageBar.h"
#include "ui/common/PanelHeader.h"
#include "ui/latent/ScatterView.h"
#include "ui/main/CommandBar.h"
#include "ui/main/MainWindow.h"
#include "ui/main/StatusLine.h"
#include "ui/runs/RunsPanel.h"
#include "ui/search/ChartView.h"
#include "ui/search/ImportanceView.h"
#include "ui/search/SearchPanel.h"
#include "ui/search/StudyViews.h"
#include "ui/search/TrialCard.h"
#include "ui/search/TrialsView.h"
#include "ui/settings/CommandText.h"
#include "ui/settings/ControlPanel.h"

#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
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

void MainWindow::buildSearch()
{
    using Place = DockLayout::Place;
    m_searchPanel = new SearchPanel(this);
    m_studyViews = new StudyViews(this);
    auto* header = new PanelHeader(tr("Search"), this);
    m_layout.add(Place::Search, QStringLiteral("searchDock"), tr("Search"), m_searchPanel, header);
    const auto add = [this](Place place, const char* name, const QString& title, FigureView* view) {
        m_layout.add(place, QLatin1String(name), title, view, &view->header());
    };
    StudyViews& views = *m_studyViews;
    add(Place::History, "historyDock", tr("History"), views.history);
    add(Place::Intermediate, "intermediateDock", tr("Intermediate"), views.intermediate);
    add(Place::Slice, "sliceDock", tr("Slice"), views.slice);
    add(Place::Contour, "contourDock", tr("Contour"), views.contour);
    add(Place::Importance, "importanceDock", tr("Importance"), views.importance);
    add(Place::Pareto, "paretoDock", tr("Pareto"), views.pareto);
    add(Place::Timeline, "timelineDock", tr("Timeline"), views.timeline);
    add(Place::Parallel, "parallelDock", tr("Parallel"), views.parallel);
    add(Place::Trials, "trialsDock", tr("Trials"), views.trials);
    add(Place::Trial, "trialDock", tr("Trial"), views.card);
}

void MainWindow::connectSearch()
{
    connect(m_actions.workspaceTrain, &QAction::triggered, this, [this] { showWorkspace(DockLayout::Workspace::Train); });
    connect(m_actions.workspaceSearch, &QAction::triggered, this, [this] { showWorkspace(DockLayout::Workspace::Search); });
    connect(m_actions.openStudy, &QAction::triggered, this, &MainWindow::askOpenStudy);
    connect(m_searchPanel, &SearchPanel::startRequested, this, &MainWindow::startSearch);
    connect(m_searchPanel, &SearchPanel::stopRequested, &m_study, &StudyController::stop);
    connect(m_searchPanel, &SearchPanel::openRequested, this, &MainWindow::askOpenStudy);
    connect(m_searchPanel, &SearchPanel::openServerRequested, this, &MainWindow::askOpenStudyOnServer);
    connect(&m_study, &StudyController::opened, this, &MainWindow::studyOpened);
    connect(m_searchPanel, &SearchPanel::commandRequested, this, &MainWindow::copySearchCommand);
    connect(&m_controller, &RunController::dataChanged, this, [this] {
        const auto& loaded = m_controller.data();
        m_searchPanel->setShape(loaded ? std::optional(loaded->train.shape) : std::nullopt);
        m_studyViews->card->setData(loaded);
    });
    connect(&m_study, &StudyController::begun, this, [this] {
        m_searchPanel->setRunning(true, false);
        updateActions(m_controller.state());
    });
    connect(&m_study, &StudyController::studyChanged, this, [this] {
        m_studyViews->setStudy(m_study.view());
        for (FigureView* view : m_studyViews->all())
            view->setSubject(m_study.view() ? QString::fromStdString(m_study.view()->study.name) : QString());
    });
    connect(&m_study, &StudyController::progressed, this, [this] {
        const SearchState& state = m_study.state();
        if (!m_study.running() || state.state != RunState::Running) return;
        m_searchPanel->setRunning(true, m_study.stopping());
        // The sentence counts seconds down: said once, and taken away when the storage is there again.
        const bool away = !state.warning.empty();
        if (away && !m_storageAway) m_messages->show(MessageBar::Kind::Warning, QString::fromStdString(state.warning));
        if (!away && m_storageAway) m_messages->dismiss();
        m_storageAway = away;
        m_status->showJob(tr("Search, %1 trials, %2 at work").arg(state.ended).arg(state.running.size()), state.fraction,
                          state.secondsLeft);
    });
    connect(&m_study, &StudyController::failed, this, [this](const QString& sentence) {
        m_status->showWords({});
        raiseProblem(sentence);
    });
    connect(&m_study, &StudyController::refused, this, &MainWindow::offerOtherStudy);
    connect(&m_study, &StudyController::ended, this, [this](RunState how) {
        m_searchPanel->setRunning(false, false);
        updateActions(m_controller.state());
        const SearchState& state = m_study.state();
        if (how == RunState::Ready) return m_status->showWords({}); // it did not begin
        if (how != RunState::Failed)
            m_status->showWords(tr("Search %1 after %2 trials, %3 pruned, %4 failed")
                                    .arg(how == RunState::Stopped ? tr("stopped") : tr("done"))
                                    .arg(state.ended)
                                    .arg(state.pruned)
                                    .arg(state.failed));
    });
    connect(m_studyViews->card, &TrialCard::openRequested, this, &MainWindow::openTrialRun);
    connect(m_studyViews->trials, &TrialsView::trialActivated, this, [this](int number) {
        m_studyViews->setChosen({number});
        const auto& view = m_study.view();
        if (!view || number >= static_cast<int>(view->trials.size())) return;
        const std::filesystem::path run = runOf(view->trials[static_cast<std::size_t>(number)]);
        if (run.empty()) return raiseProblem(tr("The run of trial %1 is not on this machine.").arg(number));
        openTrialRun(run);
    });
    connect(m_studyViews->card, &TrialCard::settingsRequested, this, &MainWindow::takeTrialSettings);
    showWorkspace(DockLayout::Workspace::Train);
}

void MainWindow::openTrialRun(const std::filesystem::path& run)
{
    openPath(run);
    if (!busy()) showWorkspace(DockLayout::Workspace::Train);
}

void MainWindow::showWorkspace(DockLayout::Workspace workspace)
{
    m_layout.setWorkspace(workspace);
    const bool search = workspace == DockLayout::Workspace::Search;
    (search ? m_actions.workspaceSearch : m_actions.workspaceTrain)->setChecked(true);
    noteUsed(search ? static_cast<FigureView*>(m_studyViews->history) : m_scatter);
    updateActions(m_controller.state());
}

void MainWindow::startSearch()
{
    if (busy()) return raiseProblem(tr("A training is running: stop it before searching."));
    SearchSetup setup;
    try {
        const SearchRequest request = m_searchPanel->request();
        setup.plan = request.plan;
        setup.data = m_controller.data();
        setup.study = request.study;
        setup.trials = request.trials;
        setup.seconds = 60.0 * request.minutes;
        setup.workers = request.workers;
        setup.threads = m_controls->request().threads;
        setup.device = m_controls->request().device;
        // The same study goes on where it lies; its trials' runs, too.
        const std::filesystem::path known = m_controller.runsFolder() / folderNameOf(request.study);
        std::error_code ignored;
        setup.folder = std::filesystem::exists(known / "study.log", ignored) || !std::filesystem::exists(known, ignored)
                           ? known
                           : makeFreshRunFolder(m_controller.runsFolder(), folderNameOf(request.study));
        std::filesystem::create_directories(setup.folder);
        setup.storage = request.storage.empty() ? (setup.folder / "study.log").string() : request.storage;
    } catch (const std::exception& error) {
        return raiseProblem(QString::fromUtf8(error.what()));
    }
    m_messages->dismiss();
    m_study.start(std::move(setup));
}

/// A study of the name that was begun otherwise can go on as it was, or be left alone.
void MainWindow::offerOtherStudy(const QString& sentence, const SearchPlan& begun)
{
    const std::string study = m_study.name();
    const QString fresh = QString::fromStdString(freshRunFolder(m_controller.runsFolder(), study).filename().string());
    m_messages->show(MessageBar::Kind::Error, sentence,
                     {{tr("Go on as it was begun"),
                       [this, plan = begun, study] {
                           m_searchPanel->setPlan(plan);
                           m_searchPanel->setStudyName(QString::fromStdString(study));
                           startSearch();
                       }},
                      {tr("Begin %1").arg(fresh), [this, fresh] {
                           m_searchPanel->setStudyName(fresh);
                           startSearch();
                       }}});
}

void MainWindow::copySearchCommand()
{
    try {
        const SearchRequest request = m_searchPanel->request();
        const std::filesystem::path folder = m_controller.runsFolder() / folderNameOf(request.study);
        // What is searched does not fit into a line: it goes into a file beside the study.
        const std::string text = toJson(request.plan).dump(2) + "\n";
        std::filesystem::path plan = m_controller.runsFolder() / (folderNameOf(request.study) + ".search.json");
        std::error_code ignored;
        std::filesystem::create_directories(plan.parent_path(), ignored);
        for (int i = 2; std::filesystem::exists(plan, ignored) && readFile(plan) != text; ++i) // of another search
            plan = m_controller.runsFolder() / (folderNameOf(request.study) + "-" + std::to_string(i) + ".search.json");
        writeFileAtomically(plan, text);
        std::string command = "latentoscope search --preset " + shellQuoted(plan.string());
        const std::filesystem::path folderOfData = m_controls->request().dataFolder;
        if (!folderOfData.empty()) command += " --data " + shellQuoted(folderOfData.string());
        if (const int threads = m_controls->request().threads; threads > 0) command += " --threads " + std::to_string(threads);
        if (request.trials > 0) command += " --trials " + std::to_string(request.trials);
        if (request.minutes > 0) command += " --minutes " + std::to_string(request.minutes);
        command += " --workers " + std::to_string(request.workers) + " --study " + shellQuoted(request.study) + " --storage " +
                   shellQuoted(request.storage.empty() ? (folder / "study.log").string() : request.storage) + " --out " +
                   shellQuoted(folder.string());
        QApplication::clipboard()->setText(QString::fromStdString(forShell(command)));
        m_status->remark(tr("Copied the command. The search space was saved as %1").arg(QString::fromStdString(plan.string())));
    } catch (const std::exception& error) {
        raiseProblem(QString::fromUtf8(error.what()));
    }
}

void MainWindow::askOpenStudy()
{
    if (m_study.running()) return raiseProblem(tr("A search is running: stop it before opening another study."));
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a study's journal"),
                                                      QString::fromStdString(m_controller.runsFolder().string()),
                                                      tr("Journals (*.log *.jsonl *.journal);;All files (*)"));
    if (!file.isEmpty()) openStudy(file.toStdString(), {});
}

void MainWindow::askOpenStudyOnServer()
{
    if (m_study.running()) return raiseProblem(tr("A search is running: stop it before opening another study."));
    bool accepted = false;
    const QString url = QInputDialog::getText(this, tr("Open a study on a server"), tr("redis://HOST:PORT/DB"), QLineEdit::Normal,
                                              QStringLiteral("redis://localhost:6379/0"), &accepted);
    if (accepted && !url.trimmed().isEmpty()) openStudy(url.trimmed().toStdString(), {});
}

void MainWindow::studyOpened()
{
    const auto& view = m_study.view();
    if (!view) return;
    QStringList sentences;
    std::vector<MessageBar::Action> actions;
    if (m_study.names().size() > 1) {
        sentences << tr("%1 studies lie in %2; this is %3.")
                         .arg(m_study.names().size())
                         .arg(QString::fromStdString(locationText(m_study.storage())), QString::fromStdString(view->study.name));
        actions.push_back({tr("Another…"), [this] {
                               QStringList names;
                               for (const std::string& name : m_study.names()) names << QString::fromStdString(name);
                               bool accepted = false;
                               const int now = static_cast<int>(names.indexOf(QString::fromStdString(m_study.name())));
                               const QString name = QInputDialog::getItem(this, tr("Open study"), tr("Study"), names,
                                                                          std::max(0, now), false, &accepted);
                               if (accepted) openStudy(m_study.storage(), name.toStdString());
                           }});
    }
    try {
        SearchPlan plan = planOf(view->study);
        plan.name = view->study.name;
        m_searchPanel->setPlan(plan);
        m_searchPanel->setStorage(QString::fromStdString(m_study.storage()));
        sentences << tr("The search form now holds this study's plan: Start search continues it.");
    } catch (const std::exception&) {
        sentences << tr("It holds no training plan of Latentoscope's, so it can be looked at but not continued here.");
    }
    m_messages->show(MessageBar::Kind::Information, sentences.join(QLatin1Char(' ')), actions);
}

void MainWindow::openStudy(const std::string& storage, const std::string& name)
{
    if (m_study.running()) return raiseProblem(tr("A search is running: stop it before opening another study."));
    showWorkspace(DockLayout::Workspace::Search);
    m_study.open(storage, name);
}

void MainWindow::takeTrialSettings(int number)
{
    const auto& view = m_study.view();
    if (!view || number >= static_cast<int>(view->trials.size())) return;
    const Trial& trial = view->trials[static_cast<std::size_t>(number)];
    try {
        const SearchPlan plan = planOf(view->study);
        Configuration configuration = configurationOf(plan, trial.parameters);
        configuration.data.folds = 0;
        const std::string name = view->study.name + "-" + std::to_string(number);
        m_controls->setConfiguration({name, {}, configuration}, configuration);
    } catch (const std::exception& error) {
        return raiseProblem(QString::fromUtf8(error.what()));
    }
    showWorkspace(DockLayout::Workspace::Train);
    m_messages->show(MessageBar::Kind::Information, tr("The settings are those of trial %1.").arg(number),
                     {{tr("Train"), [this] {
                           m_messages->dismiss();
                           train();
                       }}});
}

} // namespace latentoscope::ui
