/// The cross-hair of the probe, on a layer of its own so that it moves without drawing the points again.
#pragma once

#include "ui/common/PlotLibrary.h"
#include "ui/common/Theme.h"

#include <optional>

namespace latentoscope::ui {

class ProbeMarker : public QCPLayerable {
    Q_OBJECT

public:
    ProbeMarker(QCustomPlot* plot, const QString& layer);

    /// Data coordinates; none: nothing is drawn.
    void setPosition(std::optional<QPointF> position) { m_position = position; }
    void setColors(const ThemeColors& colors) { m_colors = colors; }

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    QRect clipRect() const override;
    void draw(QCPPainter* painter) override;

private:
    std::optional<QPointF> m_position;
    ThemeColors m_colors;
};

} // namespace latentoscope::ui
