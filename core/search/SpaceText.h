/// A search space as people write it: {"lr": {"type": "float", "low": 1e-5, "high": 0.1, "log": true}, "latent": {"type": "int",
/// "low": 2, "high": 20}, "optimizer": {"type": "categorical", "choices": ["Adam", "SGD"]}, "momentum": {"type": "float", "low":
/// 0, "high": 0.99, "when": {"optimizer": ["SGD"]}}}; the last is there only while the optimizer is SGD.
#pragma once

#include "core/search/ConditionalSpace.h"

#include <string>

namespace latentoscope {

/// Throws Error(InvalidArgument) naming `source`, the parameter and field, what was found and what is expected.
ConditionalSpace spaceOf(const std::string& text, const std::string& source);

/// The same text again, all fields given.
std::string spaceText(const ConditionalSpace& space);

/// The internal value of a number, truth value, text or null that a person gave for a parameter, as JSON. Throws
/// Error(InvalidArgument) where the distribution does not have it.
double internalOf(const Distribution& distribution, const std::string& json, const std::string& name);

} // namespace latentoscope
