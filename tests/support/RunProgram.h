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

} // namespace latentoscope::test
