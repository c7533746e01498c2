/// The posterior's spread around a point of the map.
#pragma once

#include "ui/common/PlotLibrary.h"
#include "ui/common/Theme.h"

#include <optional>

namespace latentoscope::ui {

/// A normal distribution in the two shown dimensions: centre and standard deviations in data units.
struct Spread {
    double x = 0;
    double y = 0;
    double deviationX = 0;
    double deviationY = 0;
};

/// Draws one and two standard deviations as ellipses: about 39 % and 86 % of the samples lie within.
class SpreadMarker : public QCPLayerable {
    Q_OBJECT

public:
    SpreadMarker(QCustomPlot* plot, const QString& layer);

    /// Of the point under the mouse, and of the one that is probed; none: nothing is drawn.
    void setHovered(std::optional<Spread> spread) { m_hovered = spread; }
    void setSelected(std::optional<Spread> spread) { m_selected = spread; }
    void setColors(const ThemeColors& colors) { m_colors = colors; }

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    QRect clipRect() const override;
    void draw(QCPPainter* painter) override;

private:
    void drawSpread(QCPPainter* painter, const Spread& spread, const QColor& color) const;

    std::optional<Spread> m_hovered;
    std::optional<Spread> m_selected;
    ThemeColors m_colors;
};

} // namespace latentoscope::ui
