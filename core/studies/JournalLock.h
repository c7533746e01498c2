/// The lock of a journal's file, as Optuna takes it.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace latentoscope {

/// For how long a writer waits for a journal that others hold, or a server that is away.
inline constexpr std::chrono::milliseconds kJournalPatience{120'000};

/// Holds FILE.lock while it lives: a symbolic link, as Optuna's JournalFileSymlinkLock makes, so that both keep out of each
/// other's way. Ours leads to a small file beside it, FILE.lock.UNIQUE.owner, that is there as long as the lock and names its
/// owner (ProcessMark.h): Optuna from 4.3 on reads a lock's age through the link, and waits for ever where it leads nowhere.
///
/// The lock of a process that was killed is taken over: at once where the owner is known to be gone, else when it has not
/// changed for the 30 s that Optuna waits too.
class JournalLock {
public:
    /// Waits, 1 ms and ever longer up to 50 ms at a time. Throws Error(Io) where the lock cannot be made, cannot be taken over
    /// from the dead, or is held by a living process for as long as `patience`.
    explicit JournalLock(const std::filesystem::path& file, std::chrono::milliseconds patience = kJournalPatience);
    ~JournalLock();
    JournalLock(const JournalLock&) = delete;
    JournalLock& operator=(const JournalLock&) = delete;

private:
    std::filesystem::path m_lock, m_owner;
};

/// Takes away the owners' files beside FILE whose lock is not there any more: an Optuna that takes over a dead one's lock leaves
/// them behind. Never throws.
void sweepOwners(const std::filesystem::path& file);

} // namespace latentoscope
