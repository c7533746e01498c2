/// Ctrl+C as a polite request.
#pragma once

#include <stop_token>

namespace latentoscope {

/// From now on the first Ctrl+C (or a terminal that closes, or a polite kill) only asks interruption() to stop; the second ends
/// the program as usual. Throws Error(Io) where the system gives no thread or no pipe for it.
void watchInterrupts();

/// What all work of a command is to be stopped by.
std::stop_token interruption();

/// Whether there was one.
inline bool interrupted() { return interruption().stop_requested(); }

} // namespace latentoscope
