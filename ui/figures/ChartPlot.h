/// Charts of a study in a QCustomPlot: the same on the screen and on a page.
#pragma once

#include "core/figures/ChartFigure.h"
#include "ui/common/PlotLibrary.h"
#include "ui/common/PlotStyle.h"

#include <QPointF>

#include <optional>
#include <vector>

namespace latentoscope::ui {

/// Fills a plot that outlives it.
class ChartPlot {
public:
    explicit ChartPlot(QCustomPlot& plot);

    void setStyle(const PlotStyle& style);
    /// Replaces everything that is drawn, ranges included.
    void setFigure(const ChartFigure& figure);
    /// Trials that are drawn over all others, and those that a brush leaves: all outside are drawn faint. None: there is no
    /// brush.
    void setChosen(const std::vector<int>& trials, const std::optional<std::vector<int>>& within);

    /// The trial nearest to a place of the plot, within a few units; none where there is none.
    std::optional<int> trialAt(const QPointF& position) const;

private:
    class Layer;

    void setAxis(QCPAxis& axis, const ChartAxis& chart, bool isX);

    QCustomPlot& m_plot;
    Layer* m_layer; ///< the plot's
};

/// Names of the roles that a chart has, beside their marks, in a line; empty where there is one alone.
class ChartLegend : public QCPLayoutElement {
    Q_OBJECT

public:
    ChartLegend(QCustomPlot* plot, const ChartFigure& figure, PlotStyle style);

    QSize minimumOuterSizeHint() const override;
    QSize maximumOuterSizeHint() const override;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;

private:
    struct Entry {
        QString name;
        ChartSeries::Role role;
        ChartSeries::Shape shape;
    };
    std::vector<Entry> m_entries;
    PlotStyle m_style;
};

} // namespace latentoscope::ui
