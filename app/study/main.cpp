// The program that people call. Commands that look into a study are all here, and begin in milliseconds; for everything else its
// place is taken by latentoscope-lab beside it, which has the networks and the window.
#include "app/commands/Options.h"
#include "app/study/Ending.h"
#include "app/study/IgnoredSignals.h"
#include "app/study/StudyCommands.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include <unistd.h>

namespace latentoscope {
namespace {

bool isStudyCommand(int argc, char** argv)
{
    return argc > 2 && std::string(argv[1]) == "search" &&
           std::any_of(std::begin(kStudyCommands), std::end(kStudyCommands),
                       [&](const char* name) { return std::string(argv[2]) == name; });
}

int runStudyCommand(int argc, char** argv)
{
    CLI::App program("", "latentoscope");
    program.get_formatter()->column_width(36);
    std::function<int()> action;
    addStudyCommands(*program.add_subcommand("search"), action);
    refuseEmptyValues(program);
    try {
        program.parse(argc, argv);
    } catch (const CLI::Success& asked) {
        return program.exit(asked); // --help
    } catch (const CLI::ParseError& error) {
        return fail(std::string(error.what()) + "; see latentoscope search --help", kExitUsage);
    }
    return endingOf(action);
}

/// Beside this program, or where it is installed to. Comes back only where it is not there.
int becomeLab(char** argv)
{
    rememberIgnoredSignals();
    std::error_code unknown;
    const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path();
    const std::filesystem::path beside = folder / "latentoscope-lab";
    execv(beside.c_str(), argv);
    const int reason = errno;
    execv((folder / ".." / "libexec" / "latentoscope" / "latentoscope-lab").c_str(), argv);
    return fail(beside.string() + ": cannot be started: " + std::generic_category().message(reason) +
                    "; build or install the program again",
                kExitFailed);
}

} // namespace
} // namespace latentoscope

int main(int argc, char** argv)
{
    using namespace latentoscope;
    return endingOf([&] { return isStudyCommand(argc, argv) ? runStudyCommand(argc, argv) : becomeLab(argv); });
}
