/// What every sub-command that trains one network does with it: follow, stop on Ctrl+C, write figures, say how it ended.
#pragma once

#include "core/training/TrainingSession.h"

#include <CLI/CLI.hpp>

#include <string>

namespace latentoscope {

/// --out and --overwrite.
struct RunOptions {
    std::string out;
    bool overwrite = false;

    void addTo(CLI::App& command);
    void applyTo(SessionSetup& setup) const;
};

/// Trains to the end, printing a note and then how it goes, and writes the run's figures; the exit code. Throws Error where it
/// cannot begin, or training fails.
int trainRun(const SessionSetup& setup, const std::string& note = {});

/// "  training.epochs: Passes over …; a whole number from …" for every field, for a command's --help.
std::string fieldsHelp();

} // namespace latentoscope
