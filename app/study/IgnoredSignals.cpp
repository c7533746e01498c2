#include "app/study/IgnoredSignals.h"

#include "core/base/Text.h"

#include <csignal>
#include <cstdlib>
#include <string>

namespace latentoscope {
namespace {

constexpr const char* kVariable = "LATENTOSCOPE_IGNORED_SIGNALS";

} // namespace

// NOLINTBEGIN(concurrency-mt-unsafe): no other thread runs yet
void rememberIgnoredSignals()
{
    std::string ignored;
    for (const int signal : {SIGHUP, SIGINT, SIGTERM}) {
        struct sigaction now {};
        if (sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN)
            ignored += (ignored.empty() ? "" : ",") + std::to_string(signal);
    }
    if (!ignored.empty()) setenv(kVariable, ignored.c_str(), 1);
}

void ignoreRememberedSignals()
{
    const char* ignored = std::getenv(kVariable);
    if (ignored == nullptr) return;
    for (const std::string& cell : cellsOf(ignored)) {
        const auto signal = parseInteger(cell);
        if (signal && (*signal == SIGHUP || *signal == SIGINT || *signal == SIGTERM))
            std::signal(static_cast<int>(*signal), SIG_IGN);
    }
    unsetenv(kVariable);
}
// NOLINTEND(concurrency-mt-unsafe)

} // namespace latentoscope
