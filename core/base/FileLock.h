/// Keeps two programs from working in one folder at the same time.
#pragma once

#include <filesystem>

namespace latentoscope {

/// Holds `file` (made where it is missing) for this program alone while it lives; the system lets go of it at a crash too.
class FileLock {
public:
    /// Throws Error(Io) saying that another program is at work in the file's folder, or that the file cannot be made.
    explicit FileLock(const std::filesystem::path& file);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int m_descriptor;
};

} // namespace latentoscope
