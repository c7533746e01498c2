/// How a command ends: its exit code, and errors as one line.
#pragma once

#include <functional>
#include <string>

namespace latentoscope {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

/// "latentoscope: SENTENCE" as one line on the error output; gives back the code.
int fail(const std::string& sentence, int code);

/// What a command gives back, or 1 or 2 after a line about what it threw (Error, too little memory, anything else), and 1 where
/// what it printed was lost. A reader of its output that goes away does not end it.
int endingOf(const std::function<int()>& command);

} // namespace latentoscope
