/// Optuna's journal in a file: append-only, several processes and machines at once.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace latentoscope {

/// Where a journal's lines lie: a file, or a server.
class JournalBackend {
public:
    virtual ~JournalBackend() = default;
    /// The whole lines, without their ends, that were appended since the last call. Throws Error.
    virtual std::vector<std::string> readNew() = 0;
    /// Appends lines (without ends) together: others see all of them one after the other. Throws Error; none is then appended.
    virtual void append(const std::vector<std::string>& lines) = 0;
    /// How it is called in sentences.
    virtual std::string name() const = 0;
};

/// Locks as Optuna's JournalFileSymlinkLock does (a symbolic link FILE.lock), so that both keep out of each other's way. Ours
/// names host, process and its start, so that the lock of a process that was killed is taken over at once; any other after it has
/// not changed for 30 s. A tail without line end, which a process killed in mid-write leaves, is cut off under the lock before
/// anything is appended; readers leave it alone.
class JournalFile : public JournalBackend {
public:
    /// Makes the file where it is missing. Throws Error(Io).
    explicit JournalFile(std::filesystem::path file);

    std::vector<std::string> readNew() override;
    void append(const std::vector<std::string>& lines) override;
    std::string name() const override { return m_file.string(); }

private:
    std::filesystem::path m_file;
    std::uint64_t m_read = 0; ///< bytes
};

/// Holds FILE.lock while it lives.
class JournalLock {
public:
    /// Waits, 1 ms and ever longer up to 50 ms at a time. Throws Error(Io) where the lock cannot be made, or is held by a living
    /// process for two minutes.
    explicit JournalLock(const std::filesystem::path& file);
    ~JournalLock();
    JournalLock(const JournalLock&) = delete;
    JournalLock& operator=(const JournalLock&) = delete;

private:
    std::filesystem::path m_lock;
    std::string m_target;
};

} // namespace latentoscope
