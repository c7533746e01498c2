/// Where a configuration comes from: what a run or a cross-validation recorded beside its settings.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/ImageShape.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace latentoscope {

/// What it takes, beside the settings, to do the same again.
struct Origin {
    std::filesystem::path file; ///< that says so
    std::string dataName;
    std::string dataDigest;
    std::string dataFolder;
    std::string encoderFolder;                ///< of the run that the encoder came from; empty: none
    std::string encoderDigest;                ///< of its weights then; empty: not told
    bool crossValidation = false;             ///< of a whole one, not of one of its folds
    int folds = 0;                            ///< of that
    std::optional<Configuration> pretraining; ///< of each fold's own encoder
};

/// Of a config.json or cross-validation.json; none of a file that holds settings alone. Throws Error naming the file where it is
/// no JSON or says it otherwise than a run does.
std::optional<Origin> readOrigin(const std::filesystem::path& file);

/// Height, width and channels from a list of three, each 1 … 2^30 before it is an int. Throws Error(CorruptData) naming `what`.
ImageShape shapeOf(const nlohmann::json& list, const std::string& what);

} // namespace latentoscope
