// Builds the panels, features and bars of the main window.
#include "ui/main/MainWindow.h"

#include "ui/common/MessageBar.h"
#include "ui/common/PanelHeader.h"
#include "ui/features/FineTuneFeature.h"
#include "ui/features/FoldsFeature.h"
#include "ui/features/ReportFeature.h"
#include "ui/features/SearchFeature.h"
#include "ui/latent/ProbePresenter.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ProjectionPresenter.h"
#include "ui/latent/RegionPresenter.h"
#include "ui/latent/SamplesPresenter.h"
#include "ui/latent/SamplesView.h"
#include "ui/latent/ScatterView.h"
#include "ui/main/CommandBar.h"
#include "ui/runs/RunsPanel.h"
#include "ui/runs/StatusLine.h"
#include "ui/search/ChartView.h"
#include "ui/search/ImportanceView.h"
#include "ui/search/SearchPanel.h"
#include "ui/search/StudyViews.h"
#include "ui/search/TrialCard.h"
#include "ui/search/TrialsView.h"
#include "ui/settings/ControlPanel.h"
#include "ui/training/BaselinesPresenter.h"
#include "ui/training/ConfusionView.h"
#include "ui/training/DimensionsView.h"
#include "ui/training/FoldsView.h"
#include "ui/training/LossView.h"
#include "ui/training/MistakesView.h"
#include "ui/training/ReconstructionsView.h"

#include <QAction>
#include <QDockWidget>

