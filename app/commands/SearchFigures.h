/// `search figures`: what a study tells, as files.
#pragma once

#include "app/commands/Program.h"

namespace latentoscope {

/// Adds `figures` to `search`.
void addSearchFigures(CLI::App& search, Action& action);

} // namespace latentoscope
