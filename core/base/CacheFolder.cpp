#include "core/base/CacheFolder.h"

#include <cstdlib>

namespace latentoscope {
namespace {

/// Empty where it is not set.
std::filesystem::path folderIn(const char* variable)
{
    const char* value = std::getenv(variable); // NOLINT(concurrency-mt-unsafe): nobody here sets a variable
    return value != nullptr ? value : "";
}

} // namespace

std::filesystem::path cacheFolder()
{
    if (const std::filesystem::path cache = folderIn("XDG_CACHE_HOME"); !cache.empty()) return cache / "latentoscope";
    const std::filesystem::path home = folderIn("HOME");
    return home.empty() ? home : home / ".cache" / "latentoscope";
}

} // namespace latentoscope
