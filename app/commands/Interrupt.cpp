#include "app/commands/Interrupt.h"

#include "core/base/Error.h"
#include "core/base/FileDescriptor.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <initializer_list>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace latentoscope {
namespace {

/// Never destroyed: the thread below may ask it while the program ends.
std::stop_source& source()
{
    static auto& source = *new std::stop_source;
    return source;
}

volatile std::sig_atomic_t writingEnd = -1; // of a pipe: a handler may write to it, but not ask a stop_source

/// The first Ctrl+C (or a terminal that closes, or a polite kill) stops the training and keeps what it has; the second ends
/// the program as usual.
void onInterrupt(int signal)
{
    const int known = errno;
    const char any = 0;
    if (write(writingEnd, &any, 1) < 0) _exit(128 + signal); // nobody would hear of it
    std::signal(signal, SIG_DFL);
    errno = known;
}

/// Asks all work to stop once the handler has written. Not joined: it waits as long as the program runs.
void waitForInterrupt(FileDescriptor readingEnd)
{
    char any = 0;
    while (read(readingEnd.get(), &any, 1) < 0 && errno == EINTR) {
    }
    source().request_stop();
}

void startListening()
{
    int ends[2]{};
    if (pipe2(ends, O_CLOEXEC) != 0)
        throw Error(Error::Kind::Io, std::string("Ctrl+C cannot be watched for: ") + std::generic_category().message(errno));
    FileDescriptor reading(ends[0]);
    try {
        std::thread(waitForInterrupt, std::move(reading)).detach();
    } catch (const std::system_error& error) {
        close(ends[1]);
        throw Error(Error::Kind::Io, std::string("Ctrl+C cannot be watched for: ") + error.what());
    }
    writingEnd = ends[1];
}

} // namespace

void watchInterrupts()
{
    if (writingEnd < 0) startListening();
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        // nohup and `trap '' HUP` have it ignored: whoever started us wants it so.
        if (std::signal(signal, onInterrupt) == SIG_IGN) std::signal(signal, SIG_IGN);
    }
}

std::stop_token interruption() { return source().get_token(); }

} // namespace latentoscope
