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
    int projectionPoints = 0;      ///< of a t-SNE of all images, seen to form
    double projectionSeconds = 0;  ///< from start to end
    int projectionFrames = 0;      ///< shown of it
    double projectionFrameP95 = 0; ///< ms from its places' being taken to its being drawn, 95th percentile
    double projectionClickP50 = 0; ///< ms from a click to its image while it forms, median
    double projectionClickP99 = 0; ///< and 99th percentile
};

/// Opens the window (on the display there is, else on Qt's offscreen platform). Throws Error(InvalidArgument) where the
/// program was built without it.
WindowBenchmarkFigures benchmarkWindow(int& argc, char** argv, const WindowBenchmarkSetup& setup);

} // namespace latentoscope
