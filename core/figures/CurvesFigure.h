/// Curves over epochs, as plain values.
#pragma once

#include "core/base/AxisRange.h"

#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

/// One line of a curves figure; x ascending.
struct Curve {
    enum class Role {
        TrainStep,  ///< every optimizer step, drawn light and without markers
        Smoothed,   ///< a smoothed TrainStep, drawn over it
        Train,      ///< one value an epoch
        Validation, ///< one value an epoch
        Fold,       ///< one value an epoch of one of many folds, drawn as light as TrainStep
        Other       ///< the same of another run, drawn in that run's colour
    };

    std::string name; ///< as written beside the curve
    Role role = Role::Train;
    std::vector<double> x;
    std::vector<double> y; ///< as many as x
    int color = 0;         ///< of Other: index into the class colours
};

/// A horizontal line to compare with: "PCA-2".
struct ReferenceLine {
    enum class Meaning {
        Compare, ///< what another method reaches
        Floor    ///< what none can go below
    };

    std::string label;
    double y = 0;
    Meaning meaning = Meaning::Compare;
};

struct CurvesFigure {
    std::string title;
    std::string xTitle = "Epoch";
    std::string yTitle = "Loss";
    std::vector<Curve> curves;
    std::vector<ReferenceLine> lines;
    AxisScale yScale = AxisScale::Linear;
    std::optional<AxisRange> xRange; ///< none: all of it
    std::optional<AxisRange> yRange; ///< none: all of it
    std::optional<double> marker;    ///< a vertical line at this x: the epoch being looked at
};

} // namespace latentoscope
