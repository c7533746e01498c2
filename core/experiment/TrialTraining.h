/// Trains and measures what one trial of a hyper-parameter search tries.
#pragma once

#include "core/config/Configuration.h"
#include "core/search/SearchPlan.h"
#include "core/training/TrainingSession.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace latentoscope {

struct DataSet;

struct TrialSetup {
    SearchPlan plan;             ///< completed
    Configuration configuration; ///< the plan's with the trial's values
    std::shared_ptr<const DataSet> data;
    std::filesystem::path folder; ///< of its run, or in a cross-validation of its folds; empty: nowhere
    int threads = 1;
    std::string device = "auto";
    int niceness = 0;
};

/// How a trial ended.
struct TrialEnd {
    TrialState state = TrialState::Complete; ///< Complete, Pruned, Fail; Running: this was told to stop
    std::vector<double> values;              ///< one an objective; of Pruned the newest of the first
    std::string failure;                     ///< of Fail: why, a sentence
    double imagesPerSecond = 0;
    std::vector<double> folds; ///< of a cross-validation, the first objective in each fold that was trained
};

/// What others may say while a trial trains. goOn is called on another thread than the caller's.
struct TrialTalk {
    /// After each epoch (in a cross-validation each fold), with its number from 1 and the first objective so far; false: prune.
    std::function<bool(int step, double value)> goOn;
    std::function<void(double fraction)> progress;
    std::stop_token stop; ///< the trial ends within 100 ms once it is asked to
};

/// Blocks until the trial has ended. What its settings bring about, such as divergence or too little memory, is a failed trial;
/// throws Error(Io) where its files cannot be written, for that is not the trial's fault.
TrialEnd trainTrial(const TrialSetup& setup, const TrialTalk& talk);

/// Of values of one objective in the folds so far, whether a setting has no prospect any more: their mean is worse than the worst
/// fold of the best setting so far (Bergman, Purucker, Hutter 2024, the forgiving rule).
bool isHopeless(const std::vector<double>& folds, const std::vector<double>& bestFolds, Direction direction);

} // namespace latentoscope
