#include "app/commands/Interrupt.h"

#include <atomic>
#include <csignal>
#include <initializer_list>

namespace latentoscope {
namespace {

std::atomic<int> interruptions{0}; // lock-free, so a handler may touch it, and any thread may ask
static_assert(std::atomic<int>::is_always_lock_free);

/// The first Ctrl+C (or a terminal that closes, or a polite kill) stops the training and keeps what it has; the second ends
/// the program as usual.
void onInterrupt(int signal)
{
    interruptions.fetch_add(1, std::memory_order_relaxed);
    std::signal(signal, SIG_DFL);
}

} // namespace

void watchInterrupts()
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        // nohup and `trap '' HUP` have it ignored: whoever started us wants it so.
        if (std::signal(signal, onInterrupt) == SIG_IGN) std::signal(signal, SIG_IGN);
    }
}

bool interrupted() { return interruptions > 0; }

} // namespace latentoscope
