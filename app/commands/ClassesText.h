/// What a classifier takes images for, in words and as JSON.
#pragma once

#include "core/experiment/Classification.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace latentoscope {

/// Class by class: how many of each are taken for each, and precision and recall in percent (null: of none).
void addClasses(nlohmann::ordered_json& object, const Predictions& predictions);

/// A line a class on stdout.
void printClasses(const Predictions& predictions, const std::vector<std::string>& names);

} // namespace latentoscope
