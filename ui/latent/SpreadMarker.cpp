#include "ui/latent/SpreadMarker.h"

namespace latentoscope::ui {

SpreadMarker::SpreadMarker(QCustomPlot* plot, const QString& layer)
    : QCPLayerable(plot, layer), m_colors(themeColors(Appearance::Light))
{
}

void SpreadMarker::applyDefaultAntialiasingHint(QCPPainter* painter) const { painter->setAntialiasing(true); }

QRect SpreadMarker::clipRect() const { return parentPlot()->axisRect()->rect(); }

void SpreadMarker::draw(QCPPainter* painter)
{
    if (m_selected) drawSpread(painter, *m_selected, m_colors.text);
    if (m_hovered) drawSpread(painter, *m_hovered, m_colors.accent);
}

void SpreadMarker::drawSpread(QCPPainter* painter, const Spread& spread, const QColor& color) const
{
    const QCPAxis* xAxis = parentPlot()->xAxis;
    const QCPAxis* yAxis = parentPlot()->yAxis;
    const QPointF at(xAxis->coordToPixel(spread.x), yAxis->coordToPixel(spread.y));
    const double width = std::abs(xAxis->coordToPixel(spread.x + spread.deviationX) - at.x());
    const double height = std::abs(yAxis->coordToPixel(spread.y + spread.deviationY) - at.y());
    painter->setBrush(Qt::NoBrush);
    for (const double deviations : {1.0, 2.0}) {
        const Qt::PenStyle style = deviations > 1 ? Qt::DashLine : Qt::SolidLine;
        // A wide line of the background below makes the ellipse visible on any colour.
        for (const QPen& pen : {QPen(m_colors.plot, 4), QPen(color, 1.5, style)}) {
            painter->setPen(pen);
            painter->drawEllipse(at, deviations * width, deviations * height);
        }
    }
}

} // namespace latentoscope::ui
