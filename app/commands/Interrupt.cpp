#include "app/commands/Interrupt.h"

#include <csignal>
#include <initializer_list>

namespace latentoscope {
namespace {

volatile std::sig_atomic_t interruptions = 0;

/// The first Ctrl+C (or a terminal that closes, or a polite kill) stops the training and keeps what it has; the second ends
/// the program as usual.
void onInterrupt(int signal)
{
    interruptions = interruptions + 1;
    std::signal(signal, SIG_DFL);
}

} // namespace

void watchInterrupts()
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, onInterrupt);
}

bool interrupted() { return interruptions > 0; }

} // namespace latentoscope
