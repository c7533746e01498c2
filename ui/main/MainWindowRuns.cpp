// What of the window follows the run that is shown: settings, data set, encoder, and the weights behind map and probe.
#include "core/data/DataSet.h"
#include "core/experiment/RunPictures.h"
#include "ui/common/MessageBar.h"
#include "ui/features/FineTuneFeature.h"
#include "ui/latent/ProbePresenter.h"
#include "ui/latent/ProjectionPresenter.h"
#include "ui/latent/SamplesPresenter.h"
#include "ui/latent/SamplesView.h"
#include "ui/latent/ScatterView.h"
#include "ui/main/MainWindow.h"
#include "ui/runs/RunsPanel.h"
#include "ui/settings/ControlPanel.h"
#include "ui/training/ConfusionView.h"
#include "ui/training/DimensionsView.h"
#include "ui/training/MistakesView.h"
#include "ui/training/ReconstructionsView.h"

#include <utility>

namespace latentoscope::ui {

/// What a click in one view shows in another.
void MainWindow::linkViews()
{
    connect(m_mistakes, &MistakesView::rowChosen, m_probeLink, &ProbePresenter::probeRow);
    connect(m_samples, &SamplesView::codeChosen, m_probeLink, &ProbePresenter::probeCode);
    connect(m_reconstructions, &ReconstructionsView::itemChosen, m_probeLink, &ProbePresenter::probeItem);
    connect(m_dimensions, &DimensionsView::dimensionChosen, m_scatter, &ScatterView::showDimension);
    connect(m_confusion, &ConfusionView::pairChosen, this, [this](int label, int predicted) {
        m_mistakes->showPair(label, predicted);
        m_layout.raise(DockLayout::Place::Mistakes);
    });
}

/// The run or file that waits for the data set, and a shown run whose data have come.
void MainWindow::openWaiting()
{
    if (m_controller.loadingData()) return;
    if (const auto path = std::exchange(m_toOpen, std::nullopt)) return openPath(*path);
    const ShownRun& run = m_controller.run();
    const auto& loaded = m_controller.data();
    if (m_controller.hasRun() && !m_controller.training() && !m_controller.starting() && !run.onItsData() && loaded &&
        loaded->digest == run.dataDigest && !run.dataDigest.empty())
        m_controller.open(run.folder);
}

/// Probe and samples decode with the weights of the codes that the map shows: a projection holds on to its own.
void MainWindow::followSources()
{
    const auto held = m_projectionLink->heldModel();
    const Replay::ModelSource source = held ? [held] { return held; } : m_controller.replay().model();
    m_probeLink->setModel(source);
    m_sampleLink->setCodes(held ? m_projectionLink->heldCodes() : m_controller.replay().codes());
    m_sampleLink->setModelSource(source);
}

void MainWindow::showRunsSettings(const QString& warning)
{
    const TrainingRequest before = m_controls->request();
    const bool own = m_controls->isChanged() || !m_controls->isValid();
    const ShownRun& run = m_controller.run();
    const auto loaded = m_controller.data();
    const bool otherData = !loaded || loaded->digest != run.dataDigest;
    QStringList sentences;
    if (!warning.isEmpty()) sentences << warning;
    std::vector<MessageBar::Action> actions;
    if (otherData && run.onItsData()) { // what Train does is what the window shows
        m_controls->setDataFolder(run.data->folder == packagedDataFolder() ? std::filesystem::path() : run.data->folder);
        m_controller.setData(run.data);
    } else if (otherData && loaded) {
        sentences << tr("Train would use %1.").arg(QString::fromStdString(loaded->name));
        actions.push_back({tr("Choose its folder…"), [this] { m_controls->chooseDataFolder(); }});
    }
    m_fineTuning->setEncoder(run.encoderIsThere ? run.encoder : std::filesystem::path(), run.configuration.model);
    m_controls->setConfiguration({run.folder.filename().string(), run.folder / "config.json", run.configuration},
                                 run.configuration);
    if (!run.encoder.empty() && !run.encoderIsThere) {
        sentences
            << tr("It began with the encoder of %1, which is not there any more or was trained again: Train would begin from "
                  "scratch.")
                   .arg(QString::fromStdString(run.encoder.filename().string()));
    }
    if (own || (otherData && run.onItsData() && loaded)) {
        sentences << (otherData && run.onItsData() ? tr("Settings and data set are now this run's; yours were others.")
                                                   : tr("The settings are now this run's; yours were changed."));
        actions.push_back({tr("Back to mine"), [this, before, loaded] {
                               m_messages->dismiss();
                               m_controls->setDataFolder(before.dataFolder);
                               m_controls->setConfiguration(before.base, before.configuration);
                               if (loaded && loaded != m_controller.data()) m_controller.setData(loaded);
                           }});
    }
    const QString sentence = sentences.join(QLatin1Char(' '));
    const bool behind = !m_controller.showsTraining() && (m_controller.training() || m_controller.starting());
    if (sentence.isEmpty() && behind) return sayWhichIsTrained();
    if (sentence.isEmpty()) return;
    if (behind) actions.push_back({tr("Show the training"), [this] { m_controller.showTraining(); }});
    m_messages->show(warning.isEmpty() ? MessageBar::Kind::Information : MessageBar::Kind::Warning, sentence, actions);
}

void MainWindow::sayWhichIsTrained()
{
    const auto name = [](const ShownRun& run) { return QString::fromStdString(run.folder.filename().string()); };
    m_messages->show(
        MessageBar::Kind::Information,
        tr("You are looking at %1. %2 is still being trained.").arg(name(m_controller.run()), name(m_controller.trainedRun())),
        {{tr("Show the training"), [this] { m_controller.showTraining(); }}});
}

void MainWindow::endedBehind(RunState state)
{
    m_runs->refresh();
    if (state == RunState::Failed) return; // the sentence has been said
    const SessionSetup& setup = m_controller.bridge()->setup();
    m_pictures.ask(
        [setup, model = m_controller.bridge()->model(), steps = m_controller.trainedSteps(),
         epochs = m_controller.trainedEpochs()]() -> Pictures {
            try {
                Pictures pictures{setup.runFolder / "figures", {}};
                for (auto& [name, figure] : runPictures(setup, *model, steps, epochs))
                    pictures.files.push_back({name, std::move(figure)});
                return pictures;
            } catch (const std::exception&) {
                return {}; // the run is whole without its figures
            }
        },
        [this](const Pictures& pictures) {
            if (!pictures.folder.empty()) m_figureWriter.write(pictures.folder, pictures.files);
        });
    const QString name = QString::fromStdString(m_controller.trainedRun().folder.filename().string());
    m_messages->show(MessageBar::Kind::Information,
                     state == RunState::Finished ? tr("%1 is trained.").arg(name) : tr("%1 was stopped.").arg(name),
                     {{tr("Show it"), [this] { m_controller.showTraining(); }}});
}

void MainWindow::trainingShown()
{
    m_messages->dismiss();
    showRunsSettings({});
    updateActions(m_controller.state());
}

} // namespace latentoscope::ui
