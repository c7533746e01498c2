#include "ui/figures/RegionsLayer.h"

#include "core/values/LatentPlane.h"
#include "ui/figures/RegionColors.h"

#include <utility>

namespace latentoscope::ui {

void RegionsLayer::setRegions(std::shared_ptr<const ClassRegions> regions)
{
    m_regions = std::move(regions);
    m_image = m_regions ? regionsImage(*m_regions) : QImage();
}

void RegionsLayer::draw(QCPPainter* painter)
{
    if (m_image.isNull()) return;
    const QCPAxis* xAxis = parentPlot()->xAxis;
    const QCPAxis* yAxis = parentPlot()->yAxis;
    const QPointF topLeft(xAxis->coordToPixel(m_regions->x.lower), yAxis->coordToPixel(m_regions->y.upper));
    const QPointF bottomRight(xAxis->coordToPixel(m_regions->x.upper), yAxis->coordToPixel(m_regions->y.lower));
    painter->setRenderHint(QPainter::SmoothPixmapTransform);
    painter->drawImage(QRectF(topLeft, bottomRight), m_image);
}

} // namespace latentoscope::ui
