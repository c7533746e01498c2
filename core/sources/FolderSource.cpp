#include "core/sources/PictureSource.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/FileDescriptor.h"
#include "core/base/WorkerPool.h"
#include "core/sources/DecodeImage.h"
#include "core/sources/EachItem.h"
#include "core/sources/ImageHeader.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

/// At most `most` bytes of a file. Throws Error(Io) with the reason alone.
void readInto(const fs::path& file, std::size_t most, Bytes& bytes)
{
    const FileDescriptor descriptor(
        open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)); // a pipe in its place is no reason to wait
    if (!descriptor.isOpen()) throw Error(Error::Kind::Io, "it cannot be opened: " + std::generic_category().message(errno));
    bytes.resize(most);
    std::size_t length = 0;
    while (length < most) {
        const ssize_t got = read(descriptor.get(), bytes.data() + length, most - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Error(Error::Kind::Io, "it cannot be read: " + std::generic_category().message(errno));
        if (got == 0) break;
        length += static_cast<std::size_t>(got);
    }
    bytes.resize(length);
}

class FolderSource final : public PictureSource {
public:
    explicit FolderSource(fs::path folder) : m_folder(std::move(folder)), m_files(filesBelow(m_folder))
    {
        std::optional<std::string> table;
        if (const auto path = labelTableAmong(m_files)) table = readRegularFile(m_folder / *path);
        m_listing = arrange(m_files, table);
    }

    const Listing& listing() const override { return m_listing; }
    std::string nameOf(std::size_t item) const override { return fileOf(item).path; }

    std::string fingerprint() const override { return fingerprintOf(m_files); }

    std::optional<std::vector<Surveyed>> survey(WorkerPool& pool, const WorkProgress& progress) override
    {
        std::vector<Surveyed> found(m_listing.items.size());
        const bool ended = each(pool, progress, [&](std::size_t item, Bytes& bytes) { found[item] = look(item, bytes); });
        return ended ? std::optional(std::move(found)) : std::nullopt;
    }

    bool decode(const std::vector<bool>& wanted, WorkerPool& pool, const PictureSink& sink, const WorkProgress& progress) override
    {
        return each(pool, progress, [&](std::size_t item, Bytes& bytes) {
            if (!wanted[item]) return;
            try {
                readInto(m_folder / fileOf(item).path, fileOf(item).bytes, bytes);
                sink.take(item, decodeImage(bytes));
            } catch (const Error& error) {
                sink.refuse(item, error.what());
            }
        });
    }

private:
    const TreeFile& fileOf(std::size_t item) const { return m_files[m_listing.items[item].file]; }

    /// By the file's beginning, or the whole file where that does not tell.
    Surveyed look(std::size_t item, Bytes& bytes) const
    {
        const TreeFile& file = fileOf(item);
        try {
            for (const std::size_t most :
                 {std::min<std::size_t>(kHeaderBytes, file.bytes), static_cast<std::size_t>(file.bytes)}) {
                readInto(m_folder / file.path, most, bytes);
                if (const auto header = readImageHeader(bytes)) return surveyed(*header);
                if (most == file.bytes) break;
            }
        } catch (const Error& error) {
            return {0, 0, 1, 8, error.what()};
        }
        return {0, 0, 1, 8, file.bytes == 0 ? "it is empty" : kNoPicture};
    }

    /// Calls work(item, room for bytes) on all threads; whether it was not stopped.
    template <class Work> bool each(WorkerPool& pool, const WorkProgress& progress, const Work& work)
    {
        std::vector<Bytes> room(static_cast<std::size_t>(pool.threads()));
        return eachItem(m_listing.items.size(), pool, progress,
                        [&](int worker, std::size_t item) { work(item, room[static_cast<std::size_t>(worker)]); });
    }

    fs::path m_folder;
    std::vector<TreeFile> m_files;
    Listing m_listing;
};

} // namespace

std::unique_ptr<PictureSource> openFolder(const fs::path& folder) { return std::make_unique<FolderSource>(folder); }

} // namespace latentoscope
