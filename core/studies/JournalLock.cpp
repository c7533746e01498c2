#include "core/studies/JournalLock.h"

#include "core/base/Error.h"
#include "core/base/FileDescriptor.h"
#include "core/base/ProcessMark.h"
#include "core/studies/Unique.h"

#include <cerrno>
#include <chrono>
#include <fstream>
#include <optional>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace latentoscope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStale{30}; ///< after which a lock that has not changed is taken over, as newer Optuna does
constexpr std::chrono::milliseconds kLongestSleep{50};
constexpr const char* kOwnerEnding = ".owner";

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what, int code)
{
    throw Error(Error::Kind::Io, file.string() + ": cannot " + what + ": " + std::generic_category().message(code));
}

void writeOwner(const std::filesystem::path& owner)
{
    const std::string text = ownProcessMark() + "\n";
    const FileDescriptor descriptor(open(owner.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666));
    if (!descriptor.isOpen()) fail(owner, "be made", errno);
    const ssize_t written = write(descriptor.get(), text.data(), text.size());
    const int code = written < 0 ? errno : ENOSPC;
    if (written == static_cast<ssize_t>(text.size())) return;
    unlink(owner.c_str());
    fail(owner, "be written", code);
}

/// The mark in an owner's file; empty where there is none.
std::string markIn(const std::filesystem::path& owner)
{
    std::ifstream file(owner);
    std::string mark;
    std::getline(file, mark);
    return mark;
}

bool isOwner(const std::filesystem::path& file) { return file.extension() == kOwnerEnding; }

/// The owner's file that a lock of ours leads to.
std::optional<std::filesystem::path> ownerOf(const std::filesystem::path& lock)
{
    std::error_code missing;
    const std::filesystem::path target = std::filesystem::read_symlink(lock, missing);
    if (missing || !isOwner(target)) return std::nullopt;
    return lock.parent_path() / target.filename();
}

/// What tells one lock from another at the same name: which inode, and when it was made.
struct LockMark {
    ino_t inode = 0;
    timespec made{};

    bool operator==(const LockMark& other) const
    {
        return inode == other.inode && made.tv_sec == other.made.tv_sec && made.tv_nsec == other.made.tv_nsec;
    }
};

std::optional<LockMark> markOf(const std::filesystem::path& lock)
{
    struct stat found {};
    if (lstat(lock.c_str(), &found) != 0) return std::nullopt;
    return LockMark{found.st_ino, found.st_ctim};
}

/// Takes away a lock whose owner is gone, but never one that has been made since it was looked at: those who take over hold
/// FILE.lock.takeover against each other and look again.
void takeAway(const std::filesystem::path& lock, const LockMark& seen)
{
    const std::filesystem::path guard = lock.string() + ".takeover";
    const FileDescriptor descriptor(open(guard.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666));
    if (!descriptor.isOpen()) fail(guard, "be made", errno);
    if (flock(descriptor.get(), LOCK_EX) != 0) return;
    const auto now = markOf(lock);
    if (!now || !(*now == seen)) return;
    const auto owner = ownerOf(lock);
    if (unlink(lock.c_str()) == 0) {
        if (owner) unlink(owner->c_str());
    } else if (errno != ENOENT) {
        fail(lock, "be taken away though its owner is gone; take it away if no program uses the file", errno);
    }
}

/// Waits for the present lock to be let go, or takes it over.
class Waiting {
public:
    Waiting(std::filesystem::path lock, std::chrono::milliseconds patience) : m_lock(std::move(lock)), m_patience(patience) {}

    /// To be called each time that the lock could not be made because there is one.
    void once()
    {
        const auto now = Clock::now();
        const auto mark = markOf(m_lock);
        if (!mark) return; // gone in between
        if (!m_seen || !(*m_seen == *mark)) {
            m_seen = mark;
            m_since = now;
        }
        const auto owner = ownerOf(m_lock);
        if ((owner && isGone(markIn(*owner))) || now - m_since > kStale) {
            takeAway(m_lock, *mark);
            return;
        }
        if (now - m_start > m_patience) {
            const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(m_patience).count();
            throw Error(Error::Kind::Io, m_lock.string() + ": found held by " + (owner ? ownerText(markIn(*owner)) : "someone") +
                                             " for " + (seconds == 120 ? "two minutes" : std::to_string(seconds) + " seconds") +
                                             ", expected it to be let go; take it away if no program uses the file");
        }
        std::this_thread::sleep_for(m_sleep);
        m_sleep = std::min<std::chrono::microseconds>(2 * m_sleep, kLongestSleep);
    }

private:
    std::filesystem::path m_lock;
    std::chrono::milliseconds m_patience;
    Clock::time_point m_start = Clock::now();
    std::optional<LockMark> m_seen;
    Clock::time_point m_since = m_start; ///< the present lock has been there at least since then
    std::chrono::microseconds m_sleep{1000};
};

} // namespace

JournalLock::JournalLock(const std::filesystem::path& file, std::chrono::milliseconds patience)
    : m_lock(file.string() + ".lock"), m_owner(m_lock.string() + "." + uniqueText() + kOwnerEnding)
{
    writeOwner(m_owner);
    try {
        Waiting waiting(m_lock, patience);
        while (symlink(m_owner.filename().c_str(), m_lock.c_str()) != 0) {
            if (errno != EEXIST) fail(m_lock, "be made", errno);
            waiting.once();
        }
    } catch (...) {
        unlink(m_owner.c_str());
        throw;
    }
}

JournalLock::~JournalLock()
{
    // Only our own: someone may have taken it over from us as from the dead, such as after a machine was suspended.
    if (ownerOf(m_lock) == m_owner) unlink(m_lock.c_str());
    unlink(m_owner.c_str()); // after the lock, which never leads nowhere
}

void sweepOwners(const std::filesystem::path& file)
{
    const std::string beginning = file.filename().string() + ".lock.";
    std::error_code ignored;
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    for (auto entry = std::filesystem::directory_iterator(folder, ignored); entry != std::filesystem::directory_iterator();
         entry.increment(ignored)) {
        const std::filesystem::path owner = entry->path();
        if (!owner.filename().string().starts_with(beginning) || !isOwner(owner) || !isGone(markIn(owner))) continue;
        if (ownerOf(file.string() + ".lock").value_or("").filename() != owner.filename()) unlink(owner.c_str());
    }
}

} // namespace latentoscope
