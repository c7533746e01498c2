#include "core/base/AtomicFile.h"

#include "core/base/Error.h"
#include "core/base/FileDescriptor.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace latentoscope {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const char* doing)
{
    throw Error(Error::Kind::Io, file.string() + ": cannot " + doing + ": " + std::generic_category().message(errno));
}

void writeAll(const FileDescriptor& descriptor, std::string_view bytes, const std::filesystem::path& file)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(file, "write");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void syncFolder(const std::filesystem::path& folder)
{
    const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot sync a folder and say so with EINVAL; then there is nothing more to be done.
    if (!descriptor.isOpen() || (::fsync(descriptor.get()) != 0 && errno != EINVAL)) fail(folder, "sync the folder");
}

/// Where a chain of links leads, be it to nothing yet.
std::filesystem::path followed(std::filesystem::path file)
{
    constexpr int kMostLinks = 40; // as the kernel's own limit
    for (int link = 0; link < kMostLinks; ++link) {
        std::error_code error;
        const std::filesystem::path target = std::filesystem::read_symlink(file, error);
        if (error) return file;
        file = file.parent_path() / target; // an absolute target replaces all of it
    }
    return file;
}

/// The NAME of ".NAME.PROCESS-NUMBER", as writeFileAtomically names what it writes first; empty where it is none.
std::string_view temporaryOf(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    if (!name.starts_with('.') || dot == 0 || dot == std::string_view::npos) return {};
    const std::string_view mark = name.substr(dot + 1);
    const std::size_t dash = mark.find('-');
    const auto digits = [](std::string_view text) {
        return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    };
    const bool marked = dash != std::string_view::npos && digits(mark.substr(0, dash)) && digits(mark.substr(dash + 1));
    return marked ? name.substr(1, dot - 1) : std::string_view();
}

/// Takes away what was to become `file`; every one in the folder where that is empty.
void sweep(const std::filesystem::path& folder, std::string_view file) noexcept
{
    std::error_code error;
    std::vector<std::filesystem::path> found;
    for (auto entry = std::filesystem::directory_iterator(folder, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const std::string_view wanted = temporaryOf(name);
        if (!wanted.empty() && (file.empty() || wanted == file)) found.push_back(entry->path());
    }
    for (const std::filesystem::path& temporary : found) std::filesystem::remove(temporary, error);
}

void writeInto(const std::filesystem::path& file, std::string_view bytes)
{
    FileDescriptor descriptor(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (!descriptor.isOpen()) fail(file, "open for writing");
    writeAll(descriptor, bytes, file);
    if (!descriptor.close()) fail(file, "close");
}

} // namespace

void writeFileAtomically(const std::filesystem::path& named, std::string_view bytes)
{
    const std::filesystem::path file = followed(named);
    std::error_code ignored;
    if (const auto type = std::filesystem::status(file, ignored).type();
        type == std::filesystem::file_type::fifo || type == std::filesystem::file_type::character ||
        type == std::filesystem::file_type::block || type == std::filesystem::file_type::socket) {
        return writeInto(file, bytes);
    }
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    // The process and a counter make the name unique, and open() itself applies the person's umask.
    static std::atomic<unsigned> counter{0};
    const std::string temporary =
        (folder / ("." + file.filename().string() + "." + std::to_string(::getpid()) + "-" + std::to_string(counter++))).string();
    FileDescriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!descriptor.isOpen()) fail(file, "make a file beside it");
    try {
        writeAll(descriptor, bytes, file);
        if (::fsync(descriptor.get()) != 0) fail(file, "sync");
        if (!descriptor.close()) fail(file, "close");
        if (::rename(temporary.c_str(), file.c_str()) != 0) fail(file, "rename the new file");
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
    syncFolder(folder);
}

void sweepTemporaries(const std::filesystem::path& file) noexcept { sweep(file.parent_path(), file.filename().string()); }

bool isTemporary(const std::filesystem::path& file) { return !temporaryOf(file.filename().string()).empty(); }

void sweepTemporariesIn(const std::filesystem::path& folder) noexcept { sweep(folder, {}); }

void appendToFile(const std::filesystem::path& file, std::string_view bytes)
{
    FileDescriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    if (!descriptor.isOpen()) fail(file, "open for appending");
    const off_t before = ::lseek(descriptor.get(), 0, SEEK_END);
    try {
        writeAll(descriptor, bytes, file);
    } catch (...) {
        // A line that the disk had room for in part would spoil the next one.
        if (before >= 0 && ::ftruncate(descriptor.get(), before) != 0) throw;
        throw;
    }
    if (!descriptor.close()) fail(file, "close");
}

std::string readFile(const std::filesystem::path& file)
{
    const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor.isOpen()) {
        if (errno == ENOENT || errno == ENOTDIR) throw Error(Error::Kind::NotFound, file.string() + ": no such file");
        fail(file, "open");
    }
    std::string bytes;
    char buffer[1 << 16];
    for (;;) {
        const ssize_t got = ::read(descriptor.get(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(file, "read");
        if (got == 0) return bytes;
        bytes.append(buffer, static_cast<std::size_t>(got));
    }
}

std::string readRegularFile(const std::filesystem::path& file)
{
    std::error_code missing; // reading says so
    const auto type = std::filesystem::status(file, missing).type();
    if (!missing && type != std::filesystem::file_type::regular && type != std::filesystem::file_type::not_found)
        throw Error(Error::Kind::CorruptData, file.string() + ": is no regular file, expected one");
    return readFile(file);
}

} // namespace latentoscope
