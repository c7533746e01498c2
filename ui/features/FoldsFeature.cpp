#include "ui/features/FoldsFeature.h"

#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/kinds/Kind.h"
#include "core/training/Prepare.h"
#include "ui/features/FineTuneFeature.h"
#include "ui/runs/StatusLine.h"
#include "ui/session/RunController.h"
#include "ui/settings/CommandText.h"
#include "ui/settings/ControlPanel.h"
#include "ui/training/FoldsView.h"

#include <QApplication>
#include <QClipboard>
#include <QSettings>

namespace latentoscope::ui {
namespace {

constexpr int kUsualFolds = 10;
constexpr const char* kFoldsEnding = "-folds"; ///< of the folder's name

} // namespace

FoldsFeature::FoldsFeature(const FeatureContext& window, const FineTuneFeature& fineTuning, QObject* parent)
    : QObject(parent), m_window(window), m_fineTuning(fineTuning), m_view(new FoldsView(&window.window))
{
    connect(m_view, &FoldsView::foldChosen, this, [this](int fold) {
        Q_EMIT openRequested(foldFolder(m_folds.folder(), fold, static_cast<int>(m_folds.state().folds.size())));
    });
    connect(m_view, &FoldsView::continueRequested, this, &FoldsFeature::continueFolds);
    connect(&m_folds, &FoldsController::begun, this, &FoldsFeature::begun);
    connect(&m_folds, &FoldsController::changed, this, &FoldsFeature::changed);
    connect(&m_folds, &FoldsController::failed, this, [this](const QString& sentence) {
        m_window.status.showWords({});
        m_window.raiseProblem(sentence);
    });
    connect(&m_folds, &FoldsController::ended, this, &FoldsFeature::ended);
}

void FoldsFeature::begun()
{
    m_view->setSubject(QString::fromStdString(m_folds.folder().filename().string()));
    m_view->begin(m_folds.configuration(), m_folds.shape());
    if (!m_folds.notes().empty())
        m_window.messages.show(MessageBar::Kind::Information,
                               tr("Note: %1.").arg(QString::fromStdString(joined(m_folds.notes(), "; "))));
    Q_EMIT runsChanged();
    Q_EMIT shown();
    Q_EMIT busyChanged();
}

void FoldsFeature::changed()
{
    const CrossValidationState& state = m_folds.state();
    const std::size_t before = m_view->scores();
    m_view->setState(state);
    if (m_view->scores() != before) Q_EMIT runsChanged();
    if (state.state != RunState::Running) return;
    m_window.status.showJob(tr("Cross-validation, %1 of %2 folds").arg(state.scores().size()).arg(state.folds.size()),
                            state.fraction, state.secondsLeft);
}

void FoldsFeature::ask()
{
    QSettings settings;
    FoldsRequest last;
    last.folds = settings.value(QStringLiteral("folds/count"), kUsualFolds).toInt();
    last.pretraining = settings.value(QStringLiteral("folds/pretraining")).toString().toStdString();
    CrossValidateDialog::Encoders encoders;
    encoders.asked = kindOf(m_window.controls.request().configuration.model).classifies;
    encoders.run = m_fineTuning.encoder();
    for (const Preset& preset : presets()) {
        if (!kindOf(preset.configuration.model).classifies) encoders.presets.push_back(preset.name);
    }
    CrossValidateDialog dialog(encoders, last, &m_window.window);
    connect(&dialog, &CrossValidateDialog::copyRequested, this, [&] { copyCommand(dialog.request()); });
    if (dialog.exec() != QDialog::Accepted) return;
    const FoldsRequest request = dialog.request();
    settings.setValue(QStringLiteral("folds/count"), request.folds);
    if (encoders.asked) settings.setValue(QStringLiteral("folds/pretraining"), QString::fromStdString(request.pretraining));
    crossValidate(request);
}

void FoldsFeature::copyCommand(const FoldsRequest& request)
{
    const TrainingRequest training = m_window.controls.request();
    const auto out = freshRunFolder(m_window.controller.runsFolder(), training.base.name + kFoldsEnding);
    QApplication::clipboard()->setText(QString::fromStdString(forShell(foldsCommandText(training, request, out))));
    m_window.status.remark(tr("Copied the command"));
}

void FoldsFeature::crossValidate(const FoldsRequest& request)
{
    const TrainingRequest training = m_window.controls.request();
    m_window.messages.dismiss();
    m_folds.start([training, request, data = m_window.controller.data(), runs = m_window.controller.runsFolder()] {
        CrossValidationSetup setup;
        setup.training.configuration = training.configuration;
        setup.training.data = data;
        setup.training.threads = training.threads;
        setup.training.device = training.device;
        setup.folds = request.folds;
        if (!request.encoder.empty()) beginWithEncoder(setup.training, request.encoder);
        if (!request.pretraining.empty()) setup.pretraining = presetOrFile(request.pretraining);
        setup.folder = makeFreshRunFolder(runs, training.base.name + kFoldsEnding);
        return setup;
    });
    Q_EMIT busyChanged();
}

void FoldsFeature::continueFolds()
{
    const FoldsRecord& record = m_folds.record();
    const auto& loaded = m_window.controller.data();
    if (m_folds.running() || m_window.controller.training() || m_window.controller.starting()) {
        return m_window.raiseProblem(tr("A training is running: stop it before going on with the folds."));
    }
    if (!loaded || loaded->digest != record.dataDigest) {
        return m_window.raiseProblem(
            tr("These folds are of %1 (digest %2), which is not the data set at the left: choose it there first.")
                .arg(QString::fromStdString(record.dataName), QString::fromStdString(record.dataDigest.substr(0, 12))));
    }
    m_folds.start([record, loaded, folder = m_folds.folder(), request = m_window.controls.request()] {
        CrossValidationSetup setup;
        setup.training.configuration = record.configuration;
        setup.training.data = loaded;
        setup.training.threads = request.threads;
        setup.training.device = request.device;
        setup.pretraining = record.pretraining;
        setup.folds = record.folds();
        setup.folder = folder;
        if (!record.encoderFolder.empty()) beginWithEncoder(setup.training, record.encoderFolder);
        return setup;
    });
    Q_EMIT busyChanged();
}

void FoldsFeature::ended(RunState how)
{
    Q_EMIT busyChanged();
    if (how == RunState::Failed) return; // the sentence has been said
    const CrossValidationState& state = m_folds.state();
    if (how == RunState::Stopped)
        m_window.status.showWords(tr("Stopped, %1 of %2 folds are kept").arg(state.scores().size()).arg(state.folds.size()));
    else
        m_window.status.showWords(tr("%1 folds: %2").arg(state.folds.size()).arg(m_view->model().summary()));
    if (m_view->hasFigure() && !m_folds.folder().empty()) Q_EMIT figuresReady();
}

} // namespace latentoscope::ui
