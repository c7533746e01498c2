/// Texts that no other process has.
#pragma once

#include <string>

namespace latentoscope {

/// 32 hexadecimal digits from the system's random numbers.
std::string uniqueText();

} // namespace latentoscope
