#include "core/sources/PictureSource.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/sources/Archive.h"
#include "core/sources/DecodeImage.h"
#include "core/sources/EachItem.h"
#include "core/sources/ImageHeader.h"

#include <algorithm>
#include <map>
#include <utility>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMostPictureBytes = std::size_t{1} << 30U; ///< of one picture, before it is decoded
constexpr std::size_t kMostTableBytes = std::size_t{1} << 28U;
constexpr std::size_t kRoundBytes = std::size_t{1} << 26U; ///< held in memory at a time
constexpr std::size_t kRoundItems = 1024;

/// What the first reading of the archive found of an entry.
struct Found {
    TreeFile file;
    std::size_t ordinal = 0; ///< which entry it is
    Surveyed surveyed;
};

class ArchiveSource final : public PictureSource {
public:
    ArchiveSource(fs::path file, std::vector<Found> found, const std::optional<std::string>& table) : m_file(std::move(file))
    {
        for (Found& one : found) {
            m_files.push_back(one.file);
            m_ordinals.push_back(one.ordinal);
            m_surveyed.push_back(std::move(one.surveyed));
        }
        m_listing = arrange(m_files, table);
    }

    const Listing& listing() const override { return m_listing; }
    std::string nameOf(std::size_t item) const override { return m_files[m_listing.items[item].file].path; }
    std::string fingerprint() const override { return fingerprintOf({fileAt(m_file)}); }

    std::optional<std::vector<Surveyed>> survey(WorkerPool&, const WorkProgress& progress) override
    {
        std::vector<Surveyed> found;
        for (const ListedItem& item : m_listing.items) found.push_back(m_surveyed[item.file]);
        return progress(1) ? std::optional(std::move(found)) : std::nullopt;
    }

    bool decode(const std::vector<bool>& wanted, WorkerPool& pool, const PictureSink& sink, const WorkProgress& progress) override
    {
        std::map<std::size_t, std::size_t> itemOf; // by the entry's number
        for (std::size_t item = 0; item < wanted.size(); ++item)
            if (wanted[item]) itemOf.emplace(m_ordinals[m_listing.items[item].file], item);
        ArchiveReader archive(m_file);
        std::vector<std::pair<std::size_t, Bytes>> round;
        std::size_t held = 0;
        const auto decodeRound = [&] {
            return eachItem(
                round.size(), pool, [&](double) { return progress(archive.share()); },
                [&](int, std::size_t at) {
                    try {
                        sink.take(round[at].first, decodeImage(round[at].second));
                    } catch (const Error& error) {
                        sink.refuse(round[at].first, error.what());
                    }
                });
        };
        std::size_t ordinal = 0;
        while (!itemOf.empty()) {
            const auto entry = archive.next();
            if (!entry) break;
            const auto item = itemOf.find(ordinal++);
            if (item == itemOf.end()) continue;
            round.emplace_back(item->second, Bytes());
            archive.read(kMostPictureBytes, round.back().second);
            held += round.back().second.size();
            itemOf.erase(item);
            if (held < kRoundBytes && round.size() < kRoundItems) continue;
            if (!decodeRound()) return false;
            round.clear();
            held = 0;
        }
        for (const auto& [number, item] : itemOf) sink.refuse(item, "it is no longer in the archive");
        return decodeRound() && progress(1);
    }

private:
    fs::path m_file;
    std::vector<TreeFile> m_files;       ///< ordered by path
    std::vector<std::size_t> m_ordinals; ///< of each file
    std::vector<Surveyed> m_surveyed;
    Listing m_listing;
};

Surveyed look(ArchiveReader& archive, std::uint64_t bytes)
{
    if (bytes > kMostPictureBytes) {
        return {0, 0, 1, 8,
                "it has " + groupedText(static_cast<std::int64_t>(bytes)) + " bytes, expected at most " +
                    groupedText(static_cast<std::int64_t>(kMostPictureBytes))};
    }
    Bytes begun;
    archive.read(kHeaderBytes, begun);
    if (const auto header = readImageHeader(begun)) return surveyed(*header);
    Bytes rest; // some headers lie behind large comments
    archive.read(kMostPictureBytes, rest);
    begun.insert(begun.end(), rest.begin(), rest.end());
    if (const auto header = readImageHeader(begun)) return surveyed(*header);
    return {0, 0, 1, 8, begun.empty() ? "it is empty" : kNoPicture};
}

} // namespace

std::unique_ptr<PictureSource> openArchive(const fs::path& file, const WorkProgress& progress)
{
    ArchiveReader archive(file);
    std::map<std::string, Found> found; // of two entries of one path the later counts, as when they are unpacked
    std::map<std::string, std::string> tables;
    std::size_t ordinal = 0;
    while (const auto entry = archive.next()) {
        if (!progress(archive.share())) return nullptr;
        const std::size_t number = ordinal++;
        if (isHidden(entry->path)) continue;
        Found one{{entry->path, entry->bytes, 0}, number, {}};
        if (isImageName(entry->path))
            one.surveyed = look(archive, entry->bytes);
        else if (isLabelTable(entry->path))
            tables[entry->path] = archive.readText(kMostTableBytes);
        found[entry->path] = std::move(one);
    }
    std::vector<Found> ordered;
    std::vector<TreeFile> files;
    for (auto& [path, one] : found) {
        files.push_back(one.file);
        ordered.push_back(std::move(one));
    }
    const auto table = labelTableAmong(files);
    return std::make_unique<ArchiveSource>(file, std::move(ordered), table ? std::optional(tables.at(*table)) : std::nullopt);
}

} // namespace latentoscope
