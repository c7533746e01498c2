/// Tells whether a process that left its name somewhere, on this machine or another, is still there.
#pragma once

#include <string>

namespace latentoscope {

/// "HOST:BOOT:NAMESPACE:PROCESS:START" of this process. A process's number alone says little: it may be another's later on,
/// after the machine was started again (BOOT, the kernel's own name for this run of it), or in another container (NAMESPACE, of
/// process numbers) on the same machine.
std::string ownProcessMark();

/// Whether the mark names a process of this run of this machine, numbered in our own namespace, that is not there any more. Of
/// any other nothing is known: false.
bool isGone(const std::string& mark);

/// The mark for a sentence: "process 123 on host name". The text itself where it is no mark.
std::string ownerText(const std::string& mark);

} // namespace latentoscope
