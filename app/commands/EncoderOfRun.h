/// A classifier that begins with another run's encoder.
#pragma once

#include "app/commands/Options.h"

#include "core/training/TrainingSession.h"

#include <string>

namespace latentoscope {

enum class TakeEncoder { Weights, SizesOnly };

/// Makes the encoder in `setup` that of the run in `folder`, and its data that run's (or machine's --data). Returns the run's
/// record. Throws Error, also where a --set says otherwise of the encoder: that would be passed over in silence.
RunRecord takeEncoderOf(const std::string& folder, TakeEncoder what, const ConfigurationOptions& options,
                        const MachineOptions& machine, SessionSetup& setup);

/// Throws Error(InvalidArgument) where a --set names a field of the encoder, which is that of `source`.
void refuseEncoderFields(const ConfigurationOptions& options, const std::string& source);

/// "runs/ae (autoencoder, latent 11)".
std::string encoderText(const std::string& folder, const RunRecord& run);

} // namespace latentoscope
