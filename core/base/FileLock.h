/// Keeps two programs from writing into one folder at the same time.
#pragma once

#include "core/base/FileDescriptor.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace latentoscope {

/// What a folder's lock is called.
inline constexpr const char* kFolderLock = ".lock";

/// Holds `file` (made where it is missing) for its maker alone while it lives, and takes the file away at its end. The
/// system lets go of it at a crash too (an open file description lock, fcntl(2)): a file that a dead program left keeps nobody
/// out. In the file stands the holder's process mark, for the sentence that others get.
class FileLock {
public:
    /// Throws Error(Io) saying which process on which host is at work in the file's folder, or that the file cannot be made.
    explicit FileLock(std::filesystem::path file);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

    /// The file, with its folder, has another name now; it stays held.
    void moved(std::filesystem::path file) { m_file = std::move(file); }

private:
    std::filesystem::path m_file;
    FileDescriptor m_descriptor;
};

/// What holderOf says where the lock is our own.
inline constexpr std::string_view kThisProgram = "this program";

/// Who holds the folder's lock: "process 123 on host name" or kThisProgram. None where nobody does, or where it cannot be told.
std::optional<std::string> holderOf(const std::filesystem::path& folder);

} // namespace latentoscope
