/// What the window is drawn with.
#pragma once

#include <string>

namespace latentoscope {

/// Qt's version, such as "6.8.2"; "none" where the program was built without the window.
std::string qtVersion();

} // namespace latentoscope
