#include "core/studies/JournalFile.h"

#include "core/base/Error.h"
#include "core/base/FileDescriptor.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace latentoscope {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what)
{
    const int code = errno;
    throw Error(Error::Kind::Io, file.string() + ": cannot " + what + ": " + std::generic_category().message(code));
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

JournalFile::JournalFile(std::filesystem::path file, Missing missing, std::chrono::milliseconds patience)
    : m_file(std::move(file)), m_patience(patience)
{
    const bool make = missing == Missing::Make;
    const FileDescriptor opened(open(m_file.c_str(), (make ? O_CREAT | O_RDWR | O_APPEND : O_RDONLY) | O_CLOEXEC, 0666));
    if (!opened.isOpen()) fail(m_file, make ? "be opened for writing" : "be read");
    if (make) sweepOwners(m_file);
}

std::vector<std::string> JournalFile::readNew()
{
    const FileDescriptor descriptor(open(m_file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor.isOpen()) fail(m_file, "be read");
    std::string text;
    std::vector<char> block(1U << 20U);
    for (;;) {
        const ssize_t length = pread(descriptor.get(), block.data(), block.size(), static_cast<off_t>(m_read + text.size()));
        if (length < 0 && errno == EINTR) continue;
        if (length < 0) fail(m_file, "be read");
        if (length == 0) break;
        text.append(block.data(), static_cast<std::size_t>(length));
    }
    std::vector<std::string> lines;
    std::size_t at = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', at)) {
        lines.emplace_back(text, at, end - at);
        at = end + 1;
    }
    m_read += at; // what has no end yet is read again
    return lines;
}

bool JournalFile::append(const std::vector<std::string>& lines, Unread unread)
{
    if (lines.empty()) return true;
    const JournalLock lock(m_file, m_patience);
    const FileDescriptor descriptor(open(m_file.c_str(), O_RDWR | O_APPEND | O_CLOEXEC));
    if (!descriptor.isOpen()) fail(m_file, "be opened for writing");
    mendTail(descriptor.get(), m_file);
    const off_t before = lseek(descriptor.get(), 0, SEEK_END);
    if (unread == Unread::Refuse && before != static_cast<off_t>(m_read)) {
        if (before < static_cast<off_t>(m_read)) {
            throw Error(Error::Kind::CorruptData, m_file.string() + ": found it shorter than when it was read last; someone "
                                                                    "has replaced it, so begin again");
        }
        return false;
    }
    const std::string text = padded(lines, static_cast<std::size_t>(before));
    const ssize_t written = write(descriptor.get(), text.data(), text.size());
    if (written != static_cast<ssize_t>(text.size())) {
        const int code = written < 0 ? errno : ENOSPC;
        if (written > 0 && ftruncate(descriptor.get(), before) != 0) fail(m_file, "be mended");
        errno = code;
        fail(m_file, "be written");
    }
    if (fsync(descriptor.get()) != 0) fail(m_file, "be written");
    return true;
}

} // namespace latentoscope
