/// Tells whether a process that left its name somewhere, on this machine or another, is still there.
#pragma once

#include <string>

namespace latentoscope {

/// "HOST:PROCESS:START" of this process: a process's number alone may be another's later on.
std::string ownProcessMark();

/// Whether the mark names a process of this machine that is not there any more; of another machine's nothing is known: false.
bool isGone(const std::string& mark);

} // namespace latentoscope
