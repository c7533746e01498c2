/// What happens to a session's setup before anything is computed.
#pragma once

#include "core/training/SessionSetup.h"

namespace latentoscope {

/// With device, split, threads and a classifier's labels as they will be used. Throws Error for everything that can be known to
/// be wrong by now, naming the field.
SessionSetup completed(SessionSetup setup);

/// What config.json says of the run, of a completed setup.
RunRecord recordOf(const SessionSetup& setup);

/// Makes a classifier begin with the encoder of the run in `folder`: its weights and its record; the sizes must be the same.
/// Throws Error as readRun, readModel and withEncoderOf.
void beginWithEncoder(SessionSetup& setup, const std::filesystem::path& folder);

/// What a reader of the run's figures must know (RunRecord::notes), of a completed setup.
std::vector<std::string> notesOf(const SessionSetup& setup);

/// Throws Error(InvalidArgument) where a classifier's encoder is frozen that nothing has trained.
void requireLearnedEncoder(const SessionSetup& setup);

} // namespace latentoscope
