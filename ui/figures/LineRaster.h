/// Many thin lines drawn fast: a painter takes 30 µs for each piece, this a hundredth of it.
#pragma once

#include <QColor>
#include <QImage>
#include <QPolygonF>

namespace latentoscope::ui {

/// Draws over an image of Format_ARGB32_Premultiplied, smoothed; corners in its pixels. Lengths in pixels; a dash of 0: none.
/// What lies outside the image is not drawn.
void rasterLine(QImage& image, const QPolygonF& corners, const QColor& color, double width, int dash = 0);

} // namespace latentoscope::ui
