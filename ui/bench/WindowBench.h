/// Measures the real window: what watching costs a training, how soon a click shows its image, how long frames of a projection
/// that forms take.
#pragma once

#include <filesystem>
#include <string>

namespace latentoscope::ui {

struct WindowBenchRequest {
    std::filesystem::path dataFolder;
    int threads = 0;                           ///< 0: all cores
    std::string preset = "report-autoencoder"; ///< or a file
    std::string device = "auto";
    int turns = 24; ///< of the training in the window and of the one without
    int turnMilliseconds = 2000;
    int clicks = 300;
};

struct WindowBenchResult {
    double imagesPerSecond = 0;         ///< with the three views live, over all its turns
    double headlessImagesPerSecond = 0; ///< the same by a session that nobody watches
    double liveRatio = 0;               ///< the first by the second
    double clickP50 = 0;                ///< ms from a click's posting to the end of the paint that shows its image
    double clickP99 = 0;                ///< likewise, 99th percentile
    double pauseMax = 0;                ///< ms from the command to the window's knowing that pause, resume or stop acted
    int clicks = 0;                     ///< that were measured
    int projectionPoints = 0;           ///< of the t-SNE of all images that then forms in the map
    double projectionSeconds = 0;       ///< from Start to its figures, with clicks all the while
    int projectionFrames = 0;           ///< that were shown of it
    double projectionFrameP95 = 0;      ///< ms from its places' being taken to its picture's being drawn, 95th percentile
    double projectionClickP50 = 0;      ///< as clickP50, while it forms
    double projectionClickP99 = 0;
};

/// Both trainings exist at once and take turns, one paused while the other runs: the speed of a machine that is shared wanders
/// by a third within ten seconds, so that whole trainings one after the other would compare moments of the machine.
/// Makes a QApplication, opens the window (on the display there is, else on the offscreen platform) with settings and runs in
/// a temporary folder. Throws Error where preset or device is not known, the data cannot be read or a training fails.
WindowBenchResult benchWindow(int& argc, char** argv, const WindowBenchRequest& request);

} // namespace latentoscope::ui
