#include "app/study/Ending.h"

#include "core/base/Error.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <new>
#include <system_error>

#include <unistd.h>

namespace latentoscope {
namespace {

/// A line break in a path must neither end the sentence nor make a second line of it.
std::string oneLine(const std::string& text)
{
    std::string line;
    for (const char c : text) line += c == '\n' ? "\\n" : c == '\r' ? "\\r" : std::string(1, c);
    return line;
}

/// torch's own messages go on with a stack trace.
std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

/// What a command printed is part of what it did: where that is lost, it has failed.
int written(int code)
{
    const bool lost = !std::cout.flush() || std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
    if (!lost) return code;
    // The reason has been forgotten since: whatever was called meanwhile had errors of its own.
    errno = 0;
    const bool again = write(STDOUT_FILENO, "\n", 1) == 1;
    if (!again && errno == EPIPE) return code; // `| head`: the reader has had enough
    return fail("standard output: cannot be written" +
                    (again ? std::string() : " (" + std::generic_category().message(errno) + ")") +
                    "; what the command printed is lost, its files are there",
                kExitFailed);
}

} // namespace

int fail(const std::string& sentence, int code)
{
    std::cerr << "latentoscope: " << oneLine(sentence) << '\n';
    return code;
}

int endingOf(const std::function<int()>& command)
{
    std::signal(SIGPIPE, SIG_IGN); // whoever reads us may go; a training goes on
    try {
        return written(command());
    } catch (const Error& error) {
        return fail(error.what(), error.kind() == Error::Kind::InvalidArgument ? kExitUsage : kExitFailed);
    } catch (const std::bad_alloc&) {
        return fail(
            "out of memory; close other programs, ask for less at a time (a smaller --count, fewer points), or, where it trains, "
            "use a smaller training.batch_size, training.shard_size or model.channels",
            kExitFailed);
    } catch (const std::exception& error) {
        return fail(firstLine(error.what()), kExitFailed);
    }
}

} // namespace latentoscope
