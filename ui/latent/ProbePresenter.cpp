#include "ui/latent/ProbePresenter.h"

#include "core/data/ImageSet.h"
#include "core/models/FrozenModel.h"
#include "core/projection/PlaneMap.h"
#include "core/values/LatentCodes.h"
#include "ui/common/Colors.h"
#include "ui/common/ItemImage.h"
#include "ui/latent/CodeGeometry.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ScatterView.h"

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kNearest = 6;
/// Thumbnails follow the picture, not the other way round.
constexpr int kNeighbourMs = 30;

} // namespace

ProbePresenter::ProbePresenter(ScatterView& scatter, ProbeView& probe, QObject* parent)
    : QObject(parent), m_scatter(scatter), m_probe(probe)
{
    m_neighbourTimer.setSingleShot(true);
    m_neighbourTimer.setInterval(kNeighbourMs);
    connect(&m_neighbourTimer, &QTimer::timeout, this, &ProbePresenter::updateNeighbours);
    connect(&m_prober, &Prober::decoded, this, &ProbePresenter::showDecoded);
    connect(&m_prober, &Prober::failed, this, &ProbePresenter::messageRaised);
    connect(&m_scatter, &ScatterView::probeMoved, this, [this](const std::vector<float>& code, int row) { moved(code, row); });
    connect(&m_scatter, &ScatterView::probeCleared, this, &ProbePresenter::clear);
    connect(&m_probe, &ProbeView::codeEdited, this, [this](const std::vector<float>& code) {
        m_scatter.setProbe(code);
        moved(code, -1);
    });
    connect(&m_probe, &ProbeView::nearestChosen, this, &ProbePresenter::probeRow);
}

void ProbePresenter::setRun(const ShownRun& run)
{
    m_run = run;
    m_codes.reset();
    m_scatter.setProbe({});
    clear();
}

void ProbePresenter::setCodes(const std::shared_ptr<const LatentCodes>& codes, const ItemSelection& items)
{
    m_run.items = items;
    const bool sameItems = codes && m_codes && codes->items == m_codes->items && codes->dimension == m_codes->dimension;
    m_codes = codes;
    if (!codes || codes->count() == 0) return;
    m_probe.setRanges(codeRanges(*codes));
    if (m_code.empty()) return;
    if (static_cast<int>(m_code.size()) != codes->dimension) {
        m_scatter.setProbe({});
        clear();
    } else if (m_row >= 0 && sameItems) {
        probeRow(m_row);
    } else {
        m_row = -1;
        m_neighbourTimer.start();
    }
}

void ProbePresenter::probeCode(const std::vector<float>& code)
{
    m_scatter.setProbe(code);
    moved(code, -1);
}

void ProbePresenter::probeRow(int row)
{
    if (!m_codes || row < 0 || row >= m_codes->count()) return;
    const std::vector<float> code(m_codes->code(row), m_codes->code(row) + m_codes->dimension);
    m_scatter.setProbe(code, row);
    moved(code, row);
}

void ProbePresenter::probeItem(int item)
{
    if (!m_codes) return;
    const auto found = std::find(m_codes->items.begin(), m_codes->items.end(), item);
    if (found != m_codes->items.end()) probeRow(static_cast<int>(found - m_codes->items.begin()));
}

void ProbePresenter::probeMean()
{
    if (m_codes && m_codes->count() > 0) probeCode(meanCode(*m_codes));
}

void ProbePresenter::clear()
{
    m_code.clear();
    m_row = -1;
    m_prober.clear();
    m_neighbourTimer.stop();
    m_probe.clearImage();
    m_probe.setNearest({});
    m_probe.setTrust(std::nullopt, std::nullopt);
    m_probe.setSubtitle({});
}

void ProbePresenter::moved(const std::vector<float>& code, int row)
{
    m_code = code;
    m_row = row;
    m_prober.probe(code); // first: it works on another core while the rest is done here
    m_probe.setCode(code);
    if (!m_neighbourTimer.isActive()) m_neighbourTimer.start();
}

void ProbePresenter::showDecoded(const ProbeResult& result)
{
    if (result.model->classifies())
        m_probe.setProbabilities(m_run.classNames, result.probabilities);
    else
        m_probe.setImage(result.model->imageShape(), result.image);
    Q_EMIT imageShown(result);
}

void ProbePresenter::updateNeighbours()
{
    if (m_code.empty() || !m_codes || !m_run.data || static_cast<int>(m_code.size()) != m_codes->dimension) return;
    const ImageSet& images = m_run.items.images(*m_run.data);
    std::vector<NearestItem> nearest;
    const auto add = [&](int row, double distance, bool own) {
        const auto at = static_cast<std::size_t>(row);
        const int item = m_codes->items[at];
        nearest.push_back({itemImage(images.shape, images.image(item)), classNameAt(m_run.classNames, m_codes->labels, at), item,
                           row, distance, own});
    };
    const auto rows = nearestRows(*m_codes, m_code, kNearest);
    if (m_row >= 0) add(m_row, 0, true);
    for (const Neighbour& neighbour : rows) {
        if (neighbour.row != m_row && static_cast<int>(nearest.size()) < kNearest) add(neighbour.row, neighbour.distance, false);
    }
    const Points codes{m_codes->dimension, m_codes->values};
    m_probe.setTrust(gapsAt(codes, m_code.data()), m_scatter.probeGaps());
    QString words;
    if (m_row >= 0) {
        words = itemWords(m_codes->split, nearest.front().item);
        if (!nearest.front().caption.isEmpty()) words += QStringLiteral(" · ") + nearest.front().caption;
    }
    m_probe.setSubtitle(words);
    m_probe.setNearest(std::move(nearest));
}

} // namespace latentoscope::ui
