#include "core/base/FileLock.h"

#include "core/base/Error.h"
#include "core/base/ProcessMark.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace latentoscope {
namespace {

/// Whether the name still leads to the open file, which its last holder may have taken away.
bool isAt(int descriptor, const std::filesystem::path& file)
{
    struct stat open {};
    struct stat named {};
    return fstat(descriptor, &open) == 0 && stat(file.c_str(), &named) == 0 && open.st_ino == named.st_ino &&
           open.st_dev == named.st_dev;
}

/// Of the whole file, and of this opening of it rather than of the process: two holders within one program exclude each other.
struct flock wholeFile()
{
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    return whole;
}

std::string holderIn(int descriptor)
{
    std::array<char, 1024> text{};
    const ssize_t length = pread(descriptor, text.data(), text.size(), 0);
    std::string mark(text.data(), static_cast<std::size_t>(std::max<ssize_t>(0, length)));
    while (!mark.empty() && mark.back() == '\n') mark.pop_back();
    if (mark.empty()) return "another program";
    return mark == ownProcessMark() ? std::string(kThisProgram) : ownerText(mark);
}

/// The mark is for people alone: a lock without it holds all the same, so that a full disk keeps nobody from working.
void writeHolder(int descriptor)
{
    const std::string mark = ownProcessMark() + "\n";
    if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, mark.data(), mark.size(), 0) < 0) return;
}

} // namespace

FileLock::FileLock(std::filesystem::path file) : m_file(std::move(file))
{
    for (;;) {
        m_descriptor = FileDescriptor(open(m_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
        if (!m_descriptor.isOpen())
            throw Error(Error::Kind::Io, m_file.string() + ": cannot be made: " + std::generic_category().message(errno));
        struct flock whole = wholeFile();
        if (fcntl(m_descriptor.get(), F_OFD_SETLK, &whole) != 0 && (errno == EAGAIN || errno == EACCES)) {
            throw Error(Error::Kind::Io, m_file.parent_path().string() + ": " + holderIn(m_descriptor.get()) +
                                             " is at work there; wait for its end, or choose another folder");
        }
        if (isAt(m_descriptor.get(), m_file)) {
            writeHolder(m_descriptor.get());
            // Some network file systems know no locks: then nothing keeps two programs apart, as everywhere on them.
            return;
        } // else taken away by its last holder just before it became ours
    }
}

FileLock::~FileLock()
{
    if (isAt(m_descriptor.get(), m_file)) unlink(m_file.c_str());
}

std::optional<std::string> holderOf(const std::filesystem::path& folder)
{
    const FileDescriptor descriptor(open((folder / kFolderLock).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!descriptor.isOpen()) return std::nullopt;
    struct flock whole = wholeFile(); // only asks: whoever takes the lock at this moment gets it
    if (fcntl(descriptor.get(), F_OFD_GETLK, &whole) != 0 || whole.l_type == F_UNLCK) return std::nullopt;
    return holderIn(descriptor.get());
}

} // namespace latentoscope
