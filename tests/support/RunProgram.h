/// Runs a program as a person would and keeps what it says.
#pragma once

#include <string>
#include <vector>

namespace latentoscope::test {

struct Ended {
    int code = -1; ///< exit code; -1 where a signal ended it
    std::string out;
    std::string err;
};

/// Waits for the program's end. `arguments` begins with the program's path.
Ended runProgram(const std::vector<std::string>& arguments);

/// The Python with the peers that files are shared with: the system's, or what LATENTOSCOPE_PYTHON says.
std::string pythonPath();

} // namespace latentoscope::test
