#include "app/commands/Program.h"
#include "app/commands/SearchFigures.h"
#include "app/commands/SearchRun.h"
#include "app/study/StudyCommands.h"

namespace latentoscope {

void addSearchCommand(CLI::App& program, Action& action)
{
    CLI::App* search = program.add_subcommand(
        "search", "Hyper-parameter search, in studies that Optuna can join: trains trials, or with a command looks into a study");
    addTrainingSearch(*search, action);
    addStudyCommands(*search, action);
    addSearchFigures(*search, action);
}

} // namespace latentoscope
