/// Reads ZIP and TAR archives, these also compressed, from their first entry to their last, by libarchive.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct archive;
struct archive_entry;

namespace latentoscope {

/// Whether a file is called as an archive that is read here: .zip, .tar, .tar.gz, .tgz, .tar.xz, .tar.bz2, .tar.zst.
bool isArchiveName(const std::filesystem::path& file);

class ArchiveReader {
public:
    /// A regular file within the archive.
    struct Entry {
        std::string path;        ///< parts joined by '/'
        std::uint64_t bytes = 0; ///< as the archive says
    };

    /// Throws Error(NotFound), Error(Io), or Error(CorruptData) where it is no archive.
    explicit ArchiveReader(const std::filesystem::path& file);

    /// The next regular file; links and folders are passed over; none at the end. Throws Error(CorruptData) where the archive is
    /// damaged or encrypted, or where a path leads out of it.
    std::optional<Entry> next();

    /// At most `most` bytes of the entry that next() gave last, from where it was read to. Throws Error(CorruptData).
    void read(std::size_t most, std::vector<std::uint8_t>& into);
    std::string readText(std::size_t most);

    /// How much of the file has been read, 0 … 1.
    double share() const;

private:
    [[noreturn]] void fail(const std::string& what) const;

    struct Close {
        void operator()(archive* reader) const;
    };
    std::filesystem::path m_file;
    std::uint64_t m_bytes = 0;
    std::unique_ptr<archive, Close> m_archive;
};

/// What a file holds, uncompressed where it is compressed by gzip, xz, bzip2 or zstd. Throws as ArchiveReader, and
/// Error(CorruptData) beyond `most` bytes.
std::string readUncompressed(const std::filesystem::path& file, std::size_t most);

} // namespace latentoscope
