#include "core/sources/FileTree.h"

#include "core/base/Digest.h"
#include "core/base/Error.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <set>
#include <system_error>
#include <utility>

#include <sys/stat.h>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNanoseconds = 1'000'000'000;

/// What a file is, whatever it is called: two names of one folder have the same.
using Identity = std::pair<dev_t, ino_t>;

TreeFile treeFile(const std::string& path, const struct stat& status)
{
    return {path, static_cast<std::uint64_t>(status.st_size), status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec};
}

class Walk {
public:
    explicit Walk(fs::path root) : m_root(std::move(root)) {}

    std::vector<TreeFile> files()
    {
        struct stat status {};
        if (stat(m_root.c_str(), &status) == 0) m_seen.emplace(status.st_dev, status.st_ino);
        enter(m_root, "");
        std::sort(m_files.begin(), m_files.end(), [](const TreeFile& a, const TreeFile& b) { return a.path < b.path; });
        return std::move(m_files);
    }

private:
    void enter(const fs::path& folder, const std::string& prefix)
    {
        std::error_code error;
        fs::directory_iterator entries(folder, error);
        if (error) throw Error(Error::Kind::Io, folder.string() + ": cannot be read: " + error.message());
        for (const fs::directory_entry& entry : entries) {
            const std::string name = entry.path().filename().string();
            if (isHidden(name)) continue;
            struct stat status {};
            if (stat(entry.path().c_str(), &status) != 0) continue; // a link to nothing, or gone since
            if (S_ISDIR(status.st_mode)) {
                if (m_seen.emplace(status.st_dev, status.st_ino).second) enter(entry.path(), prefix + name + "/");
            } else if (S_ISREG(status.st_mode)) {
                m_files.push_back(treeFile(prefix + name, status));
            }
        }
    }

    fs::path m_root;
    std::set<Identity> m_seen;
    std::vector<TreeFile> m_files;
};

} // namespace

std::vector<TreeFile> filesBelow(const fs::path& folder)
{
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) throw Error(Error::Kind::NotFound, folder.string() + ": no such folder");
    return Walk(folder).files();
}

bool isHidden(std::string_view path)
{
    while (!path.empty()) {
        const std::string_view part = path.substr(0, path.find('/'));
        if (part.starts_with('.') || part == "__MACOSX") return true;
        path.remove_prefix(std::min(part.size() + 1, path.size()));
    }
    return false;
}

TreeFile fileAt(const fs::path& file)
{
    struct stat status {};
    if (stat(file.c_str(), &status) != 0)
        throw Error(Error::Kind::Io, file.string() + ": cannot be looked at: " + std::generic_category().message(errno));
    return treeFile(file.filename().string(), status);
}

std::string fingerprintOf(const std::vector<TreeFile>& files)
{
    Digest digest(Digest::Algorithm::Sha256);
    for (const TreeFile& file : files) {
        const std::string line = file.path + '\0' + std::to_string(file.bytes) + ' ' + std::to_string(file.changed) + '\n';
        digest.add({reinterpret_cast<const std::uint8_t*>(line.data()), line.size()});
    }
    return digest.hexadecimal();
}

} // namespace latentoscope
