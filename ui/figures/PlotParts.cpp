#include "ui/figures/PlotParts.h"

#include "core/figures/ScatterFigure.h"
#include "ui/common/Colors.h"
#include "ui/common/ItemImage.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace latentoscope::ui {

ClassLegend::ClassLegend(QCustomPlot* plot, const ScatterFigure& figure, PlotStyle style)
    : QCPLayoutElement(plot), m_style(std::move(style))
{
    const std::set<Label> seen(figure.labels.begin(), figure.labels.end());
    for (const Label label : seen) {
        const bool shown = figure.isVisible(label);
        m_entries.push_back({className(figure.classNames, label), shown ? classColor(label) : m_style.colors.muted,
                             shown ? m_style.colors.text : m_style.colors.secondary});
    }
}

double ClassLegend::lineHeight() const { return QFontMetricsF(m_style.font).height() * 1.3; }

QSize ClassLegend::minimumOuterSizeHint() const
{
    if (m_entries.empty()) return {0, 1};
    const QFontMetricsF metrics(m_style.font);
    double widest = 0;
    for (const Entry& entry : m_entries) widest = std::max(widest, metrics.horizontalAdvance(entry.name));
    return {static_cast<int>(std::ceil(widest + 26)), 1};
}

QSize ClassLegend::maximumOuterSizeHint() const { return {minimumOuterSizeHint().width(), QWIDGETSIZE_MAX}; }

void ClassLegend::applyDefaultAntialiasingHint(QCPPainter* painter) const { painter->setAntialiasing(true); }

void ClassLegend::draw(QCPPainter* painter)
{
    if (m_entries.empty()) return;
    // Many classes are set closer, so that none is lost below the figure.
    const double height = std::min(lineHeight(), static_cast<double>(mRect.height()) / static_cast<double>(m_entries.size()));
    double top = mRect.top() + 8;
    painter->setFont(m_style.font);
    for (const Entry& entry : m_entries) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(entry.color);
        painter->drawEllipse(QPointF(mRect.left() + 12, top + height / 2), 3.2, 3.2);
        painter->setPen(QPen(entry.textColor));
        painter->drawText(QRectF(mRect.left() + 21, top, mRect.width() - 21, height), Qt::AlignLeft | Qt::AlignVCenter,
                          entry.name);
        top += height;
    }
}

PictureLayer::PictureLayer(QCustomPlot* plot, const QString& layer, QImage image, AxisRange x, AxisRange y)
    : QCPLayerable(plot, layer), m_image(std::move(image)), m_x(x), m_y(y)
{
}

void PictureLayer::applyDefaultAntialiasingHint(QCPPainter* painter) const { painter->setAntialiasing(false); }

QRect PictureLayer::clipRect() const { return parentPlot()->axisRect()->rect(); }

void PictureLayer::draw(QCPPainter* painter)
{
    const QCPAxis* xAxis = parentPlot()->xAxis;
    const QCPAxis* yAxis = parentPlot()->yAxis;
    const QPointF topLeft(xAxis->coordToPixel(m_x.lower), yAxis->coordToPixel(m_y.upper));
    const QPointF bottomRight(xAxis->coordToPixel(m_x.upper), yAxis->coordToPixel(m_y.lower));
    paintItem(*painter, QRectF(topLeft, bottomRight), m_image, Frame::Plain);
}

} // namespace latentoscope::ui
