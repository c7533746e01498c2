/// Threads that give way to others.
#pragma once

namespace latentoscope {

/// For what computes beside a window, on the same processors: a click is answered at once, and nothing else is slower for it.
inline constexpr int kBackgroundNiceness = 3;

/// Sets the calling thread's niceness (0 … 19), so that threads of the same machine that have something to do go
/// first; nothing for 0.
void giveWay(int niceness);

} // namespace latentoscope
