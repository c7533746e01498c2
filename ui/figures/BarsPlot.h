/// Named bars in a QCustomPlot: the same on the screen and on a page.
#pragma once

#include "ui/common/PlotStyle.h"

class QCPBars;

namespace latentoscope {
struct BarsFigure;
}

namespace latentoscope::ui {

/// Fills a plot that outlives it.
class BarsPlot {
public:
    explicit BarsPlot(QCustomPlot& plot);

    void setStyle(const PlotStyle& style);
    /// Replaces everything that is drawn, ranges included; the value axis begins at 0.
    void setFigure(const BarsFigure& figure);
    /// The bar at a place of the plot, by its index; -1: none.
    int barAt(const QPointF& position) const;

private:
    QCustomPlot& m_plot;
    QCPBars* m_marked;
    QCPBars* m_others;
    int m_count = 0;
};

} // namespace latentoscope::ui
