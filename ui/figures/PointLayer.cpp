#include "ui/figures/PointLayer.h"

#include "ui/common/Colors.h"

#include <cmath>

namespace latentoscope::ui {

PointLayer::PointLayer(QCustomPlot* plot, const QString& layer) : QCPLayerable(plot, layer), m_style(printStyle())
{
    setParent(plot);
}

void PointLayer::setFigure(ScatterFigure figure)
{
    m_figure = std::move(figure);
    m_cache = {};
}

void PointLayer::setStyle(const PlotStyle& style)
{
    m_style = style;
    m_cache = {};
}

void PointLayer::applyDefaultAntialiasingHint(QCPPainter* painter) const { painter->setAntialiasing(true); }

QRect PointLayer::clipRect() const { return parentPlot()->axisRect()->rect(); }

void PointLayer::draw(QCPPainter* painter)
{
    if (painter->modes().testFlag(QCPPainter::pmNoCaching) || painter->modes().testFlag(QCPPainter::pmVectorized))
        drawVectors(*painter);
    else
        drawRaster(*painter);
}

void PointLayer::drawRaster(QCPPainter& painter)
{
    const QRect area = clipRect();
    const double ratio = painter.device()->devicePixelRatioF();
    const QCPAxis* xAxis = parentPlot()->xAxis;
    const QCPAxis* yAxis = parentPlot()->yAxis;
    PixelMap map;
    map.xFactor =
        ratio * (xAxis->coordToPixel(xAxis->range().upper) - xAxis->coordToPixel(xAxis->range().lower)) / xAxis->range().size();
    map.yFactor =
        ratio * (yAxis->coordToPixel(yAxis->range().upper) - yAxis->coordToPixel(yAxis->range().lower)) / yAxis->range().size();
    map.xOffset = ratio * (xAxis->coordToPixel(0) - area.left());
    map.yOffset = ratio * (yAxis->coordToPixel(0) - area.top());
    const QSize size(static_cast<int>(std::lround(area.width() * ratio)), static_cast<int>(std::lround(area.height() * ratio)));
    if (m_cache.size() != size || !(m_cachedMap == map)) {
        DotStyle dots;
        dots.radius = m_style.pointRadius * ratio;
        dots.opacity = m_style.pointOpacity;
        dots.muted = m_style.colors.muted;
        m_cache = rasterPoints(m_figure, size, map, dots);
        m_cachedMap = map;
    }
    if (m_cache.isNull()) return;
    m_cache.setDevicePixelRatio(ratio);
    painter.drawImage(area.topLeft(), m_cache);
}

void PointLayer::drawVectors(QCPPainter& painter) const
{
    const QCPAxis* xAxis = parentPlot()->xAxis;
    const QCPAxis* yAxis = parentPlot()->yAxis;
    const QCPRange xRange = xAxis->range();
    const QCPRange yRange = yAxis->range();
    const double radius = m_style.pointRadius;
    painter.setPen(Qt::NoPen);
    const auto drawWhere = [&](auto wanted) {
        for (std::size_t row = 0; row < m_figure.x.size(); ++row) {
            const double x = static_cast<double>(m_figure.x[row]);
            const double y = static_cast<double>(m_figure.y[row]);
            const Label label = m_figure.labelAt(row);
            if (!wanted(label) || !xRange.contains(x) || !yRange.contains(y)) continue;
            const bool shown = m_figure.isVisible(label);
            QColor color = shown ? classColor(label) : m_style.colors.muted;
            color.setAlphaF(static_cast<float>(shown ? m_style.pointOpacity : 0.35));
            painter.setBrush(color);
            painter.drawEllipse(QPointF(xAxis->coordToPixel(x), yAxis->coordToPixel(y)), radius, radius);
        }
    };
    if (!m_figure.visible.empty()) drawWhere([this](Label label) { return !m_figure.isVisible(label); });
    drawWhere([this](Label label) { return m_figure.isVisible(label); });
}

} // namespace latentoscope::ui
