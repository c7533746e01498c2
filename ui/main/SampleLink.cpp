#include "ui/main/SampleLink.h"

#include "core/latent/Samples.h"
#include "ui/latent/SamplesView.h"

#include <QFutureWatcher>
#include <QtConcurrentRun>

#include <optional>

namespace latentoscope::ui {
namespace {

struct Drawn {
    std::optional<Samples> samples;
    QString sentence;
};

Drawn drawPrior(const Replay::ModelSource& source, const SamplesRequest& request)
{
    try {
        const auto model = source ? source() : nullptr;
        if (!model || !model->hasPosterior() || request.count == 0) return {};
        return {decodeCodes(*model, priorCodes(model->latentDimension(), request.count, request.temperature, request.seed)), {}};
    } catch (const std::exception& error) {
        return {std::nullopt, QString::fromUtf8(error.what())};
    }
}

} // namespace

SampleLink::SampleLink(SamplesView& view, QObject* parent) : QObject(parent), m_view(view)
{
    connect(&m_view, &SamplesView::requestChanged, this, &SampleLink::refresh);
}

void SampleLink::setModelSource(Replay::ModelSource source)
{
    m_source = std::move(source);
    ++m_generation;
    if (!m_source) m_view.setSamples(std::nullopt);
    refresh();
}

void SampleLink::refresh()
{
    if (!m_source) return;
    m_again = m_busy;
    if (m_busy) return;
    m_busy = true;
    auto* watcher = new QFutureWatcher<Drawn>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, generation = m_generation] {
        watcher->deleteLater();
        m_busy = false;
        const Drawn drawn = watcher->result();
        if (generation == m_generation) {
            m_view.setSamples(drawn.samples);
            if (!drawn.sentence.isEmpty()) Q_EMIT messageRaised(drawn.sentence);
        }
        if (std::exchange(m_again, false)) refresh();
    });
    watcher->setFuture(QtConcurrent::run(drawPrior, m_source, m_view.request()));
}

} // namespace latentoscope::ui
