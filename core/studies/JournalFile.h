/// Optuna's journal in a file: append-only, several processes and machines at once.
#pragma once

#include "core/studies/JournalBackend.h"
#include "core/studies/JournalLock.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace latentoscope {

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
