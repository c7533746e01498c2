/// The program behind main(): parses the command line, runs one sub-command, turns errors into a line and an exit code.
#pragma once

#include "app/study/Ending.h"

#include <CLI/CLI.hpp>

#include <functional>

namespace latentoscope {

/// 0 done, 1 failed, 2 wrong usage; an error is one line on stderr.
int runProgram(int& argc, char** argv);

/// What a sub-command does once the command line is understood; returns the exit code, throws Error.
using Action = std::function<int()>;

// Each adds its sub-command; when it is the one given, `action` is what to run.
void addTrainCommand(CLI::App& program, Action& action);
void addFineTuneCommand(CLI::App& program, Action& action);
void addCrossValidateCommand(CLI::App& program, Action& action);
void addDataCommand(CLI::App& program, Action& action);
void addEvaluateCommand(CLI::App& program, Action& action);
void addEncodeCommand(CLI::App& program, Action& action);
void addProjectCommand(CLI::App& program, Action& action);
void addDecodeCommand(CLI::App& program, Action& action);
void addSampleCommand(CLI::App& program, Action& action);
void addReportCommand(CLI::App& program, Action& action);
void addSearchCommand(CLI::App& program, Action& action);
void addInfoCommand(CLI::App& program, Action& action);
void addBenchCommand(CLI::App& program, Action& action, int& argc, char** argv);
void addGuiCommand(CLI::App& program, Action& action, int& argc, char** argv);

} // namespace latentoscope
