#include "core/training/Memory.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Configuration.h"
#include "core/data/ImageShape.h"
#include "core/kinds/Kind.h"

#include <algorithm>
#include <sstream>
#include <sys/resource.h>
#include <unistd.h>

namespace latentoscope {
namespace {

/// Copies of all parameters: weights and those before the last step, sum of gradients, two moments, frozen copies to look into.
constexpr double kCopies = 8;
constexpr double kBuffersAThread = 2; ///< of gradients, as the engine's window has
constexpr double kPadding = 16;       ///< a shard is padded to a multiple of so many images

std::string gibibytes(double bytes) { return fixedText(bytes / (1 << 30), 1) + " GiB"; }

/// A number in a file of the kernel's, none where it is not there or says "max".
std::optional<double> numberIn(const char* file)
{
    try {
        std::string text = readFile(file);
        text.erase(text.find_last_not_of(" \n") + 1);
        return parseReal(text);
    } catch (const Error&) {
        return std::nullopt;
    }
}

} // namespace

TrainingMemory trainingMemory(const Configuration& configuration, const ImageShape& shape, int threads)
{
    const Kind& kind = kindOf(configuration.model);
    const auto parameters = static_cast<double>(parameterCount(kind.layout(configuration.model, shape)));
    TrainingMemory memory;
    memory.parameters = sizeof(float) * parameters * (kCopies + kBuffersAThread * threads);
    if (kind.valuesAnImage == nullptr) return memory;
    const double images =
        std::max<double>(kPadding, std::min(configuration.training.shardSize, configuration.training.batchSize));
    memory.activations = sizeof(float) * images * threads * kind.valuesAnImage(configuration.model, shape);
    return memory;
}

double availableMemory()
{
    const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
    double available = page * static_cast<double>(sysconf(_SC_PHYS_PAGES));
    if (const auto group = numberIn("/sys/fs/cgroup/memory.max")) available = std::min(available, *group);
    rlimit limit{};
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        double used = 0; // pages of address space, the first number of statm
        std::istringstream(readFile("/proc/self/statm")) >> used;
        available = std::min(available, static_cast<double>(limit.rlim_cur) - used * page);
    }
    return available;
}

void checkMemory(const Configuration& configuration, const ImageShape& shape, int threads, double available)
{
    const TrainingMemory memory = trainingMemory(configuration, shape, threads);
    if (memory.all() <= available) return;
    const bool parameters = memory.parameters > memory.activations;
    throw Error(Error::Kind::InvalidArgument,
                std::string(parameters ? "model.channels, model.hidden" : "training.shard_size, model.channels") +
                    ": training with these takes about " + gibibytes(memory.all()) + " on " + std::to_string(threads) +
                    " threads, but " + gibibytes(available) + " can be had here; " +
                    (parameters ? "choose a smaller network" : "choose smaller shards, fewer channels") + " or fewer --threads");
}

} // namespace latentoscope
