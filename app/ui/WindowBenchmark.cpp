#include "app/commands/WindowBenchmark.h"

#include "ui/main/WindowBench.h"

namespace latentoscope {

WindowBenchmarkFigures benchmarkWindow(int& argc, char** argv, const std::filesystem::path& data, int threads, int epochs)
{
    return {};
}

} // namespace latentoscope
