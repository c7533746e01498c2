#include "app/commands/WindowBenchmark.h"

#include "ui/bench/WindowBench.h"

#include <algorithm>

namespace latentoscope {

WindowBenchmarkFigures benchmarkWindow(int& argc, char** argv, const WindowBenchmarkSetup& setup)
{
    ui::WindowBenchRequest request;
    request.dataFolder = setup.data;
    request.preset = setup.preset;
    request.device = setup.device;
    request.threads = setup.threads;
    int one = std::min(argc, 1); // the toolkit must not read our options as its own
    const ui::WindowBenchResult result = ui::benchWindow(one, argv, request);
    return {result.imagesPerSecond,    result.headlessImagesPerSecond,
            result.liveRatio,          result.clickP99,
            result.pauseMax,           result.clicks,
            result.projectionPoints,   result.projectionSeconds,
            result.projectionFrames,   result.projectionFrameP95,
            result.projectionClickP50, result.projectionClickP99};
}

} // namespace latentoscope
