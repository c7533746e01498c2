// The commands of the main window; its construction is in MainWindow.cpp.
#include "core/base/AtomicFile.h"
#include "core/config/Fields.h"
#include "core/kinds/Kind.h"
#include "core/sources/OpenSource.h"
#include "ui/common/Colors.h"
#include "ui/common/Dialogs.h"
#include "ui/common/MessageBar.h"
#include "ui/common/PanelHeader.h"
#include "ui/features/FineTuneFeature.h"
#include "ui/features/FoldsFeature.h"
#include "ui/features/ReportFeature.h"
#include "ui/features/SearchFeature.h"
#include "ui/figures/Export.h"
#include "ui/latent/ProbePresenter.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ScatterView.h"
#include "ui/main/AboutDialog.h"
#include "ui/main/CommandBar.h"
#include "ui/main/CommandPalette.h"
#include "ui/main/EpochBar.h"
#include "ui/main/MainWindow.h"
#include "ui/runs/RunsPanel.h"
#include "ui/runs/StatusLine.h"
#include "ui/search/StudyViews.h"
#include "ui/settings/ControlPanel.h"
#include "ui/settings/RememberedSettings.h"
#include "ui/training/FoldsView.h"
#include "ui/training/LossView.h"
#include "ui/training/ReconstructionsView.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QInputDialog>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

