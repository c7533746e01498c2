/// What each figure shows, as plain values: drawn by the window, by exports and by headless commands, written as CSV.
#pragma once

#include "core/figures/BarsFigure.h"
#include "core/figures/ChartFigure.h"
#include "core/figures/ConfusionFigure.h"
#include "core/figures/CurvesFigure.h"
#include "core/figures/ImageFigures.h"
#include "core/figures/ScatterFigure.h"
#include "core/figures/TableFigure.h"

#include <variant>

namespace latentoscope {

using AnyFigure = std::variant<std::monostate, CurvesFigure, ScatterFigure, ReconstructionsFigure, ManifoldFigure, ImageFigure,
                               SamplesFigure, BarsFigure, ConfusionFigure, MistakesFigure, ChartFigure, TableFigure>;

/// monostate: there is nothing to show yet. A struct, so that headers can name it without including every figure.
struct FigureData : AnyFigure {
    using AnyFigure::AnyFigure;
};

} // namespace latentoscope
