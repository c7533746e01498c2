#include "ui/latent/SamplesPresenter.h"

#include "core/latent/Samples.h"
#include "core/models/FrozenModel.h"
#include "core/values/LatentCodes.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace latentoscope::ui {
namespace {

constexpr int kShare = 9; ///< times as long as a drawing takes, nothing is drawn for training's sake alone

/// One of each class after the other: a row of a grid whose columns are classes.
Samples inRows(Samples samples, std::size_t classes)
{
    const std::size_t each = samples.labels.size() / classes;
    const auto dimension = static_cast<std::size_t>(samples.dimension);
    const std::size_t values = samples.shape.values();
    Samples rows = samples;
    for (std::size_t row = 0; row < each; ++row) {
        for (std::size_t c = 0; c < classes; ++c) {
            const std::size_t from = c * each + row;
            const std::size_t to = row * classes + c;
            rows.labels[to] = samples.labels[from];
            std::copy_n(samples.codes.begin() + static_cast<std::ptrdiff_t>(from * dimension), dimension,
                        rows.codes.begin() + static_cast<std::ptrdiff_t>(to * dimension));
            std::copy_n(samples.images.begin() + static_cast<std::ptrdiff_t>(from * values), values,
                        rows.images.begin() + static_cast<std::ptrdiff_t>(to * values));
        }
    }
    return rows;
}

} // namespace

SamplesPresenter::SamplesPresenter(SamplesView& view, QObject* parent) : QObject(parent), m_view(view)
{
    connect(&m_view, &SamplesView::requestChanged, this, &SamplesPresenter::refresh);
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, [this] {
        if (m_late) follow();
    });
}

SamplesPresenter::Drawn SamplesPresenter::draw(const Replay::ModelSource& source, const std::shared_ptr<const LatentCodes>& codes,
                                               const SamplesRequest& request)
{
    QElapsedTimer timer;
    timer.start();
    try {
        const auto model = source();
        if (!model || !model->decodes()) return {};
        Drawn drawn;
        if (request.from == SamplesRequest::Prior) {
            if (!model->hasPosterior()) return {};
            drawn.samples =
                decodeCodes(*model, priorCodes(model->latentDimension(), request.count, request.temperature, request.seed));
        } else {
            // Codes of another moment than the weights' are of no use, and come soon.
            if (!codes || codes->dimension != model->latentDimension()) return {};
            const std::set<int> there(codes->labels.begin(), codes->labels.end());
            std::vector<int> classes(there.begin(), there.end());
            if (there.empty())
                classes = {0}; // without classes, all are one
            else if (request.from >= 0)
                classes = {request.from};
            const int each = std::max(1, request.count / static_cast<int>(std::max<std::size_t>(1, classes.size())));
            Samples samples = sampleClasses(*model, *codes, classes, each, {request.density, request.temperature, request.seed});
            drawn.samples = classes.size() > 1 ? inRows(std::move(samples), classes.size()) : std::move(samples);
        }
        drawn.took = static_cast<int>(timer.elapsed());
        return drawn;
    } catch (const std::exception& error) {
        return {std::nullopt, QString::fromUtf8(error.what()), static_cast<int>(timer.elapsed())};
    }
}

void SamplesPresenter::setModelSource(Replay::ModelSource source)
{
    m_latest.forget(); // what an older source gave is not shown
    m_source = std::move(source);
    if (!m_source) m_view.setSamples(std::nullopt);
    m_again.stop();
    follow();
}

void SamplesPresenter::setCodes(const std::shared_ptr<const LatentCodes>& codes)
{
    m_codes = codes;
    if (!codes && m_view.request().from != SamplesRequest::Prior) m_view.setSamples(std::nullopt);
    follow();
}

/// Samples of the prior are cheap, and a run's figures have them whether the panel was looked at or not.
bool SamplesPresenter::wanted() const { return m_seen || m_view.request().from == SamplesRequest::Prior; }

void SamplesPresenter::follow()
{
    m_late = true;
    if (!m_again.isActive()) refresh();
}

void SamplesPresenter::refresh()
{
    m_late = !wanted();
    if (m_late || !m_source) return;
    m_latest.ask([source = m_source, codes = m_codes, request = m_view.request()] { return draw(source, codes, request); },
                 [this](const Drawn& drawn) {
                     m_again.start(kShare * drawn.took);
                     m_view.setSamples(drawn.samples);
                     if (!drawn.sentence.isEmpty()) Q_EMIT messageRaised(drawn.sentence);
                 });
}

void SamplesPresenter::setSeen(bool seen)
{
    m_seen = seen;
    if (seen && m_late) refresh();
}

} // namespace latentoscope::ui
