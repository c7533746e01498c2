/// Ends trials early that come to nothing: as Optuna 3.1's median pruner, successive halving and Hyperband do.
#pragma once

#include "core/studies/StudyStorage.h"

#include <map>
#include <string>

namespace latentoscope {

enum class PrunerKind {
    None,
    Median,    ///< worse than half of the complete trials were at the same step
    Halving,   ///< asynchronous successive halving (Li et al. 2020): at each rung a share goes on
    Hyperband, ///< halving with several first rungs side by side (Li et al. 2018)
};

/// "none", "median", "halving", "hyperband".
const char* prunerName(PrunerKind kind);
/// Throws Error(InvalidArgument) naming them.
PrunerKind prunerOf(const std::string& name);

/// With Optuna's defaults.
struct PrunerOptions {
    PrunerKind kind = PrunerKind::Median;
    int startupTrials = 5;   ///< median: complete ones before it judges
    int warmupSteps = 0;     ///< median: before which no trial is judged
    int firstRung = 1;       ///< halving, Hyperband: the step of the first rung
    int lastStep = 1;        ///< Hyperband: of a whole trial
    int halvingFactor = 4;   ///< one of so many goes on
    int hyperbandFactor = 3; ///< likewise
};

/// What is to be done with a running trial of a study with one objective, after the newest of its intermediate values.
struct PrunerWord {
    bool prune = false;
    /// To be written to the trial, which other workers and Optuna's pruners go by: of halving, the rungs that it has reached.
    Attributes system;
};
PrunerWord judge(const Journal& journal, const Study& study, const Trial& trial, const PrunerOptions& options);

} // namespace latentoscope
