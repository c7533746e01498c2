#include "ui/latent/ProbeMarker.h"

namespace latentoscope::ui {

ProbeMarker::ProbeMarker(QCustomPlot* plot, const QString& layer)
    : QCPLayerable(plot, layer), m_colors(themeColors(Appearance::Light))
{
}

void ProbeMarker::applyDefaultAntialiasingHint(QCPPainter* painter) const { painter->setAntialiasing(true); }

QRect ProbeMarker::clipRect() const { return parentPlot()->axisRect()->rect(); }

void ProbeMarker::draw(QCPPainter* painter)
{
    if (!m_position) return;
    const QPointF at(parentPlot()->xAxis->coordToPixel(m_position->x()), parentPlot()->yAxis->coordToPixel(m_position->y()));
    painter->setBrush(Qt::NoBrush);
    // A wide line of the background below makes the cross visible on any colour.
    for (const QPen& pen :
         {QPen(m_colors.plot, 5, Qt::SolidLine, Qt::RoundCap), QPen(m_colors.text, 1.8, Qt::SolidLine, Qt::RoundCap)}) {
        painter->setPen(pen);
        painter->drawEllipse(at, 11.0, 11.0);
        for (const QPointF& way : {QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)})
            painter->drawLine(QLineF(at + way * 7, at + way * 17));
    }
}

} // namespace latentoscope::ui
