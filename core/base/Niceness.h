/// Threads that give way to others.
#pragma once

namespace latentoscope {

/// Sets the calling thread's niceness (0 … 19), so that threads of the same machine that have something to do go
/// first; nothing for 0.
void giveWay(int niceness);

} // namespace latentoscope
