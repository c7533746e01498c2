/// The program's version.
#pragma once

namespace latentoscope {

/// "0.1.0".
const char* version();

} // namespace latentoscope
