/// The points of a scatter figure as a part of a QCustomPlot: fast on the screen, as vectors on a page.
#pragma once

#include "core/figures/ScatterFigure.h"
#include "ui/common/PlotLibrary.h"
#include "ui/common/PlotStyle.h"
#include "ui/figures/PointRaster.h"

#include <QImage>

namespace latentoscope::ui {

class PointLayer : public QCPLayerable {
    Q_OBJECT

public:
    /// Owned by the plot's layer system: the caller deletes it before the plot, or makes the plot its QObject parent.
    PointLayer(QCustomPlot* plot, const QString& layer);

    void setFigure(ScatterFigure figure);
    const ScatterFigure& figure() const { return m_figure; }
    void setStyle(const PlotStyle& style);

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    QRect clipRect() const override;
    void draw(QCPPainter* painter) override;

private:
    void drawRaster(QCPPainter& painter);
    void drawVectors(QCPPainter& painter) const;

    ScatterFigure m_figure;
    PlotStyle m_style;
    QImage m_cache; ///< null: to be drawn again
    PixelMap m_cachedMap;
};

} // namespace latentoscope::ui
