/// What a search varies.
#pragma once

#include "core/studies/Distribution.h"

#include <map>
#include <string>

namespace latentoscope {

/// Parameters by name and what each may be.
using SearchSpace = std::map<std::string, Distribution>;

} // namespace latentoscope
