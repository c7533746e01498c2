/// What `bench window` measures in the real window.
#pragma once

#include <filesystem>
#include <string>

namespace latentoscope {

struct WindowBenchmarkSetup {
    std::filesystem::path data;
    std::string preset; ///< or a file
    std::string device = "auto";
    int threads = 0; ///< 0: all cores
};

struct WindowBenchmarkFigures {
    double imagesPerSecond = 0;         ///< training with the three views live
    double headlessImagesPerSecond = 0; ///< the same without a window, in turns
    double liveRatio = 0;               ///< the first by the second
    double clickP99 = 0;                ///< ms from a click in the scatter to its decoded image painted, 99th percentile
    double pauseMax = 0;                ///< ms until pause, resume or stop acted, the longest
    int clicks = 0;
};

/// Opens the window (on the display there is, else on Qt's offscreen platform). Throws Error(InvalidArgument) where the
/// program was built without it.
WindowBenchmarkFigures benchmarkWindow(int& argc, char** argv, const WindowBenchmarkSetup& setup);

} // namespace latentoscope
