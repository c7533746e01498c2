/// All figures that a trained run writes into its folder.
#pragma once

#include "core/training/TrainingSession.h"

#include <vector>

namespace latentoscope {

struct EpochMetrics;
struct LossPoint;
class FrozenModel;

/// Computes and writes them into setup.runFolder / "figures"; setup as the session has it, with its split. Throws Error.
void writeRunFigures(const SessionSetup& setup, const FrozenModel& model, const std::vector<LossPoint>& losses,
                     const std::vector<EpochMetrics>& epochs);

} // namespace latentoscope
