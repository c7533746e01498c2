/// Measures the real window: what watching costs a training, and how soon a click shows its image.
#pragma once

#include <filesystem>
#include <string>

namespace latentoscope::ui {

struct WindowBenchRequest {
    std::filesystem::path dataFolder;
    int threads = 0; ///< 0: all cores
    int epochs = 5;  ///< of each timed training
    std::string preset = "report-autoencoder";
    int rounds = 3; ///< timed trainings with the window and without, in alternation
    int clicks = 300;
};

struct WindowBenchResult {
    double imagesPerSecond = 0;         ///< with the three views live, best round; wall time from Train to the last step
    double headlessImagesPerSecond = 0; ///< the same by a session that nobody watches
    double liveRatio = 0;               ///< median of the rounds' ratios
    double clickP50 = 0;                ///< ms from a click's posting to the end of the paint that shows its image
    double clickP99 = 0;                ///< likewise, 99th percentile
    double pauseMax = 0;                ///< ms from the command to the window's knowing that pause, resume or stop acted
    int clicks = 0;                     ///< that were measured
};

/// Makes a QApplication, opens the window (on the display there is, else on the offscreen platform) with settings and runs in
/// a temporary folder. Throws Error where the data cannot be read or a training fails.
WindowBenchResult benchWindow(int& argc, char** argv, const WindowBenchRequest& request);

} // namespace latentoscope::ui
