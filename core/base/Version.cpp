#include "core/base/Version.h"

namespace latentoscope {

const char* version() { return LATENTOSCOPE_VERSION; }

} // namespace latentoscope
