/// Curves in a QCustomPlot: the same on the screen and on a page.
#pragma once

#include "core/figures/CurvesFigure.h"
#include "ui/common/PlotStyle.h"

#include <QObject>
#include <QPen>
#include <QPointF>
#include <QString>

#include <optional>
#include <span>
#include <vector>

class QCPGraph;
class QCPItemLine;
class QCPItemStraightLine;
class QCPItemText;

namespace latentoscope::ui {

/// Fills a plot that outlives it. Labels stand beside the curves' last points and keep apart.
class CurvesPlot : public QObject {
public:
    /// Screen thins points to pixel columns (first, lowest, highest, last of each), Print draws every one.
    enum class Target { Screen, Print };

    CurvesPlot(QCustomPlot& plot, Target target, QObject* parent = nullptr);

    void setStyle(const PlotStyle& style);
    /// Replaces everything that is drawn; ranges only where the figure states them.
    void setFigure(const CurvesFigure& figure);
    /// Puts points after the last of the first curve of that role; false where there is no such curve.
    bool append(Curve::Role role, std::span<const double> x, std::span<const double> y);
    /// How many points the first curve of that role has; 0 without one.
    int pointCount(Curve::Role role) const;
    /// Shortens the curves' names to a third of a plot so wide, in the middle; on a screen that is done before each replot.
    void fitLabels(double width);
    /// The whole name of the curve whose shortened one is at a place of the plot; empty: none.
    QString shortenedNameAt(const QPointF& position) const;
    /// Moves, adds or takes away the vertical line.
    void setMarker(std::optional<double> x);

private:
    struct Drawn {
        Curve::Role role;
        QCPGraph* graph;
        QCPItemText* label; ///< null: none
        int color;
    };
    struct Line {
        double y;
        QCPItemStraightLine* line;
        QCPItemText* label;
        QString words; ///< of the label, in full
    };

    void addCurve(const Curve& curve);
    void addLine(const ReferenceLine& line);
    void restyle();
    void placeLabels();
    QPen markerPen() const;
    QColor colorOf(const Drawn& drawn) const;
    const Drawn* find(Curve::Role role) const;

    QCustomPlot& m_plot;
    Target m_target;
    PlotStyle m_style;
    std::vector<Drawn> m_curves;
    QString m_yTitle; ///< in full
    std::vector<Line> m_lines;
    QCPItemStraightLine* m_marker = nullptr;
    std::optional<double> m_markerX;
};

} // namespace latentoscope::ui
