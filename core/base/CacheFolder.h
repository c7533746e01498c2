/// Where the program keeps what it can make again.
#pragma once

#include <filesystem>

namespace latentoscope {

/// $XDG_CACHE_HOME/latentoscope or ~/.cache/latentoscope (XDG Base Directory Specification); it need not be there yet. Empty
/// where neither variable is set: then nothing is kept.
std::filesystem::path cacheFolder();

} // namespace latentoscope
