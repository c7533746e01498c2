/// Every figure of a trained run, as data.
#pragma once

#include "core/training/SessionSetup.h"

#include <string>
#include <utility>
#include <vector>

namespace latentoscope {

struct EpochMetrics;
struct FigureData;
struct LossPoint;
class FrozenModel;

/// By the names of kRunFigures, those that the kind of network has. Of a completed setup, with the weights that are kept and what
/// the training left. Blocks for about a second; any thread.
std::vector<std::pair<std::string, FigureData>> runPictures(const SessionSetup& setup, const FrozenModel& model,
                                                            const std::vector<LossPoint>& losses,
                                                            const std::vector<EpochMetrics>& epochs);

} // namespace latentoscope
