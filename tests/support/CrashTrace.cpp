// Linked into every test program: one that crashes, perhaps only once in many runs and on another machine, says where.
#include <execinfo.h>
#include <signal.h>
#include <unistd.h>

#include <array>

namespace {

constexpr int kMostFrames = 64;

extern "C" void traceCrash(int signal)
{
    std::array<void*, kMostFrames> frames{};
    backtrace_symbols_fd(frames.data(), backtrace(frames.data(), kMostFrames), STDERR_FILENO);
    raise(signal); // the handler was for once: now it ends the program as it would have
}

/// Sanitizers say more, with handlers of their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
[[maybe_unused]] const bool kSet = [] {
    std::array<void*, 1> first{};
    backtrace(first.data(), 1); // loads what it needs: within the handler it might not be possible
    struct sigaction action {};
    action.sa_handler = traceCrash;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigaction(signal, &action, nullptr);
    return true;
}();
#endif

} // namespace
