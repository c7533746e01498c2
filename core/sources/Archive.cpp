#include "core/sources/Archive.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/sources/FileTree.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = std::size_t{1} << 18U;

/// Those that people's archives have; others only widen what damaged files can do.
void takeFilters(archive* reader)
{
    archive_read_support_filter_gzip(reader);
    archive_read_support_filter_xz(reader);
    archive_read_support_filter_bzip2(reader);
    archive_read_support_filter_zstd(reader);
}

std::string reasonOf(archive* reader)
{
    const char* words = archive_error_string(reader);
    return words == nullptr || *words == '\0' ? "it is damaged" : shownText(words);
}

/// Its path's bytes, UTF-8 where the archive says so.
std::string pathOf(archive_entry* entry)
{
    const char* path = archive_entry_pathname_utf8(entry);
    if (path == nullptr) path = archive_entry_pathname(entry);
    return path == nullptr ? std::string() : std::string(path);
}

/// Without "./" in front, as tar writes it.
std::string_view trimmed(std::string_view path)
{
    while (path.starts_with("./")) path.remove_prefix(2);
    return path;
}

bool leadsOut(std::string_view path)
{
    if (path.starts_with('/')) return true;
    while (!path.empty()) {
        const std::string_view part = path.substr(0, path.find('/'));
        if (part == "..") return true;
        path.remove_prefix(std::min(part.size() + 1, path.size()));
    }
    return false;
}

} // namespace

bool isArchiveName(const fs::path& file)
{
    static constexpr std::array<std::string_view, 9> kEndings{".zip",     ".tar",  ".tar.gz",  ".tgz", ".tar.xz",
                                                              ".tar.bz2", ".tbz2", ".tar.zst", ".txz"};
    std::string name = file.filename().string();
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) { return name.ends_with(ending); });
}

void ArchiveReader::Close::operator()(archive* reader) const { archive_read_free(reader); }

ArchiveReader::ArchiveReader(const fs::path& file) : m_file(file), m_archive(archive_read_new())
{
    std::error_code ignored;
    if (!fs::exists(file, ignored)) throw Error(Error::Kind::NotFound, file.string() + ": no such file");
    if (!fs::is_regular_file(file, ignored)) throw Error(Error::Kind::InvalidArgument, file.string() + ": is no regular file");
    m_bytes = fileAt(file).bytes;
    archive* reader = m_archive.get();
    takeFilters(reader);
    archive_read_support_format_tar(reader);
    archive_read_support_format_zip(reader);
    if (archive_read_open_filename(reader, file.c_str(), kBlock) != ARCHIVE_OK) fail("expected a ZIP or TAR archive");
}

void ArchiveReader::fail(const std::string& what) const
{
    throw Error(Error::Kind::CorruptData, m_file.string() + ": " + what + " (" + reasonOf(m_archive.get()) + ")");
}

std::optional<ArchiveReader::Entry> ArchiveReader::next()
{
    for (;;) {
        archive_entry* entry = nullptr;
        const int status = archive_read_next_header(m_archive.get(), &entry);
        if (status == ARCHIVE_EOF) return std::nullopt;
        if (status < ARCHIVE_WARN) fail("the archive cannot be read to its end, expected an intact ZIP or TAR");
        std::string path(trimmed(pathOf(entry)));
        if (path.empty()) continue; // the folder itself
        if (leadsOut(path)) {
            throw Error(Error::Kind::CorruptData, m_file.string() + ": found the path " + shownText(path) +
                                                      ", which leads out of the archive, expected paths below it");
        }
        if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr) continue;
        if (archive_entry_is_encrypted(entry) != 0) {
            throw Error(Error::Kind::CorruptData,
                        m_file.string() + ": " + shownText(path) + " is encrypted, expected an archive without a password");
        }
        return Entry{std::move(path), static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_entry_size(entry)))};
    }
}

void ArchiveReader::read(std::size_t most, std::vector<std::uint8_t>& into)
{
    into.clear();
    while (into.size() < most) {
        const std::size_t before = into.size();
        into.resize(std::min(most, before + kBlock));
        const la_ssize_t got = archive_read_data(m_archive.get(), into.data() + before, into.size() - before);
        if (got < 0) fail("the archive cannot be read to its end, expected an intact one");
        into.resize(before + static_cast<std::size_t>(got));
        if (got == 0) return;
    }
}

std::string ArchiveReader::readText(std::size_t most)
{
    std::string text;
    while (text.size() < most) {
        const std::size_t before = text.size();
        text.resize(std::min(most, before + kBlock));
        const la_ssize_t got = archive_read_data(m_archive.get(), text.data() + before, text.size() - before);
        if (got < 0) fail("the archive cannot be read to its end, expected an intact one");
        text.resize(before + static_cast<std::size_t>(got));
        if (got == 0) break;
    }
    return text;
}

double ArchiveReader::share() const
{
    const auto read = static_cast<double>(archive_filter_bytes(m_archive.get(), -1));
    return m_bytes == 0 ? 1 : std::clamp(read / static_cast<double>(m_bytes), 0.0, 1.0);
}

std::string readUncompressed(const fs::path& file, std::size_t most)
{
    struct Free {
        void operator()(archive* reader) const { archive_read_free(reader); }
    };
    const std::unique_ptr<archive, Free> reader(archive_read_new());
    takeFilters(reader.get());
    archive_read_support_format_raw(reader.get());
    archive_read_support_format_empty(reader.get());
    const auto fail = [&] {
        throw Error(Error::Kind::CorruptData, file.string() + ": cannot be read (" + reasonOf(reader.get()) + ")");
    };
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) throw Error(Error::Kind::NotFound, file.string() + ": no such file");
    archive_entry* entry = nullptr;
    if (archive_read_open_filename(reader.get(), file.c_str(), kBlock) != ARCHIVE_OK) fail();
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) return {};
    if (status < ARCHIVE_WARN) fail();
    std::string text;
    for (;;) {
        const std::size_t before = text.size();
        text.resize(before + kBlock);
        const la_ssize_t got = archive_read_data(reader.get(), text.data() + before, kBlock);
        if (got < 0) fail();
        text.resize(before + static_cast<std::size_t>(got));
        if (got == 0) return text;
        if (text.size() > most) {
            throw Error(Error::Kind::CorruptData, file.string() + ": holds more than " +
                                                      groupedText(static_cast<std::int64_t>(most)) + " bytes, expected fewer");
        }
    }
}

} // namespace latentoscope
