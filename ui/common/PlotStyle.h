/// How axes of QCustomPlot look here: no frame, light grid, no ticks outside.
#pragma once

#include "core/base/AxisRange.h"
#include "ui/common/Theme.h"

#include <QFont>

class QCPAxis;
class QCPAxisRect;
class QCustomPlot;

namespace latentoscope::ui {

/// Sizes in logical units, for the screen or for a page.
struct PlotStyle {
    ThemeColors colors;
    QFont font;       ///< tick labels and words in the plot
    QFont titleFont;  ///< axis titles
    double lineWidth; ///< of data curves
    double pointRadius;
    double pointOpacity;
};

/// The window's style for a widget's palette and font.
PlotStyle screenStyle(const QPalette& palette, const QFont& font);

/// Print: light colours on white, 96 units an inch, sizes of a journal figure.
PlotStyle printStyle();

/// Styles background, both axes and the grid.
void styleAxes(QCustomPlot& plot, const PlotStyle& style);

/// Linear, or logarithmic with a ticker that also labels within a decade where the range is short (0.03, 0.05, 0.1).
void setAxisScale(QCPAxis& axis, AxisScale scale);
/// Linear, with whole numbers alone where there are two of them.
void setWholeTicks(QCPAxis& axis);
/// A name at each of 0, 1, …, as many as there are.
void setAxisNames(QCPAxis& axis, const std::vector<std::string>& names);

} // namespace latentoscope::ui
