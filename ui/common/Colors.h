/// Colours that carry data: classes, magnitudes, signed differences.
#pragma once

#include "core/data/Label.h"

#include <QColor>
#include <QRgb>

#include <cstddef>
#include <string>
#include <vector>

namespace latentoscope::ui {

/// Petroff's accessible cycle of ten (arXiv 2107.02270), repeating for more classes.
QColor classColor(int label);

/// Viridis at t in [0, 1] (clamped; NaN gives the lowest colour).
QRgb viridis(double t);

/// The name of a class; the number itself where it has none.
QString className(const std::vector<std::string>& names, int label);
/// Of an item by its place among labels; empty where there are no labels.
QString classNameAt(const std::vector<std::string>& names, const std::vector<Label>& labels, std::size_t at);

} // namespace latentoscope::ui
