/// A classifier that begins with another run's encoder.
#pragma once

#include "app/commands/Options.h"
#include "core/config/SuitedPreset.h"

#include "core/training/TrainingSession.h"

#include <string>

namespace latentoscope {

enum class TakeEncoder { Weights, SizesOnly };

/// Makes the encoder in `setup` that of the run in `folder`, and its data that run's (or machine's --data). Returns the run's
/// record. Throws Error, also where a --set says otherwise of the encoder, or of how the images are read: that would be passed
/// over in silence.
RunRecord takeEncoderOf(const std::string& folder, TakeEncoder what, const ConfigurationOptions& options,
                        const MachineOptions& machine, SessionSetup& setup, Holding holding = Holding::Validation);

/// Makes `setup`, whose configuration and data are there already, begin as the recorded run did: with its encoder, whose weights
/// must be those that they were. Nothing where it had none, or where what is trained is no classifier. Returns what is to be
/// printed. Throws Error(InvalidArgument) naming the command that begins otherwise.
std::string beginAsRecorded(const Origin& origin, const ConfigurationOptions& options, SessionSetup& setup);

/// Throws Error(InvalidArgument) where a --set names a field of the encoder, which is that of `source`.
void refuseEncoderFields(const ConfigurationOptions& options, const std::string& source);

/// "runs/ae (autoencoder, latent 11)".
std::string encoderText(const std::string& folder, const RunRecord& run);

} // namespace latentoscope