namespace latentoscope::ui {
namespace {

constexpr int kMostOverlays = 10;

QString textOf(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

} // namespace

void MainWindow::connectActions()
{
    const auto on = [this](QAction* action, auto&& slot) { connect(action, &QAction::triggered, this, slot); };
    on(m_actions.train, &MainWindow::train);
    on(m_actions.pause, &MainWindow::togglePause);
    on(m_actions.stop, &MainWindow::stopTraining);
    on(m_actions.further, &MainWindow::askTrainFurther);
    on(m_actions.resetSettings, [this] { m_controls->resetAll(); });
    on(m_actions.fit, [this] { activeView()->fit(); });
    on(m_actions.copyFigure, [this] {
        if (activeHasFigure()) activeView()->copyFigure();
    });
    on(m_actions.copyData, [this] {
        if (activeHasFigure()) activeView()->copyData();
    });
    on(m_actions.copyCommand, &MainWindow::copyCommand);
    on(m_actions.copyCode, [this] {
        QStringList values;
        for (const float value : m_probeLink->code()) values << QString::number(static_cast<double>(value), 'g', 7);
        if (values.isEmpty()) return m_status->remark(tr("No probe to copy"));
        QApplication::clipboard()->setText(values.join(QLatin1Char(',')));
        m_status->remark(tr("Copied the code"));
    });
    on(m_actions.palette, &MainWindow::showPalette);
    on(m_actions.resetLayout, &MainWindow::resetLayout);
    on(m_actions.themeSystem, [this] { setTheme(ThemeChoice::System); });
    on(m_actions.themeLight, [this] { setTheme(ThemeChoice::Light); });
    on(m_actions.themeDark, [this] { setTheme(ThemeChoice::Dark); });
    on(m_actions.playEpochs, [this] { m_commandBar->epochBar().togglePlaying(); });
    on(m_actions.probeMean, [this] {
        m_probeLink->probeMean();
        m_scatter->takeKeys();
    });
    on(m_actions.clearProbe, [this] {
        if (m_layout.workspace() == DockLayout::Workspace::Search)
            m_search->views().giveUpChoice();
        else
            m_scatter->clearProbe();
    });
    on(m_actions.showAllClasses, [this] { m_scatter->showAllClasses(); });
    on(m_actions.shortcuts, &MainWindow::showShortcuts);
    on(m_actions.about, &MainWindow::showAbout);
    on(m_actions.quit, &MainWindow::close);
}

void MainWindow::connectFileActions()
{
    const auto on = [this](QAction* action, auto&& slot) { connect(action, &QAction::triggered, this, slot); };
    on(m_actions.openRun, [this] {
        const QString folder = QFileDialog::getExistingDirectory(this, tr("Open run"), textOf(m_controller.runsFolder()));
        if (!folder.isEmpty()) openPath(folder.toStdString());
    });
    on(m_actions.openConfiguration, [this] {
        const QString file = QFileDialog::getOpenFileName(this, tr("Open settings"), textOf(m_controller.runsFolder()),
                                                          tr("Settings (*.json);;All files (*)"));
        if (!file.isEmpty()) openConfiguration(file.toStdString());
    });
    on(m_actions.saveConfiguration, &MainWindow::saveConfiguration);
    on(m_actions.runsFolder, &MainWindow::chooseRunsFolder);
    on(m_actions.exportView, [this] {
        if (activeHasFigure()) activeView()->openExportDialog();
    });
    on(m_actions.exportAll, [this] {
        const QString folder = QFileDialog::getExistingDirectory(
            this, tr("Export all figures into a folder"), QSettings().value(QStringLiteral("export/allFolder")).toString());
        if (folder.isEmpty()) return;
        QSettings().setValue(QStringLiteral("export/allFolder"), folder);
        exportAllInto(folder.toStdString());
    });
}

bool MainWindow::activeHasFigure()
{
    if (activeView()->hasFigure()) return true;
    m_status->remark(tr("%1 shows nothing yet: click the panel to export").arg(activeView()->header().title()));
    return false;
}

void MainWindow::train()
{
    if (!m_actions.train->isEnabled()) return;
    const TrainingRequest request = m_controls->request();
    m_controller.start({request.configuration, request.base.name, request.threads, request.device, m_fineTuning->encoder()});
}

void MainWindow::stopTraining()
{
    m_controller.stop();
    m_folds->controller().stop();
    m_report->runner().stop();
    m_search->study().stop();
}

void MainWindow::togglePause()
{
    if (m_controller.state() == RunState::Paused)
        m_controller.resume();
    else
        m_controller.pause();
}

void MainWindow::askTrainFurther()
{
    QInputDialog dialog(this);
    dialog.setWindowTitle(tr("Train further"));
    dialog.setLabelText(tr("Number of further epochs to train %1").arg(textOf(m_controller.run().folder.filename())));
    dialog.setInputMode(QInputDialog::IntInput);
    dialog.setIntRange(1, 10'000);
    dialog.setIntValue(10);
    dialog.resize(dialog.sizeHint().expandedTo(QSize(380, 0))); // its title is not cut
    if (dialog.exec() == QDialog::Accepted) m_controller.trainFurther(dialog.intValue());
}

void MainWindow::copyCommand()
{
    const TrainingRequest request = m_controls->request();
    const auto out = freshRunFolder(m_controller.runsFolder(), request.base.name);
    QApplication::clipboard()->setText(QString::fromStdString(forShell(commandText(request, m_fineTuning->encoder(), out))));
    m_status->remark(tr("Copied the command"));
}

std::vector<FigureFile> MainWindow::allFigures() const
{
    std::vector<FigureFile> figures;
    // Folds that have nothing to do with the run shown stay out: they are their own cross-validation's.
    const bool foldsBelong = !m_controller.hasRun() || m_controller.run().folder.parent_path() == m_folds->controller().folder();
    for (const FigureView* view : views()) {
        if (view->hasFigure() && !m_search->views().contains(view) && (view != &m_folds->view() || foldsBelong))
            figures.push_back({view->exportName().toStdString(), view->exportedFigure()});
    }
    // Of a study all there is, as `search figures` has it: not only the slice that is chosen.
    if (const auto& study = m_search->study().view(); study && !study->empty()) {
        std::string prefix = study->study.name + "-";
        std::replace(prefix.begin(), prefix.end(), '/', '-');
        for (auto& [name, figure] : studyFigures(*study)) figures.push_back({prefix + name, std::move(figure)});
    }
    return figures;
}

void MainWindow::exportAllInto(const std::filesystem::path& folder)
{
    std::vector<FigureFile> figures = allFigures();
    if (figures.empty()) return raiseProblem(tr("There is no figure yet: press Train, or open a run."));
    int there = 0;
    std::error_code ignored;
    for (const FigureFile& file : figures) {
        for (const char* ending : {".png", ".svg", ".pdf", ".csv"})
            there += std::filesystem::exists(folder / (file.name + ending), ignored) ? 1 : 0;
    }
    if (there == 0) return writeFigures(folder, std::move(figures));
    const auto files = 4 * figures.size();
    m_messages->show(MessageBar::Kind::Warning,
                     tr("%1 of the %2 files are in %3 already.").arg(there).arg(files).arg(textOf(folder)),
                     {{tr("Replace them"),
                       [this, folder, figures = std::move(figures)]() mutable {
                           m_messages->dismiss();
                           writeFigures(folder, std::move(figures));
                       }},
                      {tr("Another folder…"), [this] {
                           m_messages->dismiss();
                           m_actions.exportAll->trigger();
                       }}});
}

void MainWindow::writeFigures(const std::filesystem::path& folder, std::vector<FigureFile> figures)
{
    const auto count = figures.size();
    m_figureWriter.write(folder, std::move(figures));
    m_status->remark(tr("Saved %1 figures in %2").arg(count).arg(textOf(folder)));
}

/// What of ours, or of a data set, lies in a folder.
void MainWindow::openFolder(const std::filesystem::path& folder)
{
    std::error_code ignored;
    const auto holds = [&](const char* name) { return std::filesystem::is_regular_file(folder / name, ignored); };
    if (holdsFolds(folder)) {
        if (m_folds->controller().running() && folder != m_folds->controller().folder())
            return raiseProblem(tr("A cross-validation is running: stop it before opening another."));
        m_layout.raise(DockLayout::Place::Folds);
        return m_folds->controller().open(folder);
    }
    if (!holds("config.json") && holds("study.log")) return m_search->open((folder / "study.log").string(), {});
    if (!holds("config.json") && looksLikeData(folder)) return setDataFolder(folder);
    m_controller.open(folder);
}

void MainWindow::openPath(const std::filesystem::path& path)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return openFolder(std::filesystem::absolute(path).lexically_normal());
    if (!std::filesystem::is_regular_file(path, ignored)) { // a pipe would be waited for
        return raiseProblem(
            std::filesystem::exists(path, ignored)
                ? tr("%1 is no file that can be read as one; expected a run's folder, settings (JSON) or a study's journal.")
                      .arg(textOf(path))
                : tr("%1 is not there.").arg(textOf(path)));
    }
    if (looksLikeData(path)) return setDataFolder(std::filesystem::absolute(path).lexically_normal());
    // A journal's first line is a record of a study; of a large file of another kind no more is read.
    constexpr std::streamsize kLooked = 4096;
    std::string start(static_cast<std::size_t>(kLooked), 0);
    std::ifstream file(path, std::ios::binary);
    file.read(start.data(), kLooked);
    start.resize(static_cast<std::size_t>(file.gcount()));
    const std::string line = start.substr(0, start.find('\n'));
    if (line.find("\"op_code\"") != std::string::npos) return m_search->open(std::filesystem::absolute(path).string(), {});
    if (start.find('\0') != std::string::npos) {
        return raiseProblem(tr("%1 holds no settings: expected a run's folder, settings (JSON), a study's journal, or data: a "
                               "folder of pictures, "
                               "an archive of them, .npz, .npy or .csv.")
                                .arg(textOf(path)));
    }
    openConfiguration(path);
}

void MainWindow::openConfiguration(const std::filesystem::path& file)
{
    try {
        const Configuration read = readConfiguration(file);
        const std::filesystem::path path = std::filesystem::absolute(file);
        // A run's settings are called as the run, not "config".
        const bool ofRun = path.filename() == "config.json" && path.has_parent_path();
        m_controls->setConfiguration({ofRun ? path.parent_path().filename().string() : path.stem().string(), path, read}, read);
        m_messages->dismiss(); // what was wrong with another file is over
        m_status->remark(tr("Settings from %1").arg(textOf(path)));
    } catch (const std::exception& error) {
        raiseProblem(QString::fromUtf8(error.what()));
    }
}

void MainWindow::saveConfiguration()
{
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Save settings"), QStringLiteral("settings.json"), tr("Settings (*.json)"));
    if (file.isEmpty()) return;
    try {
        writeFileAtomically(file.toStdString(), toJson(m_controls->request().configuration).dump(2) + "\n");
        m_status->remark(tr("Saved %1").arg(file));
    } catch (const std::exception& error) {
        raiseProblem(QString::fromUtf8(error.what()));
    }
}

void MainWindow::choosePreset(const QString& name)
{
    for (const Preset& preset : presets()) {
        if (preset.name == name.toStdString())
            m_controls->setConfiguration({preset.name, {}, preset.configuration}, preset.configuration);
    }
}

/// Curves of ticked runs, read beside the interface thread: a disk or a server may be slow.
struct MainWindow::Overlays {
    std::vector<NamedCurves> curves;
    std::map<std::filesystem::path, QColor> colors;
    QStringList problems;

