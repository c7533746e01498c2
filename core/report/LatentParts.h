/// The parts of a reproduction that look into a trained network's latent space.
#pragma once

#include "core/report/Parts.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace latentoscope {

/// SHA-256 of a run's model.safetensors, in hexadecimal. Throws Error where it cannot be read.
std::string weightsDigest(const std::filesystem::path& run);

/// The records of a picture and of samples; none where progress said so. Throw Error.
std::optional<nlohmann::ordered_json> drawPicture(const ReproductionPart& part, const PartContext& context);
std::optional<nlohmann::ordered_json> drawSamples(const ReproductionPart& part, const PartContext& context);

} // namespace latentoscope
