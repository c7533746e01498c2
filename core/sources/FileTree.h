/// The files below a folder or in an archive, by name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace latentoscope {

/// One file that could be read.
struct TreeFile {
    std::string path;         ///< below the folder, parts joined by '/'
    std::uint64_t bytes = 0;  ///< its size
    std::int64_t changed = 0; ///< when, in nanoseconds; 0: not known
};

/// All regular files below a folder, those that links lead to included, in the order of their paths' bytes. A folder that is met
/// a second time, by a link that leads back, is entered once. Names that begin with a dot, and `__MACOSX`, are passed over.
/// Throws Error(NotFound) where there is no such folder, Error(Io) where it cannot be read.
std::vector<TreeFile> filesBelow(const std::filesystem::path& folder);

/// Whether a path has a part that is passed over: one that begins with a dot, or `__MACOSX`.
bool isHidden(std::string_view path);

/// One file by its path; its name alone is told. Throws Error(Io) where it cannot be looked at.
TreeFile fileAt(const std::filesystem::path& file);

/// Tells whether the same files are there: of their names, sizes and times.
std::string fingerprintOf(const std::vector<TreeFile>& files);

} // namespace latentoscope
