/// The window as the program starts it.
#pragma once

#include "ui/common/Theme.h"

#include <filesystem>
#include <optional>
#include <string>

namespace latentoscope::ui {

/// What the command line says about the window. What is not said is as the person left it.
struct WindowRequest {
    enum class Start { Wait, Train };
    enum class Settings { Keep, Reset };

    std::optional<std::filesystem::path> open;       ///< a run's folder, or a configuration file
    std::string preset;                              ///< name or file; empty: none
    Start start = Start::Wait;                       ///< Train: as if Train was pressed once the data are there
    std::optional<std::filesystem::path> screenshot; ///< PNG of the settled window, then the end
    std::filesystem::path dataFolder;                ///< empty: as remembered, at first the packaged data set
    int threads = 0;                                 ///< 0: all cores
    std::string device = "auto";
    std::filesystem::path runsFolder; ///< empty: as remembered, at first XDG_DATA_HOME/latentoscope/runs
    std::optional<ThemeChoice> theme; ///< none: as remembered, at first the system's
    std::filesystem::path program;    ///< latentoscope itself, which makes reports; empty: the file that runs
    Settings settings = Settings::Keep;
    int width = 0; ///< of the window, units; 0: as remembered
    int height = 0;
};

/// Before QApplication is made: a display that cannot be reached is told in one line of our own and ends the program with 1; the
/// toolkit's remarks on it and on a missing desktop session are passed over, its other warnings go to stderr.
void takeToolkitMessages();

/// Names, icon and theme of the application, read or reset settings. Call once after QApplication is made.
void prepareApplication(const WindowRequest& request);

/// Makes the application, opens the window and runs until it is closed, or with `screenshot` until that is written.
/// Returns the exit code; a failed screenshot or a failed training that was to be shown gives 1 and a line on stderr.
int runWindow(int& argc, char** argv, const WindowRequest& request);

} // namespace latentoscope::ui
