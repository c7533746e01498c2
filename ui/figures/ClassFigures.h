/// What a classifier's figures look like, the same on the screen and on a page.
#pragma once

#include "ui/common/PlotStyle.h"

#include <QPainter>
#include <QRectF>

namespace latentoscope {
struct ConfusionFigure;
struct MistakesFigure;
} // namespace latentoscope

namespace latentoscope::ui {

/// Where the cells of a confusion matrix lie within an area: true classes from top to bottom, predicted ones from left to right.
class ConfusionLayout {
public:
    ConfusionLayout(const ConfusionFigure& figure, const QRectF& area, const QFont& font);

    QRectF cell(int label, int predicted) const;
    QRectF rowName(int label) const;
    QRectF columnName(int predicted) const;
    /// Where the number of all images of a true class, and of those taken for a class, stands.
    QRectF rowTotal(int label) const;
    QRectF columnTotal(int predicted) const;
    /// {-1, -1} outside.
    QPoint at(const QPointF& position) const; ///< x the predicted class, y the true one

private:
    int m_classes;
    QRectF m_cells;
    double m_names;
    double m_totals = 0;
    double m_line = 0;
};

/// Cells are shaded by the share of their row; every count is written, wrong ones where there is room. Beside rows and below
/// columns stand their sums: a dark cell may be of one image.
void drawConfusion(QPainter& painter, const ConfusionFigure& figure, const QRectF& area, const PlotStyle& style);

/// Where the pictures of mistakes lie: `columns` of the figure side by side, a line of words under each.
class MistakesLayout {
public:
    MistakesLayout(const MistakesFigure& figure, const QRectF& area, const QFont& font, double devicePixelRatio);

    QRectF picture(int index) const;
    QRectF words(int index) const;
    int at(const QPointF& position) const; ///< -1: none

private:
    int m_count;
    int m_columns;
    QPointF m_origin;
    QSizeF m_picture;
    QSizeF m_step;
    double m_lineHeight;
};

/// Under each picture what it was taken for; only whole rows within the area.
void drawMistakes(QPainter& painter, const MistakesFigure& figure, const QRectF& area, const PlotStyle& style,
                  double devicePixelRatio);

} // namespace latentoscope::ui
