#include "core/base/Machine.h"

#include <fstream>

#include <sys/utsname.h>

namespace latentoscope {
namespace {

/// What stands behind `name`, blanks and `separator` in the first line that begins with it; empty where no line does.
std::string fieldOf(const char* file, const std::string& name, char separator)
{
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t at = line.find(separator);
        if (!line.starts_with(name) || at == std::string::npos) continue;
        if (line.find_first_not_of(" \t", name.size()) != at) continue;
        std::string value = line.substr(at + 1);
        value.erase(0, value.find_first_not_of(" \t\""));
        value.erase(value.find_last_not_of(" \t\"") + 1);
        return value;
    }
    return {};
}

} // namespace

std::string systemName()
{
    std::string name = fieldOf("/etc/os-release", "PRETTY_NAME", '=');
    utsname kernel{};
    if (uname(&kernel) == 0) name += (name.empty() ? "" : ", ") + std::string(kernel.sysname) + " " + kernel.release;
    return name.empty() ? "unknown" : name;
}

std::string processorName()
{
    const std::string name = fieldOf("/proc/cpuinfo", "model name", ':');
    return name.empty() ? "unknown" : name;
}

} // namespace latentoscope
