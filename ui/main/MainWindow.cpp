#include "ui/main/MainWindow.h"

#include "core/config/Fields.h"
#include "core/figures/RunFigures.h"
#include "core/latent/Codes.h"
#include "core/models/FrozenModel.h"
#include "core/training/Snapshot.h"
#include "core/values/Samples.h"
#include "ui/common/MessageBar.h"
#include "ui/common/PanelHeader.h"
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
#include "ui/search/SearchPanel.h"
#include "ui/settings/ControlPanel.h"
#include "ui/settings/RememberedSettings.h"
#include "ui/training/BaselinesPresenter.h"
#include "ui/training/ConfusionView.h"
#include "ui/training/DimensionsView.h"
#include "ui/training/LossView.h"
#include "ui/training/MistakesView.h"
#include "ui/training/ReconstructionsView.h"

#include <QAction>
#include <QApplication>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QScreen>
#include <QSettings>
#include <QShortcut>
#include <QStandardPaths>
#include <QTabBar>
#include <QToolTip>

namespace latentoscope::ui {
namespace {

constexpr int kTypingMs = 400;    ///< between keys: what is typed is taken after that
constexpr int kManifoldSide = 20; ///< decoded images a side, in a run's figures
constexpr QSize kFirstSize(1440, 900);
constexpr QSize kSmallest(960, 600);

std::filesystem::path firstRunsFolder()
{
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return std::filesystem::path(data.toStdString()) / "latentoscope" / "runs";
}

/// As large as is comfortable, and never beyond the screen: 1280 × 720 must hold it with its title bar.
QSize firstSize(const QScreen& screen)
{
    constexpr QSize kFrame(8, 40);
    if (QGuiApplication::platformName() == QLatin1String("offscreen")) return kFirstSize; // its screen is no one's
    return kFirstSize.boundedTo(screen.availableSize() - kFrame).expandedTo(kSmallest);
}

} // namespace

MainWindow::MainWindow(const WindowRequest& request) : m_layout(*this), m_actions(*this)
{
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setMinimumSize(kSmallest);
    buildBars();
    buildPanels();
    connectController();
    connectActions();
    connectFileActions();
    connectPanels();
    connectFeatures();
    m_layout.orderTabKeys(m_commandBar);
    m_actions.tint(palette());
    resize(firstSize(*screen()));
    applyRequest(request);
    showState(RunState::Ready);
    updateTitle();
}

MainWindow::~MainWindow()
{
    // It looks at the controller, which as a member goes before the child widgets.
    delete m_commandBar;
    disconnect(qApp, nullptr, this, nullptr);
}

void MainWindow::applyRequest(const WindowRequest& request)
{
    const QSettings settings;
    const QString runs = settings.value(QStringLiteral("runs/folder")).toString();
    std::filesystem::path runsFolder = runs.isEmpty() ? firstRunsFolder() : std::filesystem::path(runs.toStdString());
    if (!request.runsFolder.empty()) runsFolder = request.runsFolder;
    m_controller.setRunsFolder(runsFolder);
    m_runs->setFolder(runsFolder);

    m_systemPalette = qApp->property("systemPalette").value<QPalette>();
    const auto remembered = static_cast<ThemeChoice>(settings.value(QStringLiteral("window/theme"), 0).toInt());
    const ThemeChoice theme = request.theme.value_or(remembered);
    (theme == ThemeChoice::Light  ? m_actions.themeLight
     : theme == ThemeChoice::Dark ? m_actions.themeDark
                                  : m_actions.themeSystem)
        ->setChecked(true);

    m_report->setProgram(request.program.empty() ? std::filesystem::path(QCoreApplication::applicationFilePath().toStdString())
                                                 : request.program);
    m_controls->setThreads(request.threads);
    m_controls->setDevice(request.device);
    if (const auto kept = rememberedSettings(); kept && request.preset.empty())
        m_controls->setConfiguration(kept->first, kept->second);
    if (!request.preset.empty()) {
        try {
            const Configuration chosen = presetOrFile(request.preset);
            const bool file = std::filesystem::exists(request.preset);
            const std::filesystem::path path = file ? std::filesystem::absolute(request.preset) : std::filesystem::path();
            m_controls->setConfiguration({file ? path.stem().string() : request.preset, path, chosen}, chosen);
        } catch (const std::exception& error) {
            raiseProblem(QString::fromUtf8(error.what()));
        }
    }
    const QString folder = settings.value(QStringLiteral("data/folder")).toString();
    const std::filesystem::path dataFolder =
        request.dataFolder.empty() ? std::filesystem::path(folder.toStdString()) : std::filesystem::absolute(request.dataFolder);
    m_controls->setDataFolder(dataFolder);
    showSettings();
    m_controller.loadData(dataFolder, m_controls->request().configuration.data);
    m_toOpen = request.open; // when the data set is there: it may be the run's, which was moved
    openWaiting();
}

void MainWindow::connectController()
{
    connect(&m_controller, &RunController::dataChanged, this, &MainWindow::showData);
    connect(&m_controller, &RunController::dataFailed, this, [this](const QString& sentence, bool missing) {
        if (missing)
            showMissingData();
        else
            showDamagedData(sentence);
    });
    connect(&m_controller, &RunController::runChanged, this, &MainWindow::beginRun);
    connect(&m_controller, &RunController::lossesArrived, this, [this](const auto& losses) { m_loss->append(losses); });
    connect(&m_controller, &RunController::epochsArrived, this, [this](const auto& epochs) {
        m_loss->append(epochs);
        m_dimensions->append(epochs);
    });
    connect(&m_controller, &RunController::progressChanged, this, [this](RunState state, const Progress& progress) {
        const std::filesystem::path trained = m_controller.trainedRun().folder;
        m_status->showTraining(state, progress,
                               m_controller.showsTraining() ? QString() : QString::fromStdString(trained.filename().string()));
    });
    connect(&m_controller, &RunController::trainingShown, this, &MainWindow::trainingShown);
    connect(&m_controller, &RunController::stateChanged, this, &MainWindow::showState);
    connect(&m_controller, &RunController::startFailed, this, &MainWindow::raiseFolderProblem);
    connect(&m_controller, &RunController::runFailed, this, [this](const QString& sentence) {
        m_messages->show(MessageBar::Kind::Error, sentence, {{tr("Show learning rate"), [this] {
                                                                  m_layout.docks().front()->show();
                                                                  m_controls->setFocus();
                                                              }}});
    });
    connect(&m_controller, &RunController::runWarned, this,
            [this](const QString& sentence) { m_messages->show(MessageBar::Kind::Warning, sentence); });
    connect(&m_controller, &RunController::openProgressed, this,
            [this](double fraction) { m_status->showJob(tr("Opening run"), fraction); });
    connect(&m_controller, &RunController::openFailed, this, [this](const QString& sentence) {
        m_status->showWords({});
        raiseRunProblem(sentence);
    });
    connect(&m_controller, &RunController::opened, this, [this](const QString& warning) {
        m_status->showWords((m_controller.epochs().size() == 1 ? tr("Opened, %1 epoch") : tr("Opened, %1 epochs"))
                                .arg(m_controller.epochs().size()));
        showRunsSettings(warning);
    });

    Replay& replay = m_controller.replay();
    connect(&replay, &Replay::reconstructionsChanged, m_reconstructions, &ReconstructionsView::setReconstructions);
    connect(&replay, &Replay::codesChanged, this, [this](const std::shared_ptr<const LatentCodes>& codes) {
        m_projectionLink->setThreads(m_controls->request().threads);
        m_projectionLink->setMoving(m_controller.training() && m_controller.replay().following());
        m_projectionLink->setCodes(codes);
        if (!m_projectionLink->heldModel()) m_sampleLink->setCodes(codes);
        showPredictions(codes);
        m_regionLink->refresh();
    });
    connect(&replay, &Replay::modelChanged, this, [this] {
        m_projectionLink->setModelSource(m_controller.replay().model());
        m_regionLink->setModelSource(m_controller.replay().model());
        followSources();
    });
    connect(m_projectionLink, &ProjectionPresenter::heldChanged, this, &MainWindow::followSources);
    // Reconstructions come when the weights are new enough to look at: samples keep step with them.
    connect(&replay, &Replay::reconstructionsChanged, m_sampleLink, &SamplesPresenter::follow);
    connect(&replay, &Replay::positionChanged, this, [this] {
        m_loss->setMarkerEpoch(m_controller.replay().marker());
        m_dimensions->setMarkerEpoch(m_controller.replay().marker());
        m_loss->setExpectedEpochs(m_controller.replay().expectedEpochs());
        m_actions.playEpochs->setEnabled(m_controller.replay().canReplay());
        m_scatter->setPast(!m_controller.replay().following());
        m_reconstructions->setPast(!m_controller.replay().following());
    });
    connect(&m_figureWriter, &RunFigureWriter::written, this, [this] { m_runs->refresh(); });
    connect(&m_figureWriter, &RunFigureWriter::failed, this, &MainWindow::raiseProblem);
}

void MainWindow::connectPanels()
{
    m_readAgain.setSingleShot(true);
    m_readAgain.setInterval(kTypingMs);
    connect(&m_readAgain, &QTimer::timeout, this, &MainWindow::readDataAgain);
    connect(m_controls, &ControlPanel::changed, this, &MainWindow::showSettings);
    connect(m_controls, &ControlPanel::commandRequested, this, &MainWindow::copyCommand);
    connect(m_controls, &ControlPanel::dataFolderChosen, this, &MainWindow::setDataFolder);
    connect(m_commandBar, &CommandBar::presetChosen, this, &MainWindow::choosePreset);
    connect(m_runs, &RunsPanel::openRequested, this, &MainWindow::openPath);
    connect(m_runs, &RunsPanel::tickedChanged, this, &MainWindow::updateOverlays);
    connect(m_runs, &RunsPanel::folderChangeRequested, this, &MainWindow::chooseRunsFolder);
    connect(m_runs, &RunsPanel::runMoved, &m_controller, &RunController::runMoved);
    connect(m_runs, &RunsPanel::runMoved, &m_folds->controller(), &FoldsController::runMoved);
    connect(m_runs, &RunsPanel::runMoved, this, [this] {
        m_messages->dismiss(); // what was wrong with another name is over
        updateTitle();
    });
    connect(m_runs, &RunsPanel::messageRaised, this, &MainWindow::raiseProblem);
    connect(m_probeLink, &ProbePresenter::messageRaised, this, &MainWindow::raiseProblem);
    connect(m_sampleLink, &SamplesPresenter::messageRaised, this, &MainWindow::raiseProblem);
    connect(m_projectionLink, &ProjectionPresenter::messageRaised, this, &MainWindow::raiseProblem);
    linkViews();
    for (FigureView* view : views()) {
        connect(view, &FigureView::messageRaised, this, &MainWindow::raiseProblem);
        // The window's own Ctrl+0 acts on the view last used; two of one key would cancel each other.
        for (QShortcut* own : view->findChildren<QShortcut*>()) own->setEnabled(own->key() != m_actions.fit->shortcut());
        connect(view, &FigureView::copied, this,
                [this, view](const QString& what) { m_status->remark(tr("Copied %1 of %2").arg(what, view->header().title())); });
        connect(view, &FigureView::figureExported, this,
                [this](const QString& file) { m_status->remark(tr("Saved %1").arg(file)); });
    }
    connect(qApp, &QApplication::focusChanged, this, [this](const QWidget*, QWidget* now) { noteUsed(now); });
    qApp->installEventFilter(this); // not every click moves the focus
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::MouseButtonPress && watched->isWidgetType()) noteUsed(static_cast<QWidget*>(watched));
    if (event->type() == QEvent::ToolTip && watched->parent() == this) { // names of panels, which a narrow tab cuts
        if (auto* tabs = qobject_cast<QTabBar*>(watched)) {
            const auto* help = static_cast<QHelpEvent*>(event);
            const int tab = tabs->tabAt(help->pos());
            if (tab >= 0) QToolTip::showText(help->globalPos(), tabs->tabText(tab), tabs);
            return tab >= 0;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::noteUsed(const QWidget* widget)
{
    if (widget == nullptr || widget->window() != this) return; // a dialog's or menu's parent has not been used
    for (; widget != nullptr; widget = widget->parentWidget()) {
        for (FigureView* view : views()) {
            if (widget != view && widget != &view->header()) continue;
            if (m_lastView) m_lastView->header().setCurrent(false);
            m_lastView = view;
            view->header().setCurrent(true);
            return;
        }
    }
}

FigureView* MainWindow::activeView() const { return m_lastView; }

bool MainWindow::isSettled() const
{
    return !m_controller.loadingData() && !m_readAgain.isActive() && !m_controller.openingRun() && !busy() &&
           !m_folds->controller().opening() && m_figureWriter.idle() && m_sampleLink->idle() && m_projectionLink->idle() &&
           m_regionLink->idle() && m_referenceLink->idle() && m_pictures.idle() && m_overlays.idle() && m_runs->idle();
}

void MainWindow::beginRun()
{
    const ShownRun& run = m_controller.run();
    m_loss->clear();
    m_loss->setMeasures(measuresOf(run.configuration.model, run.shape));
    m_referenceLink->show(run.data, run.configuration.model);
    m_dimensions->clear();
    m_loss->setMarkerEpoch(std::nullopt);
    m_loss->setExpectedEpochs(run.configuration.training.epochs);
    m_projectionLink->setRun(run);
    m_scatter->setCodes(nullptr);
    m_scatter->setClassNames(run.classNames);
    m_samples->setSources(run.classNames,
                          kindOf(run.configuration.model).hasPosterior ? SamplesView::OwnPrior::Yes : SamplesView::OwnPrior::No);
    m_sampleLink->setCodes(nullptr);
    m_scatter->setImages(run.data, run.items);
    m_reconstructions->setReconstructions(nullptr);
    if (kindOf(run.configuration.model).decodes) {
        m_reconstructions->setEmptyText(tr("No reconstructions yet"), tr("Inputs appear above what the network makes of them."));
        m_probe->setEmptyText(tr("Nothing probed"), tr("Click anywhere in the map to decode that place."));
    } else {
        m_reconstructions->setEmptyText(tr("No reconstructions"), tr("This kind of network gives no images back."));
        m_probe->setEmptyText(tr("Nothing probed"), tr("Click anywhere in the map to see the class predicted there."));
    }
    m_reconstructions->setClassNames(run.classNames);
    m_probeLink->setRun(run);
    m_status->setRunFolder(run.folder);
    m_runs->setCurrent(run.folder);
    if (m_controller.starting()) m_runs->refresh(); // its folder is new
    m_search->panel().offerEncoder(run.folder);
    m_messages->dismiss();
    for (FigureView* view : std::initializer_list<FigureView*>{m_scatter, m_loss, m_dimensions, m_confusion, m_reconstructions,
                                                               m_samples, m_mistakes, m_probe})
        view->setSubject(QString::fromStdString(run.folder.filename().string()));
    updateTitle();
    updateOverlays();
}

void MainWindow::showState(RunState state)
{
    // The last codes may have come while it was still training.
    m_projectionLink->setMoving(m_controller.training() && m_controller.replay().following());
    updateActions(state);
    markTraining();
    const bool ended = state == RunState::Finished || state == RunState::Stopped || state == RunState::Failed;
    if (!ended) return;
    if (m_controller.showsTraining())
        runEnded(state);
    else
        endedBehind(state);
}

void MainWindow::markTraining()
{
    const std::filesystem::path training = m_controller.trainingFolder();
    m_runs->setTraining(!training.empty()                 ? training
                        : m_folds->controller().running() ? m_folds->controller().folder()
                                                          : std::filesystem::path(),
                        m_controller.state() == RunState::Paused);
}

bool MainWindow::busy() const
{
    return m_controller.training() || m_controller.starting() || m_folds->controller().running() ||
           m_report->runner().running() || m_search->study().running();
}

void MainWindow::updateActions(RunState state)
{
    const bool busy = this->busy();
    const bool loaded = m_controller.data() != nullptr;
    const bool ready = loaded && m_controls->isValid();
    const bool paused = state == RunState::Paused;
    m_actions.pause->setText(paused ? tr("Resume") : tr("&Pause"));
    m_actions.pause->setToolTip(paused ? tr("Resume the training exactly where it was paused")
                                       : tr("Pause the training. Resuming continues exactly where it was"));
    m_actions.pause->setProperty("drawing", paused ? QStringLiteral("play") : QStringLiteral("pause"));
    const bool searching = m_layout.workspace() == DockLayout::Workspace::Search; // which has a main button of its own
    m_actions.train->setProperty("primary", !busy && ready && !searching);
    m_actions.pause->setProperty("primary", m_controller.training() || m_controller.starting());
    m_actions.train->setEnabled(!busy && ready);
    m_actions.train->setToolTip(!m_controls->isValid() ? tr("Not available yet: %1").arg(m_controls->error())
                                : !loaded              ? tr("Not available yet: choose a data set in the settings first")
                                                       : tr("Start a new training with the current settings"));
    m_actions.pause->setEnabled(m_controller.training());
    m_actions.stop->setEnabled(m_controller.training() || m_folds->controller().running() || m_report->runner().running() ||
                               m_search->study().running());
    m_search->panel().setBusyWords(busy && !m_search->study().running() ? tr("Not available while a training is running")
                                                                        : QString());
    m_actions.further->setEnabled(m_controller.canGoOn() && !busy);
    m_actions.crossValidate->setEnabled(!busy && ready);
    m_actions.report->setEnabled(!busy && m_controller.data() != nullptr);
    m_actions.fineTune->setEnabled(!busy && m_controller.hasRun() && !m_controller.run().folder.empty());
    for (QAction* action : {m_actions.train, m_actions.pause, m_actions.stop}) Q_EMIT action->changed();
    m_actions.tint(palette());
}

void MainWindow::updateTitle()
{
    const QString program = QStringLiteral("Latentoscope");
    const QString name = QString::fromStdString(m_controller.run().folder.filename().string());
    setWindowTitle(name.isEmpty() ? program : name + QStringLiteral(" – ") + program);
    m_status->setRunFolder(m_controller.run().folder);
}

void MainWindow::showPredictions(const std::shared_ptr<const LatentCodes>& codes)
{
    const ShownRun& run = m_controller.run();
    std::optional<Predictions> predictions;
    if (codes) predictions = predictionsOf(*codes, run.configuration.model.classes);
    m_confusion->setPredictions(predictions, run.classNames);
    m_mistakes->setPredictions(predictions, run.data);
}

void MainWindow::runEnded(RunState state)
{
    m_runs->refresh();
    if (state == RunState::Failed || m_controller.run().folder.empty()) return;
    std::vector<FigureFile> figures;
    for (const FigureView* view :
         std::initializer_list<const FigureView*>{m_loss, m_reconstructions, m_dimensions, m_samples, m_confusion, m_mistakes}) {
        if (view->hasFigure()) figures.push_back({view->figureName().toStdString(), view->figure()});
    }
    figures.push_back({"latent", m_scatter->figure()});
    const auto model = m_controller.replay().model()();
    const auto& codes = m_controller.replay().codes();
    if (model && codes && model->decodes() && model->latentDimension() == 2)
        figures.push_back({"manifold", manifoldFigure(decodeManifold(*model, *codes, kManifoldSide))});
    m_figureWriter.write(m_controller.run().folder / "figures", std::move(figures));
}

void MainWindow::showEvent(QShowEvent* event)
{
    if (!m_layoutDone) {
        m_layoutDone = true;
        m_layout.applyDefault();
        m_layout.restore();
        setFocus(Qt::OtherFocusReason); // no editor or list is changed by a stray key
    }
    QMainWindow::showEvent(event);
}

} // namespace latentoscope::ui
