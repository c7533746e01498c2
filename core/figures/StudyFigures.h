/// What a hyper-parameter study tells, as figures.
#pragma once

#include "core/figures/BarsFigure.h"
#include "core/figures/ChartFigure.h"
#include "core/figures/StudyView.h"
#include "core/figures/TableFigure.h"

#include <string>
#include <utility>
#include <vector>

namespace latentoscope {

struct FigureData;

/// Every figure below that has something to show, with a name for its files: "history", "slice-latent", …
std::vector<std::pair<std::string, FigureData>> studyFigures(const StudyView& view);

/// Values over trials, pruned and failed ones marked, with the best so far.
ChartFigure historyFigure(const StudyView& view, int objective = 0);

/// Intermediate values of every trial over steps; pruned ones end with a mark.
ChartFigure intermediateFigure(const StudyView& view);

/// A line a trial through one axis a parameter and, at the end, the objective: values from bottom to top on their scale, the
/// better the stronger. Trials that lack a parameter pass below its axis, at "none"; ones that are not complete are left out.
ChartFigure parallelFigure(const StudyView& view, int objective = 0);

/// The objective over one parameter.
ChartFigure sliceFigure(const StudyView& view, const std::string& parameter, int objective = 0);

/// The objective over two parameters: complete trials over their smoothed mean (normal kernel, a tenth of the range wide).
ChartFigure contourFigure(const StudyView& view, const std::string& x, const std::string& y, int objective = 0);

/// Shares of the objective's variance (importanceOf) as bars. Takes some time: a tenth of a second for hundreds of trials.
BarsFigure importanceFigure(const StudyView& view, int objective = 0);

/// Two objectives against each other, the front marked.
ChartFigure paretoFigure(const StudyView& view, int x = 0, int y = 1);

/// A row a trial: number, state, objectives, every parameter in full, seconds, seed, where its run lies, why it failed.
TableFigure trialsTable(const StudyView& view);

/// When each trial ran.
ChartFigure timelineFigure(const StudyView& view);

} // namespace latentoscope
