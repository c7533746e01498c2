#include "core/models/ComputeThread.h"

#include "core/base/Error.h"
#include "core/base/Text.h"

#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <dlfcn.h>
#include <malloc.h>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace latentoscope {
namespace {

#if defined(__SSE__)
constexpr unsigned kFlushDenormals = 0x8040; // flush-to-zero and denormals-are-zero
unsigned floatingPointState() { return _mm_getcsr(); }
void setFloatingPointState(unsigned state) { _mm_setcsr(state); }
#else
constexpr unsigned kFlushDenormals = 0;
unsigned floatingPointState() { return 0; }
void setFloatingPointState(unsigned) {}
#endif

} // namespace

ComputeThread::ComputeThread() : m_threads(at::get_num_threads()), m_floatingPointState(floatingPointState())
{
    if (m_threads != 1) at::set_num_threads(1);
    setFloatingPointState(m_floatingPointState | kFlushDenormals);
}

ComputeThread::~ComputeThread()
{
    setFloatingPointState(m_floatingPointState);
    if (m_threads != 1) at::set_num_threads(m_threads);
}

void prepareProcess()
{
#if defined(M_MMAP_THRESHOLD)
    constexpr int kKeep = 256 << 20; // bytes; the largest activations stay below
    // NOLINTBEGIN(concurrency-mt-unsafe): at a program's start
    mallopt(M_MMAP_THRESHOLD, kKeep);
    mallopt(M_TRIM_THRESHOLD, kKeep);
    // NOLINTEND(concurrency-mt-unsafe)
#endif
    // OpenBLAS comes as libtorch's dependency or not at all, so it is asked for by name rather than linked.
    using SetThreads = void (*)(int);
    if (auto* set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(1);
}

const char* torchVersion() { return TORCH_VERSION; }

std::vector<std::string> availableDevices()
{
    std::vector<std::string> devices{"cpu"};
    for (std::size_t i = 0; i < torch::cuda::device_count(); ++i) devices.push_back("cuda:" + std::to_string(i));
    return devices;
}

std::string resolvedDevice(const std::string& device)
{
    const std::vector<std::string> devices = availableDevices();
    if (device == "auto") return devices[0];
    const std::string full = device == "cuda" ? "cuda:0" : device;
    if (std::find(devices.begin(), devices.end(), full) == devices.end()) {
        throw Error(Error::Kind::InvalidArgument,
                    "device: found " + device + ", expected auto or one that libtorch can use here: " + joined(devices));
    }
    return full;
}

} // namespace latentoscope