namespace latentoscope::ui {

void MainWindow::buildPanels()
{
    m_controls = new ControlPanel(this);
    m_runs = new RunsPanel(this);
    m_scatter = new ScatterView(this);
    m_probe = new ProbeView(this);
    m_loss = new LossView(this);
    m_reconstructions = new ReconstructionsView(this);
    m_reconstructions->setErrorRow(ErrorRow::Shown);
    m_probeLink = new ProbePresenter(*m_scatter, *m_probe, this);
    m_projectionLink = new ProjectionPresenter(*m_scatter, *m_probeLink, this);
    m_dimensions = new DimensionsView(this);
    m_samples = new SamplesView(this);
    m_sampleLink = new SamplesPresenter(*m_samples, this);
    m_confusion = new ConfusionView(this);
    m_mistakes = new MistakesView(this);
    m_regionLink = new RegionPresenter(*m_scatter, this);
    m_referenceLink = new BaselinesPresenter(*m_loss, this);
    buildFeatures();
    using Place = DockLayout::Place;
    auto* settingsHeader = new PanelHeader(tr("Settings"), this);
    m_layout.add(Place::Settings, QStringLiteral("settingsDock"), tr("Settings"), m_controls, settingsHeader);
    m_layout.add(Place::Runs, QStringLiteral("runsDock"), tr("Runs"), m_runs, &m_runs->header());
    addView(Place::Map, "mapDock", tr("Latent space"), m_scatter);
    addView(Place::Loss, "lossDock", tr("Loss"), m_loss);
    addView(Place::Dimensions, "dimensionsDock", tr("KL"), m_dimensions);
    addView(Place::Confusion, "confusionDock", tr("Confusion"), m_confusion);
    addView(Place::Folds, "foldsDock", tr("Folds"), &m_folds->view());
    addView(Place::Reconstructions, "reconstructionsDock", tr("Reconstructions"), m_reconstructions);
    addView(Place::Samples, "samplesDock", tr("Samples"), m_samples);
    connect(m_layout.docks().back(), &QDockWidget::visibilityChanged, m_sampleLink, &SamplesPresenter::setSeen);
    addView(Place::Mistakes, "mistakesDock", tr("Mistakes"), m_mistakes);
    addView(Place::Probe, "probeDock", tr("Probe"), m_probe);
    addStudyViews();
    for (QDockWidget* dock : m_layout.docks()) m_actions.panels->addAction(dock->toggleViewAction());
    noteUsed(m_scatter);
}

void MainWindow::addView(DockLayout::Place place, const char* name, const QString& title, FigureView* view)
{
    m_layout.add(place, QLatin1String(name), title, view, &view->header());
    m_views.push_back(view);
}

void MainWindow::addStudyViews()
{
    using Place = DockLayout::Place;
    m_layout.add(Place::Search, QStringLiteral("searchDock"), tr("Search"), &m_search->panel(),
                 new PanelHeader(tr("Search"), this));
    const StudyViews& views = m_search->views();
    addView(Place::History, "historyDock", tr("History"), views.history);
    addView(Place::Intermediate, "intermediateDock", tr("Intermediate"), views.intermediate);
    addView(Place::Slice, "sliceDock", tr("Slice"), views.slice);
    addView(Place::Contour, "contourDock", tr("Contour"), views.contour);
    addView(Place::Importance, "importanceDock", tr("Importance"), views.importance);
    addView(Place::Pareto, "paretoDock", tr("Pareto"), views.pareto);
    addView(Place::Timeline, "timelineDock", tr("Timeline"), views.timeline);
    addView(Place::Parallel, "parallelDock", tr("Parallel"), views.parallel);
    addView(Place::Trials, "trialsDock", tr("Trials"), views.trials);
    addView(Place::Trial, "trialDock", tr("Trial"), views.card);
}

void MainWindow::buildFeatures()
{
    const FeatureContext context{m_controller, *m_controls, *m_messages, *m_status, *this};
    m_fineTuning = new FineTuneFeature(context, this);
    m_folds = new FoldsFeature(context, *m_fineTuning, this);
    m_search = new SearchFeature(
        context, [this] { return busy(); }, this);
    m_report = new ReportFeature(context, m_search->study(), this);
}

/// What features begin and end, show and open, the window follows.
void MainWindow::connectFeatures()
{
    connect(m_actions.fineTune, &QAction::triggered, m_fineTuning, &FineTuneFeature::prepare);
    connect(m_fineTuning, &FineTuneFeature::trainRequested, this, &MainWindow::train);

    connect(m_actions.crossValidate, &QAction::triggered, m_folds, &FoldsFeature::ask);
    connect(m_folds, &FoldsFeature::busyChanged, this, &MainWindow::busyChanged);
    connect(m_folds, &FoldsFeature::runsChanged, this, [this] { m_runs->refresh(); });
    connect(m_folds, &FoldsFeature::openRequested, this, &MainWindow::openPath);
    connect(m_folds, &FoldsFeature::shown, this, [this] {
        m_layout.raise(DockLayout::Place::Folds);
        noteUsed(&m_folds->view());
    });
    connect(m_folds, &FoldsFeature::figuresReady, this, [this] {
        const FoldsView& view = m_folds->view();
        m_figureWriter.write(m_folds->controller().folder() / "figures",
                             {{view.figureName().toStdString(), view.figure()}, {"folds-curves", view.curves()}});
    });

    connect(m_actions.report, &QAction::triggered, m_report, &ReportFeature::ask);
    connect(m_report, &ReportFeature::busyChanged, this, &MainWindow::busyChanged);

    connect(m_actions.workspaceTrain, &QAction::triggered, this, [this] { showWorkspace(DockLayout::Workspace::Train); });
    connect(m_actions.workspaceSearch, &QAction::triggered, this, [this] { showWorkspace(DockLayout::Workspace::Search); });
    connect(m_actions.openStudy, &QAction::triggered, m_search, &SearchFeature::askOpen);
    connect(m_search, &SearchFeature::busyChanged, this, &MainWindow::busyChanged);
    connect(m_search, &SearchFeature::shown, this, [this] { showWorkspace(DockLayout::Workspace::Search); });
    connect(m_search, &SearchFeature::trainingShown, this, [this] { showWorkspace(DockLayout::Workspace::Train); });
    connect(m_search, &SearchFeature::trainRequested, this, &MainWindow::train);
    connect(m_search, &SearchFeature::openRequested, this, [this](const std::filesystem::path& run) {
        openPath(run);
        if (!busy()) showWorkspace(DockLayout::Workspace::Train);
    });
    showWorkspace(DockLayout::Workspace::Train);
}

void MainWindow::showWorkspace(DockLayout::Workspace workspace)
{
    m_layout.setWorkspace(workspace);
    const bool search = workspace == DockLayout::Workspace::Search;
    (search ? m_actions.workspaceSearch : m_actions.workspaceTrain)->setChecked(true);
    noteUsed(search ? static_cast<FigureView*>(m_search->views().history) : m_scatter);
    updateActions(m_controller.state());
}

void MainWindow::busyChanged()
{
    updateActions(m_controller.state());
    markTraining();
}

void MainWindow::buildBars()
{
    m_commandBar = new CommandBar({m_actions.workspaceTrain, m_actions.workspaceSearch}, *m_actions.train, *m_actions.pause,
                                  *m_actions.stop, m_controller.replay(), this);
    addToolBar(Qt::TopToolBarArea, m_commandBar);
    addToolBarBreak(Qt::TopToolBarArea);
    auto* strip = new MessageStrip(tr("Messages"), this);
    strip->setObjectName(QStringLiteral("messageStrip"));
    strip->setMovable(false);
    strip->setContextMenuPolicy(Qt::PreventContextMenu);
    strip->setStyleSheet(QStringLiteral("#messageStrip { padding: 0; spacing: 0; }"));
    m_messages = new MessageBar(strip);
    m_messages->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    strip->addWidget(m_messages);
    strip->holds(m_messages);
    strip->hide();
    addToolBar(Qt::TopToolBarArea, strip);
    connect(m_messages, &MessageBar::shownChanged, strip, &QToolBar::setVisible);
    for (QToolBar* bar : {static_cast<QToolBar*>(m_commandBar), static_cast<QToolBar*>(strip)})
        bar->toggleViewAction()->setVisible(false);
    m_status = new StatusLine(this);
    setStatusBar(m_status);
}

} // namespace latentoscope::ui
