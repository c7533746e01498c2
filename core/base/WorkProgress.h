/// How a long computation tells how far it has come, and hears whether to go on.
#pragma once

#include <functional>
#include <stop_token>
#include <utility>

namespace latentoscope {

/// Told now and then, on any thread, how much of a piece of work is done (0 … 1). Where it says false, the work ends without a
/// result.
using WorkProgress = std::function<bool(double done)>;

/// That nobody listens to.
inline bool goOn(double) { return true; }

/// That nobody listens to either, until the work is asked to stop.
inline WorkProgress untilStopped(std::stop_token stop)
{
    return [stop = std::move(stop)](double) { return !stop.stop_requested(); };
}

} // namespace latentoscope
