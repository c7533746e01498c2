#include "core/base/FileLock.h"

#include "core/base/Error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace latentoscope {

FileLock::FileLock(const std::filesystem::path& file) : m_descriptor(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644))
{
    if (m_descriptor < 0) throw Error(Error::Kind::Io, file.string() + ": cannot be made: " + std::strerror(errno));
    if (flock(m_descriptor, LOCK_EX | LOCK_NB) == 0) return;
    const bool taken = errno == EWOULDBLOCK;
    close(m_descriptor);
    if (taken) {
        throw Error(Error::Kind::Io, file.parent_path().string() +
                                         ": another program is at work there; wait for its end, or choose another folder");
    }
    // Some network file systems know no locks: then nothing keeps two programs apart, as everywhere on them.
    m_descriptor = -1;
}

FileLock::~FileLock()
{
    if (m_descriptor >= 0) close(m_descriptor);
}

} // namespace latentoscope
