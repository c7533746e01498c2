/// The main window: puts panels, commands and the run controller together.
#pragma once

#include "core/config/Configuration.h"
#include "ui/common/Latest.h"
#include "ui/common/Theme.h"
#include "ui/main/DockLayout.h"
#include "ui/main/Window.h"
#include "ui/main/WindowActions.h"
#include "ui/runs/RunFigureWriter.h"
#include "ui/session/RunController.h"

#include <QMainWindow>
#include <QPointer>
#include <QTimer>

#include <filesystem>
#include <optional>
#include <vector>

namespace latentoscope {
struct LatentCodes;
}

namespace latentoscope::ui {

class CommandBar;
class ControlPanel;
class ConfusionView;
class DimensionsView;
class FigureView;
class FineTuneFeature;
class FoldsFeature;
class LossView;
class MessageBar;
class MistakesView;
class ProbePresenter;
class ProbeView;
class ProjectionPresenter;
class ReconstructionsView;
class ReportFeature;
class BaselinesPresenter;
class RegionPresenter;
class RunsPanel;
class SamplesPresenter;
class SamplesView;
class ScatterView;
class SearchFeature;
class StatusLine;

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(const WindowRequest& request);
    ~MainWindow() override;

    RunController& controller() { return m_controller; }
    FoldsFeature& folds() const { return *m_folds; }
    ReportFeature& report() const { return *m_report; }
    SearchFeature& search() const { return *m_search; }
    const WindowActions& actions() const { return m_actions; }
    ControlPanel& controls() const { return *m_controls; }
    RunsPanel& runs() const { return *m_runs; }
    ScatterView& scatter() const { return *m_scatter; }
    ProbeView& probe() const { return *m_probe; }
    LossView& loss() const { return *m_loss; }
    ReconstructionsView& reconstructions() const { return *m_reconstructions; }
    DimensionsView& dimensions() const { return *m_dimensions; }
    SamplesView& samples() const { return *m_samples; }
    ConfusionView& confusion() const { return *m_confusion; }
    MistakesView& mistakes() const { return *m_mistakes; }
    MessageBar& messages() const { return *m_messages; }
    CommandBar& commandBar() const { return *m_commandBar; }
    StatusLine& statusLine() const { return *m_status; }
    ProbePresenter& probeLink() const { return *m_probeLink; }
    ProjectionPresenter& projectionLink() const { return *m_projectionLink; }

    /// Whether nothing is being read, trained or written.
    bool isSettled() const;
    /// A run's folder, or a configuration file.
    void openPath(const std::filesystem::path& path);

public Q_SLOTS:
    void train();
    void showWorkspace(DockLayout::Workspace workspace);
    void resetLayout();
    void copyCommand();
    /// Every figure there is, as PNG, SVG, PDF and CSV. Where some are there already it asks first.
    void exportAllInto(const std::filesystem::path& folder);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildPanels();
    void buildFeatures();
    /// One line a panel: its dock, and its figure among those that commands act on.
    void addView(DockLayout::Place place, const char* name, const QString& title, FigureView* view);
    void addStudyViews();
    void buildBars();
    void applyRequest(const WindowRequest& request);
    void connectController();
    void connectActions();
    void connectFileActions();
    void connectPanels();
    void linkViews();
    void connectFeatures();
    void busyChanged();
    FigureView* activeView() const;
    /// Says so where it has none.
    bool activeHasFigure();
    /// Makes the view that a widget belongs to the one that commands act on.
    void noteUsed(const QWidget* widget);
    const std::vector<FigureView*>& views() const { return m_views; }

    void beginRun();
    void followSources();
    void openWaiting();
    void showState(RunState state);
    /// Which commands are possible now.
    void updateActions(RunState state);
    /// Tells the list of runs what is being trained.
    void markTraining();
    /// Whether something is trained, or about to be.
    bool busy() const;
    void stopTraining();
    void showData();
    void sayWhatWasFound();
    void showMissingData();
    void showDamagedData(const QString& sentence);
    void showSettings();
    bool readsOtherImages() const;
    void readDataAgain();
    void showEmptyWords(const QString& first);
    void updateTitle();
    /// The settings become those of the run that was opened, with a way back where there was something to lose.
    void showRunsSettings(const QString& warning);
    void runEnded(RunState state);
    /// The training has ended while another run is shown.
    void endedBehind(RunState state);
    /// The trained run is shown again, as it is or as it has ended.
    void trainingShown();
    /// While a training goes on behind the run shown: which is which, and the way back.
    void sayWhichIsTrained();
    void showPredictions(const std::shared_ptr<const LatentCodes>& codes);
    std::vector<FigureFile> allFigures() const;
    void writeFigures(const std::filesystem::path& folder, std::vector<FigureFile> figures);
    void updateOverlays();
    void openFolder(const std::filesystem::path& folder);
    void openConfiguration(const std::filesystem::path& file);
    void saveConfiguration();
    void choosePreset(const QString& name);
    void chooseRunsFolder();
    void setDataFolder(const std::filesystem::path& folder);
    void togglePause();
    void askTrainFurther();
    void setTheme(ThemeChoice choice);
    void showPalette();
    void showAbout();
    void showShortcuts();
    void raiseProblem(const QString& sentence);
    /// The same with a way to the folder that the sentence begins with, where it is there.
    void raiseRunProblem(const QString& sentence);
    /// The same with a way to another folder for runs, where that is what is wrong.
    void raiseFolderProblem(const QString& sentence);

    struct Overlays;
    /// Of a training that ended while another run was shown.
    struct Pictures {
        std::filesystem::path folder;
        std::vector<FigureFile> files;
    };

    DockLayout m_layout;
    WindowActions m_actions;
    RunController m_controller;
    RunFigureWriter m_figureWriter;
    ControlPanel* m_controls = nullptr;
    RunsPanel* m_runs = nullptr;
    ScatterView* m_scatter = nullptr;
    ProbeView* m_probe = nullptr;
    LossView* m_loss = nullptr;
    ReconstructionsView* m_reconstructions = nullptr;
    DimensionsView* m_dimensions = nullptr;
    SamplesView* m_samples = nullptr;
    ConfusionView* m_confusion = nullptr;
    MistakesView* m_mistakes = nullptr;
    FineTuneFeature* m_fineTuning = nullptr;
    FoldsFeature* m_folds = nullptr;
    SearchFeature* m_search = nullptr;
    ReportFeature* m_report = nullptr;
    std::vector<FigureView*> m_views; ///< of all panels, in the order of the docks
    SamplesPresenter* m_sampleLink = nullptr;
    RegionPresenter* m_regionLink = nullptr;
    BaselinesPresenter* m_referenceLink = nullptr;
    ProbePresenter* m_probeLink = nullptr;
    ProjectionPresenter* m_projectionLink = nullptr;
    MessageBar* m_messages = nullptr;
    CommandBar* m_commandBar = nullptr;
    StatusLine* m_status = nullptr;
    QPointer<FigureView> m_lastView; ///< the one last used
    std::optional<std::filesystem::path> m_toOpen;
    QTimer m_readAgain; ///< some time after the last change of how pictures become images
    Latest<Pictures> m_pictures{this};
    Latest<std::shared_ptr<const Overlays>> m_overlays{this};
    QPalette m_systemPalette;
    bool m_layoutDone = false;
};

} // namespace latentoscope::ui
