/// Ctrl+C as a polite request.
#pragma once

namespace latentoscope {

/// From now on the first Ctrl+C (or a terminal that closes, or a polite kill) is only noted; the second ends the program as
/// usual.
void watchInterrupts();

/// Whether there was one.
bool interrupted();

} // namespace latentoscope
