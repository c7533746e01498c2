/// Colours behind the points of the map.
#pragma once

#include "core/report/FigureData.h"
#include "ui/common/PlotLibrary.h"

#include <QImage>

namespace latentoscope::ui {

/// An image over a rectangle of the axes, smoothed: it stands for a function, not for pixels.
class RegionsLayer : public QCPLayerable {
    Q_OBJECT

public:
    RegionsLayer(QCustomPlot* plot, const QString& layer) : QCPLayerable(plot, layer) {}

    /// The image's corners are those of the ranges; null: nothing is drawn.
    void setImage(const QImage& image, const AxisRange& x, const AxisRange& y);

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(false); }
    QRect clipRect() const override { return parentPlot()->axisRect()->rect(); }
    void draw(QCPPainter* painter) override;

private:
    QImage m_image;
    AxisRange m_x;
    AxisRange m_y;
};

} // namespace latentoscope::ui
