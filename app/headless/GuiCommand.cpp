#include "app/commands/Program.h"
#include "app/commands/WindowVersion.h"

#include "core/base/Error.h"

namespace latentoscope {

std::string qtVersion() { return "none"; }

void addGuiCommand(CLI::App& program, Action& action, int&, char**)
{
    action = [&program]() -> int {
        throw Error(Error::Kind::InvalidArgument, "this program was built without the window, expected a command: " +
                                                      program.get_name() + " --help lists them");
    };
}

} // namespace latentoscope
