/// Optuna's journal in a file: append-only, several processes and machines at once.
#pragma once

#include "core/studies/JournalLock.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace latentoscope {

/// What becomes of lines where others have appended some that were not read yet.
enum class Unread {
    Follow, ///< they are appended behind them
    Refuse  ///< nothing is appended: what was read is no longer all that there is to decide by
};

/// Where a journal's lines lie: a file, or a server.
class JournalBackend {
public:
    virtual ~JournalBackend() = default;
    /// The whole lines, without their ends, that were appended since the last call. Throws Error.
    virtual std::vector<std::string> readNew() = 0;
    /// Appends lines (without ends) together: others see all of them one after the other. Whether it did: false only with
    /// Unread::Refuse, where there is something that readNew() has not given yet. Throws Error; none is then appended.
    virtual bool append(const std::vector<std::string>& lines, Unread unread) = 0;
    /// How it is called in sentences.
    virtual std::string name() const = 0;
};

/// Appends under a lock that Optuna takes too (JournalLock.h). A tail without line end, which a process killed in mid-write
/// leaves, is cut off under the lock before anything is appended; readers leave it alone.
class JournalFile : public JournalBackend {
public:
    enum class Missing { Make, Refuse };
    /// With Make the file is made where it is missing, and must be writable; with Refuse the right to read is enough, and it is
    /// append() that needs more. Throws Error(Io).
    explicit JournalFile(std::filesystem::path file, Missing missing = Missing::Make,
                         std::chrono::milliseconds patience = kJournalPatience);

    std::vector<std::string> readNew() override;
    bool append(const std::vector<std::string>& lines, Unread unread) override;
    std::string name() const override { return m_file.string(); }

private:
    std::filesystem::path m_file;
    std::chrono::milliseconds m_patience;
    std::uint64_t m_read = 0; ///< bytes
};

} // namespace latentoscope
