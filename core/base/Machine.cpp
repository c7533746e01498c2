#include "core/base/Machine.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include <sched.h>
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

/// "200000 100000" of cgroup v2's cpu.max: time and period in microseconds. None where it says "max" or is not there.
std::optional<double> share(const std::filesystem::path& file)
{
    std::ifstream text(file);
    double time = 0;
    double period = 0;
    if (!(text >> time >> period) || !(time > 0) || !(period > 0)) return std::nullopt;
    return time / period;
}

/// Of cgroup v1's two files.
std::optional<double> olderShare(const std::filesystem::path& folder)
{
    std::ifstream timeFile(folder / "cpu.cfs_quota_us");
    std::ifstream periodFile(folder / "cpu.cfs_period_us");
    double time = 0;
    double period = 0;
    if (!(timeFile >> time) || !(periodFile >> period) || !(time > 0) || !(period > 0)) return std::nullopt;
    return time / period;
}

/// The least share of this process's control group and those above it, in processors; none where none has a limit.
std::optional<double> groupShare()
{
    std::optional<double> least;
    const auto heed = [&](const std::optional<double>& one) {
        if (one && (!least || *one < *least)) least = one;
    };
    std::ifstream groups("/proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) { // "0::/user.slice/…" or "4:cpu,cpuacct:/…"
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const std::string names = line.substr(first + 1, second - first - 1);
        const std::filesystem::path root = names.empty() ? "/sys/fs/cgroup" : "/sys/fs/cgroup/" + names;
        if (!names.empty() && ("," + names + ",").find(",cpu,") == std::string::npos) continue;
        std::filesystem::path own = line.substr(second + 1);
        for (int up = 0; up < 64; ++up) {
            const std::filesystem::path folder = root / own.relative_path();
            heed(names.empty() ? share(folder / "cpu.max") : olderShare(folder));
            if (!own.has_relative_path()) break;
            own = own.parent_path();
        }
    }
    return least;
}

} // namespace

int processorsAllowed()
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    int count = static_cast<int>(std::thread::hardware_concurrency());
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) count = CPU_COUNT(&allowed);
    if (const auto share = groupShare()) count = std::min(count, static_cast<int>(std::ceil(*share)));
    return std::max(1, count);
}

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
