#include "app/commands/Program.h"
#include "app/commands/SearchFigures.h"
#include "app/commands/SearchRun.h"
#include "app/study/StudyCommands.h"

namespace latentoscope {

void addSearchCommand(CLI::App& program, Action& action)
{
    CLI::App* search =
        program.add_subcommand("search", "Search hyper-parameters in studies that Optuna can join, or inspect a study");
    addTrainingSearch(*search, action);
    addStudyCommands(*search, action);
    addSearchFigures(*search, action);
}

} // namespace latentoscope
