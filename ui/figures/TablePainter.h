/// Tables as pictures: rules above, below the head, and below, numbers at the right.
#pragma once

#include "ui/common/PlotStyle.h"

#include <QPainter>
#include <QSizeF>

namespace latentoscope {
struct TableFigure;
}

namespace latentoscope::ui {

/// Rows beyond this are told in words: a picture of thousands could not be read.
inline constexpr int kTableRowsDrawn = 100;

/// Units that the table takes in the print's style, without its title.
QSizeF tableSize(const TableFigure& figure);

/// Smaller than tableSize() where the area is.
void drawTable(QPainter& painter, const TableFigure& figure, const QRectF& area, const PlotStyle& style);

} // namespace latentoscope::ui
