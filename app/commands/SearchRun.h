/// `search` without a command: trains the trials of a study.
#pragma once

#include "app/commands/Program.h"

namespace latentoscope {

/// Adds the options to `search`, and what is done where none of its own commands is given.
void addTrainingSearch(CLI::App& search, Action& action);

} // namespace latentoscope
