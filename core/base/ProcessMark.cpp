#include "core/base/ProcessMark.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include <unistd.h>

namespace latentoscope {
namespace {

struct Mark {
    std::string host, boot, space, process, start;
};

std::string hostName()
{
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    return name.data();
}

/// The kernel's name for the time since the machine was started. Empty where it has none.
std::string boot()
{
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string text;
    std::getline(file, text);
    return text;
}

/// The namespace of process numbers that this process lives in, "pid[4026531836]". Empty where there is no such thing.
std::string processSpace()
{
    std::error_code missing;
    std::string text = std::filesystem::read_symlink("/proc/self/ns/pid", missing).string();
    if (const std::size_t colon = text.find(':'); colon != std::string::npos) text.erase(colon, 1);
    return text;
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

std::optional<Mark> parsed(const std::string& text)
{
    Mark mark;
    std::size_t at = 0;
    for (std::string* part : {&mark.host, &mark.boot, &mark.space, &mark.process}) {
        const std::size_t end = text.find(':', at);
        if (end == std::string::npos) return std::nullopt;
        *part = text.substr(at, end - at);
        at = end + 1;
    }
    mark.start = text.substr(at);
    if (mark.process.empty() || mark.process.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    return mark;
}

} // namespace

std::string ownProcessMark()
{
    const long process = getpid();
    return hostName() + ":" + boot() + ":" + processSpace() + ":" + std::to_string(process) + ":" + startOf(process);
}

bool isGone(const std::string& text)
{
    const std::optional<Mark> mark = parsed(text);
    if (!mark || mark->host != hostName()) return false;
    if (mark->boot.empty() || mark->boot != boot() || mark->space.empty() || mark->space != processSpace()) return false;
    const std::string start = startOf(std::strtol(mark->process.c_str(), nullptr, 10));
    return start.empty() || start != mark->start;
}

std::string ownerText(const std::string& text)
{
    const std::optional<Mark> mark = parsed(text);
    return mark ? "process " + mark->process + " on " + mark->host : text;
}

} // namespace latentoscope
