/// Colours that carry data: classes, magnitudes, signed differences.
#pragma once

#include <QColor>
#include <QRgb>

#include <string>
#include <vector>

namespace latentoscope::ui {

/// Petroff's accessible cycle of ten (arXiv 2107.02270), repeating for more classes.
QColor classColor(int label);

/// Viridis at t in [0, 1] (clamped; NaN gives the lowest colour).
QRgb viridis(double t);

/// The name of a class; the number itself where it has none.
QString className(const std::vector<std::string>& names, int label);

} // namespace latentoscope::ui
