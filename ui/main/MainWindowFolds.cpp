// What the main window does with cross-validations.
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/config/Kind.h"
#include "core/data/DataSet.h"
#include "core/training/Prepare.h"
#include "ui/common/MessageBar.h"
#include "ui/main/MainWindow.h"
#include "ui/main/StatusLine.h"
#include "ui/runs/RunsPanel.h"
#include "ui/settings/ControlPanel.h"
#include "ui/training/FoldsView.h"

#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QSettings>

namespace latentoscope::ui {
namespace {

constexpr int kUsualFolds = 10;
constexpr const char* kFoldsEnding = "-folds"; ///< of the folder's name

} // namespace

void MainWindow::connectFolds()
{
    connect(m_actions.crossValidate, &QAction::triggered, this, &MainWindow::askCrossValidate);
    connect(m_foldsView, &FoldsView::foldChosen, this,
            [this](int fold) { openPath(foldFolder(m_folds.folder(), fold, static_cast<int>(m_folds.state().folds.size()))); });
    connect(m_foldsView, &FoldsView::continueRequested, this, &MainWindow::continueFolds);
    connect(&m_folds, &FoldsController::begun, this, [this] {
        m_foldsView->setSubject(QString::fromStdString(m_folds.folder().filename().string()));
        m_foldsView->begin(m_folds.configuration(), m_folds.shape());
        m_layout.raise(DockLayout::Place::Folds);
        noteUsed(m_foldsView);
        updateActions(m_controller.state());
        markTraining();
    });
    connect(&m_folds, &FoldsController::changed, this, [this] {
        const CrossValidationState& state = m_folds.state();
        const std::size_t before = m_foldsView->scores();
        m_foldsView->setState(state);
        if (m_foldsView->scores() != before) m_runs->refresh();
        if (state.state != RunState::Running) return;
        m_status->showJob(tr("Cross-validation, %1 of %2 folds").arg(state.scores().size()).arg(state.folds.size()),
                          state.fraction, state.secondsLeft);
    });
    connect(&m_folds, &FoldsController::failed, this, [this](const QString& sentence) {
        m_status->showWords({});
        raiseProblem(sentence);
    });
    connect(&m_folds, &FoldsController::ended, this, &MainWindow::foldsEnded);
}

void MainWindow::askCrossValidate()
{
    if (!m_actions.crossValidate->isEnabled()) return;
    QSettings settings;
    FoldsRequest last;
    last.folds = settings.value(QStringLiteral("folds/count"), kUsualFolds).toInt();
    last.pretraining = settings.value(QStringLiteral("folds/pretraining")).toString().toStdString();
    CrossValidateDialog::Encoders encoders;
    encoders.asked = kindOf(m_controls->request().configuration.model).classifies;
    encoders.run = chosenEncoder();
    for (const Preset& preset : presets()) {
        if (!kindOf(preset.configuration.model).classifies) encoders.presets.push_back(preset.name);
    }
    CrossValidateDialog dialog(encoders, last, this);
    connect(&dialog, &CrossValidateDialog::copyRequested, this, [&] { copyFoldsCommand(dialog.request()); });
    if (dialog.exec() != QDialog::Accepted) return;
    const FoldsRequest request = dialog.request();
    settings.setValue(QStringLiteral("folds/count"), request.folds);
    if (encoders.asked) settings.setValue(QStringLiteral("folds/pretraining"), QString::fromStdString(request.pretraining));
    crossValidate(request);
}

void MainWindow::copyFoldsCommand(const FoldsRequest& request)
{
    const TrainingRequest training = m_controls->request();
    const auto out = freshRunFolder(m_controller.runsFolder(), training.base.name + kFoldsEnding);
    QApplication::clipboard()->setText(QString::fromStdString(forShell(foldsCommandText(training, request, out))));
    m_status->remark(tr("Copied the command"));
}

void MainWindow::crossValidate(const FoldsRequest& request)
{
    const TrainingRequest training = m_controls->request();
    CrossValidationSetup setup;
    setup.training.configuration = training.configuration;
    setup.training.data = m_controller.data();
    setup.training.threads = training.threads;
    setup.training.device = training.device;
    setup.folds = request.folds;
    std::filesystem::path made;
    try {
        if (!request.encoder.empty()) beginWithEncoder(setup.training, request.encoder);
        if (!request.pretraining.empty()) setup.pretraining = presetOrFile(request.pretraining);
        made = makeFreshRunFolder(m_controller.runsFolder(), training.base.name + kFoldsEnding);
    } catch (const std::exception& error) {
        return raiseProblem(QString::fromUtf8(error.what()));
    }
    setup.folder = made;
    m_messages->dismiss();
    if (const std::vector<std::string> notes = caveats(setup); !notes.empty())
        m_messages->show(MessageBar::Kind::Information, tr("Note: %1.").arg(QString::fromStdString(joined(notes, "; "))));
    m_folds.start(std::move(setup));
    std::error_code ignored;
    if (!m_folds.running()) std::filesystem::remove(made, ignored); // only where nothing was put into it
    m_runs->refresh();
}

void MainWindow::continueFolds()
{
    const FoldsRecord& record = m_folds.record();
    const auto& loaded = m_controller.data();
    if (m_folds.running() || m_controller.training() || m_controller.starting()) {
        return raiseProblem(tr("A training is running: stop it before going on with the folds."));
    }
    if (!loaded || loaded->digest != record.dataDigest) {
        return raiseProblem(
            tr("These folds are of %1 (digest %2), which is not the data set at the left: choose it there first.")
                .arg(QString::fromStdString(record.dataName), QString::fromStdString(record.dataDigest.substr(0, 12))));
    }
    CrossValidationSetup setup;
    setup.training.configuration = record.configuration;
    setup.training.data = loaded;
    setup.training.threads = m_controls->request().threads;
    setup.training.device = m_controls->request().device;
    setup.pretraining = record.pretraining;
    setup.folds = record.folds();
    setup.folder = m_folds.folder();
    try {
        if (!record.encoderFolder.empty()) beginWithEncoder(setup.training, record.encoderFolder);
    } catch (const std::exception& error) {
        return raiseProblem(QString::fromUtf8(error.what()));
    }
    m_folds.start(std::move(setup));
}

void MainWindow::foldsEnded(RunState how)
{
    updateActions(m_controller.state());
    markTraining();
    if (how == RunState::Failed) return; // the sentence has been said
    const CrossValidationState& state = m_folds.state();
    if (how == RunState::Stopped)
        m_status->showWords(tr("Stopped, %1 of %2 folds are kept").arg(state.scores().size()).arg(state.folds.size()));
    else
        m_status->showWords(tr("%1 folds: %2").arg(state.folds.size()).arg(m_foldsView->model().summary()));
    if (m_foldsView->hasFigure() && !m_folds.folder().empty())
        m_figureWriter.write(m_folds.folder() / "figures", {{m_foldsView->figureName().toStdString(), m_foldsView->figure()},
                                                            {"folds-curves", m_foldsView->curves()}});
}

} // namespace latentoscope::ui
