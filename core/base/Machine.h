/// What machine this is, in words, for `info` and for reports of errors.
#pragma once

#include <string>

namespace latentoscope {

/// As the system calls itself, with its kernel: "Debian GNU/Linux 13 (trixie), Linux 6.12.43". Parts that are not known are left
/// out; "unknown" where none is.
std::string systemName();

/// As the processor calls itself: "AMD EPYC 9454P". "unknown" where it does not.
std::string processorName();

/// How many threads this process may compute on at a time, at least 1: the processors it is allowed (taskset, a batch system's
/// share), or fewer where a container gives it less time than they have.
int processorsAllowed();

} // namespace latentoscope
