#include "core/base/ProcessMark.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

#include <unistd.h>

namespace latentoscope {
namespace {

std::string hostName()
{
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    return name.data();
}

/// When a process of this machine began, in ticks since it was started. Empty where there is no such process.
std::string startOf(long process)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string text;
    std::getline(file, text);
    const std::size_t end = text.rfind(')'); // the name may hold anything
    if (end == std::string::npos) return {};
    std::size_t at = end + 1;
    for (int field = 0; field < 19 && at != std::string::npos; ++field) at = text.find(' ', at + 1);
    if (at == std::string::npos) return {};
    return text.substr(at + 1, text.find(' ', at + 1) - at - 1);
}

} // namespace

std::string ownProcessMark() { return hostName() + ":" + std::to_string(getpid()) + ":" + startOf(getpid()); }

bool isGone(const std::string& mark)
{
    std::array<std::string, 3> parts; // host, process, start
    std::size_t at = 0;
    for (std::string& part : parts) {
        const std::size_t end = std::min(mark.find(':', at), mark.size());
        part = mark.substr(std::min(at, mark.size()), end - std::min(at, end));
        at = end + 1;
    }
    if (parts[0] != hostName() || parts[1].empty()) return false;
    const std::string start = startOf(std::strtol(parts[1].c_str(), nullptr, 10));
    return start.empty() || start != parts[2];
}

} // namespace latentoscope
