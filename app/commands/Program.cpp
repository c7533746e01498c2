#include "app/commands/Program.h"

#include "app/commands/Options.h"
#include "app/study/Ending.h"

#include "core/base/Text.h"
#include "core/base/Version.h"
#include "core/models/ComputeThread.h"

#include <algorithm>

namespace latentoscope {
namespace {

std::string withNearestCommand(const CLI::App& program, const CLI::ParseError& error, int argc, char** argv)
{
    std::vector<std::string> names;
    for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    const bool unknownCommand = argc > 1 && argv[1][0] != '-' && std::find(names.begin(), names.end(), argv[1]) == names.end();
    if (!unknownCommand) return std::string(error.what()) + "; see latentoscope --help";
    const std::string nearest = nearText(argv[1], names);
    return std::string(argv[1]) + ": no such command, expected one of " + joined(names) +
           (nearest.empty() ? "" : "; the nearest is " + nearest);
}

} // namespace

int runProgram(int& argc, char** argv)
{
    CLI::App program("Latentoscope " + std::string(version()) +
                         ": train auto-encoders, watch them learn, click through their latent space.\n"
                         "Without a command it opens the window.",
                     "latentoscope");
    program.set_version_flag("--version", std::string("latentoscope ") + version());
    program.require_subcommand(0, 1);
    program.get_formatter()->column_width(36);
    Action action;
    addGuiCommand(program, action, argc, argv);
    addDataCommand(program, action);
    addTrainCommand(program, action);
    addFineTuneCommand(program, action);
    addCrossValidateCommand(program, action);
    addEvaluateCommand(program, action);
    addEncodeCommand(program, action);
    addProjectCommand(program, action);
    addDecodeCommand(program, action);
    addSampleCommand(program, action);
    addReportCommand(program, action);
    addSearchCommand(program, action);
    addInfoCommand(program, action);
    addBenchCommand(program, action, argc, argv);
    refuseEmptyValues(program);
    program.footer("latentoscope COMMAND --help explains each. Exit codes: 0 done, 1 failed, 2 wrong usage.");

    try {
        program.parse(argc, argv);
    } catch (const CLI::Success& asked) {
        return program.exit(asked); // --help, --version
    } catch (const CLI::ParseError& error) {
        return fail(withNearestCommand(program, error, argc, argv), kExitUsage);
    }
    return endingOf([&] {
        prepareProcess();
        return action();
    });
}

} // namespace latentoscope
