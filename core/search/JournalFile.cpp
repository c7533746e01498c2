#include "core/search/JournalFile.h"

#include "core/base/Error.h"
#include "core/base/ProcessMark.h"
#include "core/search/Unique.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace latentoscope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStale{30}; ///< after which a lock that has not changed is taken over, as newer Optuna does
constexpr std::chrono::minutes kPatience{2};
constexpr std::chrono::milliseconds kLongestSleep{50};

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what)
{
    const int code = errno;
    throw Error(Error::Kind::Io, file.string() + ": cannot " + what + ": " + std::strerror(code));
}

const char* const kMark = "latentoscope@";

/// "latentoscope@HOST:PROCESS:START:UNIQUE".
std::string ownTarget() { return kMark + ownProcessMark() + ":" + uniqueText(); }

/// Whether the lock names a process of this host that is not there any more.
bool ownerIsDead(const std::string& target) { return target.starts_with(kMark) && isGone(target.substr(std::strlen(kMark))); }

std::optional<std::string> targetOf(const std::filesystem::path& lock)
{
    std::error_code missing;
    const std::filesystem::path target = std::filesystem::read_symlink(lock, missing);
    if (missing) return std::nullopt;
    return target.string();
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
    const int descriptor = open(guard.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    if (descriptor < 0) fail(guard, "be made");
    if (flock(descriptor, LOCK_EX) == 0) {
        const auto now = markOf(lock);
        if (now && *now == seen) unlink(lock.c_str());
    }
    close(descriptor);
}

/// The lines with their ends, to be written at a place in the file. Readers take no lock and see a write page by page;
/// Optuna 3.1's give up where they see a part of a line and then the rest. So spaces at the ends of lines, which JSON allows,
/// keep the following line from lying across two pages, and leave room for one that another appends.
std::string padded(const std::vector<std::string>& lines, std::size_t place)
{
    constexpr std::size_t kPage = 4096;
    constexpr std::size_t kRoom = 512; ///< for a record of another's
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        text += lines[i];
        const std::size_t left =
            kPage - (place + text.size() + 1) % kPage; // behind the line's end; a whole page at its beginning
        const std::size_t next = i + 1 < lines.size() ? lines[i + 1].size() + 1 : kRoom;
        if (next > left && next <= kPage) text.append(left, ' ');
        text += '\n';
    }
    return text;
}

/// Cuts off what a process that was killed in mid-write has left behind the last line's end.
void mendTail(int descriptor, const std::filesystem::path& file)
{
    const off_t size = lseek(descriptor, 0, SEEK_END);
    if (size < 0) fail(file, "be read");
    std::array<char, 4096> block{};
    off_t end = size;
    while (end > 0) {
        const off_t begin = std::max<off_t>(0, end - static_cast<off_t>(block.size()));
        const auto length = static_cast<std::size_t>(end - begin);
        if (pread(descriptor, block.data(), length, begin) != static_cast<ssize_t>(length)) fail(file, "be read");
        const std::string_view text(block.data(), length);
        const std::size_t last = text.rfind('\n');
        if (last != std::string_view::npos) {
            end = begin + static_cast<off_t>(last) + 1;
            break;
        }
        end = begin;
    }
    if (end < size && ftruncate(descriptor, end) != 0) fail(file, "be mended");
}

} // namespace

JournalLock::JournalLock(const std::filesystem::path& file) : m_lock(file.string() + ".lock"), m_target(ownTarget())
{
    const auto start = Clock::now();
    std::chrono::microseconds sleep{1000};
    std::optional<LockMark> seen;
    Clock::time_point since = start; // the present lock has been there at least since then
    for (;;) {
        if (symlink(m_target.c_str(), m_lock.c_str()) == 0) return;
        if (errno != EEXIST) fail(m_lock, "be made");
        const auto now = Clock::now();
        const auto mark = markOf(m_lock);
        if (!mark) continue; // gone in between
        if (!seen || !(*seen == *mark)) {
            seen = mark;
            since = now;
        }
        const auto target = targetOf(m_lock);
        if ((target && ownerIsDead(*target)) || now - since > kStale) {
            takeAway(m_lock, *mark);
            continue;
        }
        if (now - start > kPatience) {
            throw Error(Error::Kind::Io,
                        m_lock.string() + ": found held by " + target.value_or("someone") +
                            " for two minutes, expected it to be let go; take it away if no program uses the file");
        }
        std::this_thread::sleep_for(sleep);
        sleep = std::min<std::chrono::microseconds>(2 * sleep, kLongestSleep);
    }
}

JournalLock::~JournalLock()
{
    // Only our own: someone may have taken it over from us as from the dead, such as after a machine was suspended.
    if (targetOf(m_lock) == m_target) unlink(m_lock.c_str());
}

JournalFile::JournalFile(std::filesystem::path file) : m_file(std::move(file))
{
    const int descriptor = open(m_file.c_str(), O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor < 0) fail(m_file, "be opened for writing");
    close(descriptor);
}

std::vector<std::string> JournalFile::readNew()
{
    const int descriptor = open(m_file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) fail(m_file, "be read");
    std::string text;
    std::vector<char> block(1U << 20U);
    for (;;) {
        const ssize_t length = pread(descriptor, block.data(), block.size(), static_cast<off_t>(m_read + text.size()));
        if (length < 0) {
            close(descriptor);
            fail(m_file, "be read");
        }
        if (length == 0) break;
        text.append(block.data(), static_cast<std::size_t>(length));
    }
    close(descriptor);
    std::vector<std::string> lines;
    std::size_t at = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', at)) {
        lines.emplace_back(text, at, end - at);
        at = end + 1;
    }
    m_read += at; // what has no end yet is read again
    return lines;
}

void JournalFile::append(const std::vector<std::string>& lines)
{
    if (lines.empty()) return;
    const JournalLock lock(m_file);
    const int descriptor = open(m_file.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
    if (descriptor < 0) fail(m_file, "be opened for writing");
    try {
        mendTail(descriptor, m_file);
        const off_t before = lseek(descriptor, 0, SEEK_END);
        const std::string text = padded(lines, static_cast<std::size_t>(before));
        const ssize_t written = write(descriptor, text.data(), text.size());
        if (written != static_cast<ssize_t>(text.size())) {
            const int code = written < 0 ? errno : ENOSPC;
            if (written > 0 && ftruncate(descriptor, before) != 0) fail(m_file, "be mended");
            errno = code;
            fail(m_file, "be written");
        }
        if (fsync(descriptor) != 0) fail(m_file, "be written");
    } catch (...) {
        close(descriptor);
        throw;
    }
    close(descriptor);
}

} // namespace latentoscope
