/// Where pictures come from: one way in for folders, archives and tables of numbers.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/sources/Listing.h"
#include "core/sources/RawImage.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace latentoscope {

struct ImageHeader;
class WorkerPool;

/// What is known of an item before it is decoded.
struct Surveyed {
    int height = 0;
    int width = 0;
    int channels = 1;
    int bits = 8;
    std::string problem; ///< why it cannot be read; empty: it can, as far as its beginning tells
};

/// By a file's beginning.
Surveyed surveyed(const ImageHeader& header);

/// Told of an item on any thread, of several items at once: decoded, or why not.
struct PictureSink {
    std::function<void(std::size_t item, const RawImage& picture)> take;
    std::function<void(std::size_t item, const std::string& reason)> refuse;
};

/// Items are numbered as in listing(). Nothing is kept in memory but names.
class PictureSource {
public:
    virtual ~PictureSource() = default;

    virtual const Listing& listing() const = 0;
    /// What messages call an item: its path below the source.
    virtual std::string nameOf(std::size_t item) const = 0;
    /// Tells a later opening whether the same would be read: names, sizes and times of all that is read.
    virtual std::string fingerprint() const = 0;
    /// What was chosen, in words; whole once survey() is done.
    virtual std::vector<std::string> notes() const { return {}; }
    /// Of each item; none where `progress` said false.
    virtual std::optional<std::vector<Surveyed>> survey(WorkerPool& pool, const WorkProgress& progress) = 0;
    /// Decodes the items marked in `wanted`. Whether it came to its end.
    virtual bool decode(const std::vector<bool>& wanted, WorkerPool& pool, const PictureSink& sink,
                        const WorkProgress& progress) = 0;
};

/// A folder of pictures, arranged as arrange() says. Throws as filesBelow and arrange.
std::unique_ptr<PictureSource> openFolder(const std::filesystem::path& folder);

/// A ZIP or TAR of pictures, arranged as the same files in a folder would be; nothing is unpacked to disk. Reads all of it once,
/// for names and sizes; null where `progress` said false. Throws as ArchiveReader and arrange.
std::unique_ptr<PictureSource> openArchive(const std::filesystem::path& file, const WorkProgress& progress);

} // namespace latentoscope
