/// A study and its trials, as values.
#pragma once

#include "core/studies/Distribution.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace latentoscope {

/// With Optuna's numbers.
enum class TrialState { Running = 0, Complete = 1, Pruned = 2, Fail = 3, Waiting = 4 };

inline bool isFinished(TrialState state) { return state != TrialState::Running && state != TrialState::Waiting; }

/// "running", "complete", "pruned", "fail", "waiting".
const char* stateName(TrialState state);

enum class Direction { Minimize = 1, Maximize = 2 };

struct Parameter {
    std::shared_ptr<const Distribution> distribution; ///< never null
    double internal = 0;                              ///< the number, or the index of the choice
};

/// Attributes by name, as JSON text.
using Attributes = std::map<std::string, std::string>;

/// The system attribute of a study in which Optuna and its dashboard keep the names of the objectives: a list of texts.
inline constexpr const char* kMetricNamesAttribute = "study:metric_names";

struct Trial {
    int id = 0;     ///< in the storage
    int number = 0; ///< in its study, from 0
    int study = 0;  ///< id
    TrialState state = TrialState::Running;
    std::vector<double> values; ///< one an objective; empty: none
    std::map<std::string, Parameter> parameters;
    std::map<std::int64_t, double> intermediate; ///< by step
    Attributes user;
    Attributes system;
    std::string started;   ///< ISO 8601; empty: not yet
    std::string completed; ///< likewise
};

struct Study {
    int id = 0;
    std::string name;
    std::vector<Direction> directions; ///< one an objective
    Attributes user;
    Attributes system;
    std::vector<int> trials; ///< their ids, by number
};

} // namespace latentoscope
