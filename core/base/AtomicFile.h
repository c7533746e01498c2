/// Files that are there whole or not at all, also after a power cut.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace latentoscope {

/// Writes to a temporary file in the same folder, syncs, renames over `file` and syncs the folder; every step is checked. A link
/// stays a link: what it leads to is replaced. What is no regular file (a pipe, a device) is written into as it is.
/// Throws Error(Io) naming the file; an older file of that name is then unchanged.
void writeFileAtomically(const std::filesystem::path& file, std::string_view bytes);

/// Takes away what writeFileAtomically left beside `file` when its program was killed. Nobody may be writing the file: the caller
/// holds its folder.
void sweepTemporaries(const std::filesystem::path& file) noexcept;

/// Whether it is called as what writeFileAtomically writes first, which a killed program leaves behind.
bool isTemporary(const std::filesystem::path& file);

/// sweepTemporaries for every file of a folder, but not of the folders in it; nothing where there is no such folder.
void sweepTemporariesIn(const std::filesystem::path& folder) noexcept;

/// Appends in one write and checks it. Throws Error(Io) naming the file, which is then as long as before.
void appendToFile(const std::filesystem::path& file, std::string_view bytes);

/// The whole file. Throws Error(NotFound) or Error(Io) naming it.
std::string readFile(const std::filesystem::path& file);

/// The same, of a regular file or a link to one alone: a pipe in its place would be waited for without end.
std::string readRegularFile(const std::filesystem::path& file);

} // namespace latentoscope
