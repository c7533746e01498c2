#include "ui/training/DimensionsView.h"

#include "core/figures/FigureData.h"
#include "core/figures/RunFigures.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"
#include "ui/figures/BarsPlot.h"

#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>
#include <numeric>

namespace latentoscope::ui {

DimensionsView::DimensionsView(QWidget* parent)
    : FigureView(QStringLiteral("dimensionsView"), QStringLiteral("KL"), parent),
      m_plot(new QCustomPlot(this)),
      m_bars(std::make_unique<BarsPlot>(*m_plot))
{
    m_plot->setObjectName(QStringLiteral("dimensionsPlot"));
    m_plot->setAccessibleName(tr("KL divergence of each latent dimension"));
    m_plot->setMinimumSize(160, 100);
    m_plot->setMouseTracking(true);
    m_plot->setFocusPolicy(Qt::ClickFocus);
    m_plot->installEventFilter(this);
    offerMenuOn(*m_plot);
    setContent(m_plot);
    setEmptyText(tr("No divergence"), tr("A variational auto-encoder shows the KL divergence of each latent dimension here."));
}

DimensionsView::~DimensionsView() = default;

FigureData DimensionsView::figure() const
{
    if (!m_figure) return std::monostate{};
    return *m_figure;
}

void DimensionsView::append(const std::vector<EpochMetrics>& epochs)
{
    m_epochs.insert(m_epochs.end(), epochs.begin(), epochs.end());
    refresh();
}

void DimensionsView::clear()
{
    m_epochs.clear();
    m_marker.reset();
    refresh();
}

void DimensionsView::setMarkerEpoch(std::optional<double> epoch)
{
    m_marker = epoch;
    refresh();
}

bool DimensionsView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_plot && m_figure && event->type() == QEvent::MouseMove) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const int bar = m_bars->barAt(mouse->position());
        m_plot->setCursor(bar >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
        if (bar < 0) {
            QToolTip::hideText();
        } else {
            const auto at = static_cast<std::size_t>(bar);
            const bool informative = m_figure->marked.empty() || m_figure->marked[at] != 0;
            QToolTip::showText(mouse->globalPosition().toPoint(),
                               tr("%1: %2 nats per image, %3. Click to show it in the map.")
                                   .arg(QString::fromStdString(m_figure->names[at]))
                                   .arg(m_figure->values[at], 0, 'g', 3)
                                   .arg(informative ? QStringLiteral("informative") : tr("carries almost no information")),
                               m_plot);
        }
    }
    if (watched == m_plot && m_figure && event->type() == QEvent::MouseButtonPress) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const int bar = m_bars->barAt(mouse->position());
        if (mouse->button() == Qt::LeftButton && bar >= 0) Q_EMIT dimensionChosen(bar);
    }
    return FigureView::eventFilter(watched, event);
}

void DimensionsView::applyColors() { refresh(); }

void DimensionsView::refresh()
{
    const EpochMetrics* shown = nullptr;
    for (const EpochMetrics& metrics : m_epochs) {
        if (shown == nullptr || !m_marker || metrics.epoch <= *m_marker) shown = &metrics;
    }
    m_figure = shown != nullptr ? klFigure(*shown) : std::nullopt;
    setContentState(m_figure ? ContentState::Filled : ContentState::Empty);
    if (!m_figure) return header().setSubtitle(QString());
    const double sum = std::accumulate(m_figure->values.begin(), m_figure->values.end(), 0.0);
    QString words = tr("%1 nats per image").arg(sum, 0, 'f', 2);
    // Of held-out images alone: over an epoch of training the weights' drift would count as activity.
    if (const auto active = shown->find("validation", "active_units"))
        words += tr(" · %1 of %2 units active").arg(*active).arg(m_figure->values.size());
    header().setSubtitle(words);
    m_bars->setStyle(screenStyle(palette(), font()));
    m_bars->setFigure(*m_figure);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

} // namespace latentoscope::ui
