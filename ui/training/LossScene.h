/// What the loss view shows, computed without a widget.
#pragma once

#include "core/base/AxisRange.h"
#include "core/figures/CurvesFigure.h"
#include "core/kinds/Kind.h"
#include "core/storage/Metrics.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope::ui {

/// Curves of one other run.
struct NamedCurves {
    std::string name;
    std::vector<LossPoint> steps;
    std::vector<EpochMetrics> epochs;
    std::vector<Measure> measures{}; ///< of its kind, which may be another: what its steps hold
};

/// Steps, epochs, reference lines and other runs as one CurvesFigure.
struct LossScene {
    std::vector<Measure> measures; ///< of the run's kind; the first is the loss
    std::size_t shown = 0;         ///< which of them the curves show
    std::vector<LossPoint> steps;
    std::vector<EpochMetrics> epochs;
    std::map<std::string, std::vector<ReferenceLine>> references; ///< by measure
    std::vector<NamedCurves> overlays;
    std::optional<double> marker;
    int expectedEpochs = 0;
    int smoothingPercent = 0;
    AxisScale scale = AxisScale::Logarithmic;

    const Measure& loss() const; ///< the one shown
    /// That belong to it.
    const std::vector<ReferenceLine>& lines() const;
    /// Of a step: NaN where the measure shown is not recorded so often.
    double stepValue(const LossPoint& step) const;
    bool empty() const { return steps.empty() && epochs.empty() && overlays.empty(); }
    /// Every point, nothing thinned; a Smoothed curve only with smoothing on, the raw one always.
    CurvesFigure figure() const;
    /// "35 % below PCA-2 · validation 0.0298" or, without lines, "MSE a pixel · validation 0.0298".
    std::string subtitle() const;
    std::string ownSubtitle() const; ///< the same without what is said of other runs
    /// "classes: no MSE", of the other runs that have no curve, being of a kind that does not measure what is shown; empty: all
    /// have one.
    std::string withoutCurve() const;
    AxisRange xRange() const;
    /// Of all values shown and the reference lines, with a margin; of positive values only on a logarithmic axis.
    AxisRange yRange() const;
};

/// The class whose colour the curve of the run at `index` of the overlays has.
int overlayColor(std::size_t index);

/// The exponential mean of values with `percent` of the past kept (0 … 99), corrected for its start (Kingma and Ba 2015, section
/// 3), so that the first value is the first loss.
std::vector<double> smoothed(const std::vector<double>& values, int percent);

} // namespace latentoscope::ui
