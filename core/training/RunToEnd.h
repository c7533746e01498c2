/// A training followed from its start to its end on the calling thread.
#pragma once

#include "core/training/TrainingSession.h"

#include <functional>
#include <stop_token>

namespace latentoscope {

/// Starts the session and waits for its end. `onNews` hears on this thread, every 20 ms, all that is new; the last news, which
/// also come back, have the state that it ended in. Once `stop` is asked, so is the session.
Snapshot runToEnd(TrainingSession& session, const std::function<void(const Snapshot& news)>& onNews, const std::stop_token& stop);

} // namespace latentoscope
