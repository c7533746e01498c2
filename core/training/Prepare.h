/// What happens to a session's setup before anything is computed.
#pragma once

#include "core/training/TrainingSession.h"

namespace latentoscope {

/// With device, split, threads and a classifier's labels as they will be used. Throws Error for everything that can be known to
/// be wrong by now, naming the field.
SessionSetup completed(SessionSetup setup);

/// What config.json says of the run, of a completed setup.
RunRecord recordOf(const SessionSetup& setup);

} // namespace latentoscope
