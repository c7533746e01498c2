#include "app/commands/WindowBenchmark.h"

#include "core/base/Error.h"

namespace latentoscope {

WindowBenchmarkFigures benchmarkWindow(int&, char**, const WindowBenchmarkSetup&)
{
    throw Error(Error::Kind::InvalidArgument,
                "bench window: this program was built without the window; build it with -DLATENTOSCOPE_UI=ON");
}

} // namespace latentoscope
