/// Parts of printed plots that QCustomPlot has not: a legend of classes, a picture in axis coordinates.
#pragma once

#include "core/base/AxisRange.h"
#include "ui/common/PlotLibrary.h"
#include "ui/common/PlotStyle.h"

#include <QImage>
#include <QRectF>

#include <vector>

namespace latentoscope {
struct ScatterFigure;
}

namespace latentoscope::ui {

/// A column of dots and names, without a box; classes switched off are grey.
class ClassLegend : public QCPLayoutElement {
    Q_OBJECT

public:
    ClassLegend(QCustomPlot* plot, const ScatterFigure& figure, PlotStyle style);

    QSize minimumOuterSizeHint() const override;
    QSize maximumOuterSizeHint() const override;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;

private:
    struct Entry {
        QString name;
        QColor color;
        QColor textColor;
    };
    double lineHeight() const;

    PlotStyle m_style;
    std::vector<Entry> m_entries;
};

/// An image over a rectangle of the axes, its pixels unsmoothed.
class PictureLayer : public QCPLayerable {
    Q_OBJECT

public:
    /// Its lower left corner is at (x.lower, y.lower).
    PictureLayer(QCustomPlot* plot, const QString& layer, QImage image, AxisRange x, AxisRange y);

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    QRect clipRect() const override;
    void draw(QCPPainter* painter) override;

private:
    QImage m_image;
    AxisRange m_x;
    AxisRange m_y;
};

} // namespace latentoscope::ui
