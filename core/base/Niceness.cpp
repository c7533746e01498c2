#include "core/base/Niceness.h"

#include <sys/resource.h>
#include <unistd.h>

namespace latentoscope {

void giveWay(int niceness)
{
    // Linux gives each thread its own niceness, and setpriority on a thread's number changes that one alone.
    if (niceness > 0) setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
}

} // namespace latentoscope
