/// Codes drawn from a distribution rather than from an image.
#pragma once

#include "core/values/Samples.h"

#include <cstdint>
#include <vector>

namespace latentoscope {

class FrozenModel;

/// `count` codes of the prior N(0, temperature² I), row-major: below 1 more typical ones, above 1 bolder ones. Same seed, same
/// codes, and another temperature only scales them.
std::vector<float> priorCodes(int dimension, int count, double temperature, std::uint64_t seed);

/// Decodes codes (N, D). Throws Error(InvalidArgument) as FrozenModel::decode.
Samples decodeCodes(const FrozenModel& model, std::vector<float> codes);

} // namespace latentoscope
