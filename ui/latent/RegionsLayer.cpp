#include "ui/latent/RegionsLayer.h"

namespace latentoscope::ui {

void RegionsLayer::setImage(const QImage& image, const AxisRange& x, const AxisRange& y)
{
    m_image = image;
    m_x = x;
    m_y = y;
}

void RegionsLayer::draw(QCPPainter* painter)
{
    if (m_image.isNull()) return;
    const QCPAxis* xAxis = parentPlot()->xAxis;
    const QCPAxis* yAxis = parentPlot()->yAxis;
    const QPointF topLeft(xAxis->coordToPixel(m_x.lower), yAxis->coordToPixel(m_y.upper));
    const QPointF bottomRight(xAxis->coordToPixel(m_x.upper), yAxis->coordToPixel(m_y.lower));
    painter->setRenderHint(QPainter::SmoothPixmapTransform);
    painter->drawImage(QRectF(topLeft, bottomRight), m_image);
}

} // namespace latentoscope::ui
