/// Colours behind the points of the map.
#pragma once

#include "ui/common/PlotLibrary.h"

#include <QImage>

#include <memory>

namespace latentoscope {
struct ClassRegions;
}

namespace latentoscope::ui {

/// Regions of classes as an image over their rectangle of the axes, smoothed: it stands for a function, not for pixels.
class RegionsLayer : public QCPLayerable {
    Q_OBJECT

public:
    RegionsLayer(QCustomPlot* plot, const QString& layer) : QCPLayerable(plot, layer) {}

    /// Null or empty: nothing is drawn.
    void setRegions(std::shared_ptr<const ClassRegions> regions);
    const std::shared_ptr<const ClassRegions>& regions() const { return m_regions; }

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(false); }
    QRect clipRect() const override { return parentPlot()->axisRect()->rect(); }
    void draw(QCPPainter* painter) override;

private:
    std::shared_ptr<const ClassRegions> m_regions;
    QImage m_image;
};

} // namespace latentoscope::ui
