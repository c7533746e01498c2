#include "ui/features/FineTuneFeature.h"

#include "core/config/Fields.h"
#include "core/kinds/Kind.h"
#include "core/models/Transfer.h"
#include "ui/session/RunController.h"
#include "ui/settings/ControlPanel.h"

#include <algorithm>

namespace latentoscope::ui {

FineTuneFeature::FineTuneFeature(const FeatureContext& window, QObject* parent) : QObject(parent), m_window(window) {}

std::filesystem::path FineTuneFeature::encoder() const
{
    const ModelOptions model = m_window.controls.request().configuration.model;
    ModelOptions same = model;
    takeEncoderOptions(same, m_options);
    const bool fits = kindOf(model).classifies && same == model;
    return fits ? m_encoder : std::filesystem::path();
}

void FineTuneFeature::setEncoder(const std::filesystem::path& run, const ModelOptions& options)
{
    m_encoder = run;
    m_options = options;
}

void FineTuneFeature::prepare()
{
    const ShownRun& run = m_window.controller.run();
    Configuration configuration = presetOrFile("fine-tune");
    takeEncoderOptions(configuration.model, run.configuration.model);
    configuration.model.classes = std::max(2, static_cast<int>(run.classNames.size()));
    configuration.data = run.configuration.data;
    setEncoder(run.folder, run.configuration.model);
    m_window.controls.setConfiguration({"fine-tune-" + run.folder.filename().string(), {}, configuration, "fine-tune"},
                                       configuration);
    m_window.messages.show(MessageBar::Kind::Information,
                           tr("Train now begins a classifier with the encoder of %1, as long as the encoder's sizes stay.")
                               .arg(QString::fromStdString(run.folder.filename().string())),
                           {{tr("Train"), [this] { Q_EMIT trainRequested(); }}, {tr("From scratch instead"), [this] {
                                                                                     m_encoder.clear();
                                                                                     m_window.messages.dismiss();
                                                                                 }}});
}

void FineTuneFeature::showEncoder()
{
    const TrainingRequest request = m_window.controls.request();
    const ModelOptions& model = request.configuration.model;
    const bool classifier = kindOf(model).classifies;
    const QString name = QString::fromStdString(m_encoder.filename().string());
    const bool begins = !encoder().empty();
    m_window.controls.setOrigin(!classifier ? QString() : begins ? tr("encoder of %1").arg(name) : tr("from scratch"));
    const bool lost = classifier && !m_encoder.empty() && !begins;
    if (lost == m_lost) return;
    m_lost = lost;
    if (!lost) return m_window.messages.dismiss();
    const QString differs = model.latent != m_options.latent
                                ? tr("latent %1 is not its %2").arg(model.latent).arg(m_options.latent)
                                : tr("its sizes are others");
    m_window.messages.show(MessageBar::Kind::Warning,
                           tr("Train would begin from scratch, without the encoder of %1: %2.").arg(name, differs),
                           {{tr("Back to its sizes"), [this] {
                                 TrainingRequest back = m_window.controls.request();
                                 takeEncoderOptions(back.configuration.model, m_options);
                                 m_window.controls.setConfiguration(back.base, back.configuration);
                             }}});
}

} // namespace latentoscope::ui
