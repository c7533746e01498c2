#include "core/data/IdxFile.h"

#include "core/base/AtomicFile.h"
#include "core/base/Digest.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/data/ImageSet.h"

#include <algorithm>
#include <array>
#include <cstdio>
#define ZLIB_CONST // next_in takes const bytes
#include <zlib.h>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;

constexpr int kSmallestSide = 8;
constexpr int kLargestSide = 256;
constexpr std::int64_t kMostItems = 100'000'000;
constexpr std::size_t kChunk = std::size_t{1} << 20U;

[[noreturn]] void corrupt(const fs::path& file, const std::string& sentence)
{
    throw Error(Error::Kind::CorruptData, file.string() + ": " + sentence);
}

/// Uncompressed bytes of a stored file, handed out piece by piece.
class Inflater {
public:
    Inflater(const fs::path& file, std::string_view stored) : m_file(file), m_rest(stored)
    {
        constexpr int kGzipOnly = 16 + MAX_WBITS;
        if (inflateInit2(&m_stream, kGzipOnly) != Z_OK) corrupt(file, "zlib could not be started");
    }
    ~Inflater() { inflateEnd(&m_stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Fills `into` as far as there is anything; returns the bytes written, fewer only at the end.
    std::size_t read(std::span<std::uint8_t> into)
    {
        m_stream.next_out = into.data();
        m_stream.avail_out = static_cast<uInt>(into.size());
        while (m_stream.avail_out > 0 && !m_ended) {
            feed();
            const int result = inflate(&m_stream, Z_NO_FLUSH);
            if (result == Z_STREAM_END) {
                nextMember();
            } else if (result == Z_BUF_ERROR ||
                       (result == Z_OK && m_stream.avail_in == 0 && m_rest.empty() && m_stream.avail_out > 0)) {
                corrupt(m_file,
                        "the gzip stream ends early, expected its closing checksum; the file is truncated, fetch it again");
            } else if (result != Z_OK) {
                corrupt(m_file, std::string("damaged gzip data (") + (m_stream.msg != nullptr ? m_stream.msg : "unknown") +
                                    "), expected an intact gzip file; fetch it again");
            }
        }
        return into.size() - m_stream.avail_out;
    }

private:
    /// zlib counts in 32 bits; a file may be longer.
    void feed()
    {
        constexpr std::size_t kMost = std::size_t{1} << 30U;
        if (m_stream.avail_in > 0 || m_rest.empty()) return;
        const std::size_t count = std::min(m_rest.size(), kMost);
        m_stream.next_in = reinterpret_cast<const Bytef*>(m_rest.data());
        m_stream.avail_in = static_cast<uInt>(count);
        m_rest.remove_prefix(count);
    }
    /// A gzip file is one or more streams, one after the other.
    void nextMember()
    {
        feed();
        if (m_stream.avail_in == 0) {
            m_ended = true;
            return;
        }
        if (m_stream.next_in[0] != 0x1f && onlyZeros()) { // padding, as tapes and some uploads add it, and gzip passes over
            m_ended = true;
            return;
        }
        if (m_stream.next_in[0] != 0x1f) {
            corrupt(m_file, "goes on for " + groupedText(static_cast<std::int64_t>(m_stream.avail_in + m_rest.size())) +
                                " bytes after its gzip data, expected the end of the file or more gzip data");
        }
        inflateReset(&m_stream);
    }

    /// Of all that is left.
    bool onlyZeros() const
    {
        const auto isZero = [](auto byte) { return byte == 0; };
        return std::all_of(m_stream.next_in, m_stream.next_in + m_stream.avail_in, isZero) &&
               std::all_of(m_rest.begin(), m_rest.end(), isZero);
    }

    const fs::path& m_file;
    std::string_view m_rest; ///< what zlib has not been given yet
    z_stream m_stream{};
    bool m_ended = false;
};

/// The stored bytes as they are.
class PlainReader {
public:
    explicit PlainReader(std::string_view stored) : m_rest(stored) {}
    std::size_t read(std::span<std::uint8_t> into)
    {
        const std::size_t count = std::min(into.size(), m_rest.size());
        std::copy_n(m_rest.begin(), count, into.begin());
        m_rest.remove_prefix(count);
        return count;
    }

private:
    std::string_view m_rest;
};

std::string sizesText(const std::vector<std::int64_t>& sizes)
{
    std::vector<std::string> parts;
    for (const std::int64_t size : sizes) parts.push_back(std::to_string(size));
    return joined(parts, " x ");
}

const char* elementTypeName(std::uint8_t code)
{
    switch (code) {
    case 0x09:
        return "signed bytes";
    case 0x0B:
        return "16-bit integers";
    case 0x0C:
        return "32-bit integers";
    case 0x0D:
        return "32-bit floats";
    case 0x0E:
        return "64-bit floats";
    default:
        return "an unknown element type";
    }
}

enum class Content { Images, Labels };

void checkMagic(const fs::path& file, const std::array<std::uint8_t, 4>& magic, Content content)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%02x %02x %02x %02x", magic[0], magic[1], magic[2], magic[3]);
    const std::string found = text.data();
    if (magic[0] != 0 || magic[1] != 0) {
        corrupt(file, "begins with " + found + ", expected 00 00 08 and the number of sizes; this is no IDX file");
    }
    if (magic[2] != 0x08) {
        corrupt(file,
                std::string("holds ") + elementTypeName(magic[2]) + " (" + found + "), expected unsigned bytes (00 00 08 ..)");
    }
    const bool fits = content == Content::Labels ? magic[3] == 1 : (magic[3] == 3 || magic[3] == 4);
    if (!fits) {
        corrupt(file, "has " + std::to_string(magic[3]) + " sizes, expected " +
                          (content == Content::Labels ? "1 (labels)" : "3 (grey images) or 4 (colour images)"));
    }
}

void checkSizes(const fs::path& file, const std::vector<std::int64_t>& sizes)
{
    const char* noun = sizes.size() == 1 ? "labels" : "images";
    if (sizes[0] == 0) corrupt(file, std::string("holds 0 ") + noun + ", expected at least 1");
    if (sizes[0] > kMostItems) {
        corrupt(file,
                "its header claims " + groupedText(sizes[0]) + " " + noun + ", expected at most " + groupedText(kMostItems));
    }
    if (sizes.size() == 1) return;
    for (const std::int64_t side : {sizes[1], sizes[2]}) {
        if (side < kSmallestSide || side > kLargestSide) {
            corrupt(file, "its header claims images of " + sizesText({sizes.begin() + 1, sizes.end()}) +
                              ", expected sides from " + std::to_string(kSmallestSide) + " to " + std::to_string(kLargestSide));
        }
    }
    if (sizes.size() == 4 && sizes[3] != 3) {
        corrupt(file, "its fourth size is " + std::to_string(sizes[3]) + ", expected 3 (colour, channel last)");
    }
}

/// Reads header and values from either kind of reader.
template <class Reader> IdxArray readArray(const fs::path& file, Reader&& reader, Content content)
{
    Digest digest(Digest::Algorithm::Md5);
    const auto readHeader = [&](std::span<std::uint8_t> into) {
        const std::size_t got = reader.read(into);
        digest.add(into.first(got));
        if (got != into.size()) {
            corrupt(file, "ends within its header after " + std::to_string(got) + " of " + std::to_string(into.size()) +
                              " bytes, expected a whole IDX header; the file is truncated");
        }
    };
    std::array<std::uint8_t, 4> magic{};
    readHeader(magic);
    checkMagic(file, magic, content);
    std::vector<std::int64_t> sizes;
    for (int i = 0; i < magic[3]; ++i) {
        std::array<std::uint8_t, 4> b{};
        readHeader(b);
        sizes.push_back((std::int64_t{b[0]} << 24) | (std::int64_t{b[1]} << 16) | (std::int64_t{b[2]} << 8) | std::int64_t{b[3]});
    }
    checkSizes(file, sizes);

    std::size_t expected = 1;
    for (const std::int64_t size : sizes) expected *= static_cast<std::size_t>(size); // ≤ 1e8 · 256 · 256 · 3: no overflow

    IdxArray array;
    while (array.values.size() < expected) {
        const std::size_t had = array.values.size();
        const std::size_t want = std::min(expected - had, std::max(kChunk, had));
        array.values.resize(had + want);
        const std::size_t got = reader.read(std::span(array.values).subspan(had));
        digest.add(std::span(array.values).subspan(had, got));
        if (got < want) {
            corrupt(file, "holds " + groupedText(static_cast<std::int64_t>(had + got)) + " bytes of data, expected " +
                              groupedText(static_cast<std::int64_t>(expected)) + " for " + sizesText(sizes) +
                              "; the file is truncated or its header is wrong");
        }
    }
    std::array<std::uint8_t, 1> surplus{};
    if (reader.read(surplus) != 0) {
        corrupt(file, "goes on after the " + groupedText(static_cast<std::int64_t>(expected)) +
                          " bytes of data its header announces (" + sizesText(sizes) + "), expected the end of the file");
    }
    for (const std::int64_t size : sizes) array.sizes.push_back(static_cast<int>(size));
    array.contentMd5 = digest.hexadecimal();
    return array;
}

IdxArray readIdx(const fs::path& file, Content content)
{
    std::error_code unknown; // a folder that may not be looked into: reading says so
    if (fs::is_directory(file, unknown)) corrupt(file, "is a folder, expected an IDX file");
    if (fs::exists(file, unknown) && !fs::is_regular_file(file, unknown))
        corrupt(file, "is a pipe or device, expected an IDX file");
    const std::string stored = readFile(file);
    const bool gzip = stored.size() >= 2 && stored[0] == '\x1f' && stored[1] == '\x8b';
    if (!gzip && file.extension() == ".gz") {
        corrupt(file, stored.empty() ? "is empty, expected gzip data"
                                     : "is not gzip data although its name says so, expected it to begin with 1f 8b");
    }
    IdxArray array = gzip ? readArray(file, Inflater(file, stored), content) : readArray(file, PlainReader(stored), content);
    Digest digest(Digest::Algorithm::Md5);
    digest.add({reinterpret_cast<const std::uint8_t*>(stored.data()), stored.size()});
    array.storedMd5 = digest.hexadecimal();
    return array;
}

} // namespace

IdxArray readIdxImages(const fs::path& file) { return readIdx(file, Content::Images); }

IdxArray readIdxLabels(const fs::path& file) { return readIdx(file, Content::Labels); }

namespace {

std::string idxBytes(const std::vector<int>& sizes, const auto& values)
{
    constexpr char kUnsignedBytes = 8;
    std::string bytes{'\0', '\0', kUnsignedBytes, static_cast<char>(sizes.size())};
    for (const int size : sizes)
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes += static_cast<char>((static_cast<std::uint32_t>(size) >> shift) & 0xFFU);
    for (const auto value : values) bytes += static_cast<char>(value);
    return bytes;
}

} // namespace

std::string idxImages(const ImageSet& set)
{
    std::vector<int> sizes{set.count(), set.shape.height, set.shape.width};
    if (set.shape.channels > 1) sizes.push_back(set.shape.channels);
    return idxBytes(sizes, set.pixels);
}

std::string idxLabels(const ImageSet& set) { return idxBytes({set.count()}, set.labels); }

} // namespace latentoscope
