/// What presets leave to the data: a classifier's classes, how long to train, how many layers.
#pragma once

#include "core/config/Configuration.h"

#include <cstdint>
#include <string>
#include <vector>

namespace latentoscope {

struct DataSet;

/// What images are held out for.
enum class Holding {
    Validation, ///< a share of the training images may be held out, and the best epoch by them kept
    Folds       ///< folds in turn, which must not choose the epoch that they then judge
};

/// The fields that suitedPreset() may change, in the order of fields().
const std::vector<std::string>& suitedFields();

/// Whether a preset's length is part of what it stands for: those of the reference report.
bool keepsItsLength(const std::string& preset);

/// The configuration as it suits the data. A classifier gets as many classes as these have. Where the images are so few that the
/// training would have fewer than 3,000 steps, batches become smaller (some 32 an epoch, of 16 images at least), the learning
/// rate with them (by the cube root of their ratio), and epochs more, until there are as many steps; a tenth of the images is
/// held out and the best epoch by them kept, as few images are learned by heart. With `growing`, images of 48 pixels a side get a
/// layer more than the configuration says, of 96 two, each of twice the channels.
Configuration suitedTo(const DataSet& data, Configuration configuration, Holding holding, bool growing = false);

/// The preset of that name or file as it suits the data; of one that keepsItsLength() the classes alone. Throws as presetOrFile.
Configuration suitedPreset(const std::string& name, const DataSet& data, Holding holding = Holding::Validation);

/// The preset to begin with on data that nobody has said anything of: the reference report's on its own data set; else one that
/// follows the data, for colour or large pictures "images".
std::string firstPreset(const DataSet& data);

/// "75 epochs in batches of 32: 3,450 steps" of training on the data.
std::string lengthText(const DataSet& data, const Configuration& configuration);

/// Steps of a whole training.
std::int64_t stepsOf(const DataSet& data, const Configuration& configuration);

} // namespace latentoscope
