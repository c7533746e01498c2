/// What a hyper-parameter study has found, as a report tells it.
#pragma once

#include "core/config/Configuration.h"
#include "core/figures/StudyView.h"
#include "core/studies/Journal.h"

#include <string>
#include <vector>

namespace latentoscope {

struct FoundSearch {
    /// One field that was searched.
    struct Row {
        std::string path;  ///< "training.learning_rate"
        std::string label; ///< "Learning rate"
        std::string range; ///< "1e-5 to 0.1, logarithmic"
        std::string best;  ///< "0.02"; empty where the best trial has none
    };

    std::string study;
    int trials = 0;      ///< that have ended; those that were failed and tried again not counted
    int pruned = 0;      ///< of those
    int failed = 0;      ///< likewise
    int number = 0;      ///< of the best trial
    double accuracy = 0; ///< its 100·(1−MSE) on the images that it did not learn
    std::string how;     ///< "TPE, median pruner, 10 epochs a trial, 10 % of the training images held out"
    std::vector<Row> rows;
    Configuration best; ///< its settings, on all training images
    StudyView view;     ///< the whole study, for figures
};

/// Throws Error(InvalidArgument) where the study was not about an auto-encoder's reconstruction accuracy alone, Error(NotFound)
/// where no trial is complete.
FoundSearch foundIn(const Journal& journal, const Study& study);

} // namespace latentoscope
