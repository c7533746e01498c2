/// Carries a trained encoder over into another network.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace latentoscope {

struct ModelOptions;
class FrozenModel;

/// The first weights of a network of `to` (as initialWeights(…, seed) gives them), with the encoder of a trained one put in: its
/// convolutions, hidden layer and the layer that gives the code, or the posterior's mean. Their names
/// begin with "encoder." or "posterior.mean.", and they come in this order in every kind (see Kind). Throws
/// Error(InvalidArgument) naming the layer where the two encoders differ in shape.
std::vector<float> withEncoderOf(const FrozenModel& trained, const ModelOptions& to, std::uint64_t seed);

/// The paths of the fields that make the encoder: "model.channels", …
const std::vector<std::string>& encoderFields();

/// What of a configuration makes the encoder: channels, kernel, stride, padding, hidden, latent, batch normalisation, taken over
/// from another.
void takeEncoderOptions(ModelOptions& into, const ModelOptions& from);

} // namespace latentoscope
