/// The one drawing code of all figures.
#pragma once

#include "ui/common/ItemImage.h"
#include "ui/common/PlotStyle.h"

#include <QSizeF>

class QCPPainter;

namespace latentoscope {
struct ReconstructionsFigure;
struct FigureData;
} // namespace latentoscope

namespace latentoscope::ui {

inline constexpr double kColumnNames = 16; ///< units above a grid whose columns are classes, for their names
inline constexpr double kLineNames = 44;   ///< units left of a grid of reconstructions, for the names of its lines
inline constexpr double kBelowSample = 12; ///< units below each sample, for what a classifier takes it for

/// Draws the figure print-ready into the rectangle (0, 0, size) in units of 1/96 inch. `devicePixelRatio` is device pixels a
/// unit, for images to fall on whole ones.
void drawFigure(QCPPainter& painter, const FigureData& figure, const QSizeF& size, double devicePixelRatio);

/// The pictures of a reconstructions figure from top left of the rectangle on, on screen and in print.
void drawReconstructions(QPainter& painter, const ReconstructionsFigure& figure, const QRectF& area, double devicePixelRatio,
                         Frame frame);
/// "input", "output", "|error|" in the room left of the rectangle, at each band of the pictures in it.
void drawLineNames(QPainter& painter, const ReconstructionsFigure& figure, const QRectF& area, double devicePixelRatio,
                   const PlotStyle& style);

} // namespace latentoscope::ui
