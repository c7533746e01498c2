/// The commands of `search` that look into a study and let anything be its objective; they need no network.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>

namespace latentoscope {

/// Adds ask, tell, best, list and importance to `search`; when one of them is given, `action` is what to run.
void addStudyCommands(CLI::App& search, std::function<int()>& action);

/// Their names.
inline constexpr const char* kStudyCommands[] = {"ask", "tell", "best", "list", "importance"};

} // namespace latentoscope
