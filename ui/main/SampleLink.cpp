#include "ui/main/SampleLink.h"

namespace latentoscope::ui {

SampleLink::SampleLink(SamplesView& view, QObject* parent) : QObject(parent), m_view(view)
{
    connect(&m_view, &SamplesView::requestChanged, this, &SampleLink::refresh);
}

SampleLink::Drawn SampleLink::drawPrior(const Replay::ModelSource& source, const SamplesRequest& request)
{
    try {
        const auto model = source();
        if (!model || !model->hasPosterior()) return {};
        return {decodeCodes(*model, priorCodes(model->latentDimension(), request.count, request.temperature, request.seed)), {}};
    } catch (const std::exception& error) {
        return {std::nullopt, QString::fromUtf8(error.what())};
    }
}

void SampleLink::setModelSource(Replay::ModelSource source)
{
    m_latest.forget(); // what an older source gave is not shown
    m_source = std::move(source);
    if (!m_source) m_view.setSamples(std::nullopt);
    refresh();
}

void SampleLink::refresh()
{
    if (!m_source) return;
    m_latest.ask([source = m_source, request = m_view.request()] { return drawPrior(source, request); },
                 [this](const Drawn& drawn) {
                     m_view.setSamples(drawn.samples);
                     if (!drawn.sentence.isEmpty()) Q_EMIT messageRaised(drawn.sentence);
                 });
}

} // namespace latentoscope::ui