    static std::shared_ptr<const Overlays> of(const std::vector<std::filesystem::path>& runs);
};

std::shared_ptr<const MainWindow::Overlays> MainWindow::Overlays::of(const std::vector<std::filesystem::path>& runs)
{
    auto read = std::make_shared<Overlays>();
    for (const std::filesystem::path& run : runs) {
        if (read->curves.size() >= kMostOverlays) break;
        try {
            const RunRecord record = readRun(run);
            read->colors[run] = classColor(overlayColor(read->curves.size()));
            read->curves.push_back({run.filename().string(), readSteps(run), readMetrics(run),
                                    measuresOf(record.configuration.model, record.shape)});
        } catch (const std::exception& error) {
            read->problems << QString::fromUtf8(error.what());
        }
    }
    return read;
}

void MainWindow::updateOverlays()
{
    std::vector<std::filesystem::path> runs = m_runs->ticked();
    std::erase(runs, m_controller.run().folder); // it has its own curves
    m_overlays.ask([runs = std::move(runs)] { return Overlays::of(runs); },
                   [this](const std::shared_ptr<const Overlays>& read) {
                       for (const QString& sentence : read->problems) raiseProblem(sentence);
                       m_runs->setTickColors(read->colors);
                       m_loss->setOverlays(read->curves);
                       if (const std::string missing = m_loss->withoutCurve(); !missing.empty())
                           m_status->remark(tr("%1 to draw beside these curves").arg(QString::fromStdString(missing)));
                   });
}

void MainWindow::setTheme(ThemeChoice choice)
{
    QSettings().setValue(QStringLiteral("window/theme"), static_cast<int>(choice));
    applyTheme(*qApp, choice, m_systemPalette);
}

void MainWindow::resetLayout() { m_layout.applyDefault(); }

void MainWindow::showPalette()
{
    QList<QAction*> all = m_actions.all();
    all.removeOne(m_actions.palette);
    // Beside commands what else can be gone to by name: panels, presets, runs.
    auto* owner = new QObject(this);
    const auto offer = [&](const QString& words, auto&& run) {
        auto* action = new QAction(words, owner);
        connect(action, &QAction::triggered, this, run);
        all << action;
    };
    for (QDockWidget* dock : findChildren<QDockWidget*>()) {
        if (dock->toggleViewAction()->isVisible())
            offer(tr("Show panel: %1").arg(dock->windowTitle()), [dock] {
                dock->show();
                dock->raise();
            });
    }
    for (const Preset& preset : presets()) {
        const QString name = QString::fromStdString(preset.name);
        offer(tr("Preset: %1").arg(name), [this, name] { choosePreset(name); });
    }
    for (const std::filesystem::path& run : m_runs->runs())
        offer(tr("Open run: %1").arg(textOf(run.filename())), [this, run] { openPath(run); });
    offer(tr("Logarithmic loss axis"),
          [this] { m_loss->setScale(m_loss->scale() == AxisScale::Logarithmic ? AxisScale::Linear : AxisScale::Logarithmic); });
    CommandPalette palette(all, this);
    palette.exec();
    owner->deleteLater(); // after what was chosen has been done
}

void MainWindow::showAbout()
{
    AboutDialog dialog(this);
    dialog.exec();
}

void MainWindow::showShortcuts()
{
    ShortcutsDialog dialog(m_actions.all(), this);
    dialog.exec();
}

void MainWindow::raiseProblem(const QString& sentence) { m_messages->show(MessageBar::Kind::Error, sentence); }

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_controller.training() || m_folds->controller().running() || m_report->runner().running() ||
        m_search->study().running()) {
        const bool report = m_report->runner().running();
        QMessageBox question(QMessageBox::Question, report ? tr("A report is being made") : tr("Training is running"),
                             report ? tr("Stop the report and close?") : tr("Stop the training and close?"), QMessageBox::Cancel,
                             this);
        question.setObjectName(QStringLiteral("closeQuestion"));
        question.setInformativeText(
            report                            ? tr("Finished parts are kept; start it again to continue.")
            : m_search->study().running()     ? tr("Its running trials are stopped, and retried when the study is resumed.")
            : m_folds->controller().running() ? tr("Finished folds are kept; the cross-validation can be continued later.")
                                              : tr("Its weights and curves up to now are kept in the run's folder."));
        QAbstractButton* stop = question.addButton(tr("Stop and close"), QMessageBox::AcceptRole);
        widen(question);
        question.exec();
        if (question.clickedButton() != stop) {
            event->ignore();
            return;
        }
    }
    m_layout.save();
    if (m_controls->isValid()) rememberSettings(m_controls->base(), m_controls->request().configuration);
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.front().isLocalFile()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() != 1 || !urls.front().isLocalFile()) return;
    event->acceptProposedAction();
    openPath(urls.front().toLocalFile().toStdString());
}

void MainWindow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange) m_actions.tint(palette());
    QMainWindow::changeEvent(event);
}

} // namespace latentoscope::ui
