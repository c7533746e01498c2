#include "core/sources/ImageHeader.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace latentoscope {
namespace {

using Bytes = std::span<const std::uint8_t>;

bool begins(Bytes bytes, std::string_view with)
{
    return bytes.size() >= with.size() && std::equal(with.begin(), with.end(), bytes.begin(),
                                                     [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

std::int64_t bigEndian(Bytes bytes, std::size_t at, int count)
{
    std::int64_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 8 | bytes[at + static_cast<std::size_t>(i)];
    return value;
}

std::int64_t littleEndian(Bytes bytes, std::size_t at, int count)
{
    std::int64_t value = 0;
    for (int i = count - 1; i >= 0; --i) value = value << 8 | bytes[at + static_cast<std::size_t>(i)];
    return value;
}

std::optional<ImageHeader> readPng(Bytes bytes)
{
    if (bytes.size() < 26) return std::nullopt;
    return ImageHeader{"PNG", bigEndian(bytes, 16, 4), bigEndian(bytes, 20, 4), bytes[24],
                       bytes[25] == 0 || bytes[25] == 4 ? 1 : 3}; // grey, grey with alpha
}

/// Goes from segment to segment to the one that begins a frame.
std::optional<ImageHeader> readJpeg(Bytes bytes)
{
    std::size_t at = 2;
    while (at + 10 <= bytes.size()) {
        if (bytes[at] != 0xFF) return std::nullopt;
        const int marker = bytes[at + 1];
        if (marker == 0xFF) { // fill bytes
            ++at;
            continue;
        }
        const bool startsFrame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (startsFrame)
            return ImageHeader{"JPEG", bigEndian(bytes, at + 7, 2), bigEndian(bytes, at + 5, 2), bytes[at + 4],
                               bytes[at + 9] == 1 ? 1 : 3};
        if (marker == 0xDA || marker == 0xD9) return std::nullopt; // the picture itself, or its end
        at += 2 + static_cast<std::size_t>(bigEndian(bytes, at + 2, 2));
    }
    return std::nullopt;
}

/// Whether a bitmap of so many bits a pixel has a palette, and only greys in it.
bool hasGreyPalette(Bytes bytes, std::size_t at, int bitsPerPixel)
{
    if (bitsPerPixel > 8) return false;
    const std::size_t colours = std::size_t{1} << bitsPerPixel;
    for (std::size_t i = 0; i < colours && at + 4 * i + 3 <= bytes.size(); ++i) {
        const std::size_t entry = at + 4 * i;
        if (bytes[entry] != bytes[entry + 1] || bytes[entry] != bytes[entry + 2]) return false;
    }
    return true;
}

std::optional<ImageHeader> readBmp(Bytes bytes)
{
    if (bytes.size() < 30) return std::nullopt;
    const auto length = static_cast<std::size_t>(littleEndian(bytes, 14, 4));
    if (length == 12) return ImageHeader{"BMP", littleEndian(bytes, 18, 2), littleEndian(bytes, 20, 2)};
    const auto height = static_cast<std::int32_t>(littleEndian(bytes, 22, 4)); // below 0: from the top
    return ImageHeader{"BMP", littleEndian(bytes, 18, 4), height < 0 ? -std::int64_t{height} : std::int64_t{height}, 8,
                       hasGreyPalette(bytes, 14 + length, static_cast<int>(littleEndian(bytes, 28, 2))) ? 1 : 3};
}

/// "P5 width height maximum", with comments anywhere between.
std::optional<ImageHeader> readPnm(Bytes bytes)
{
    const int kind = bytes[1] - '0';
    const std::size_t wanted = kind == 1 || kind == 4 ? 2 : 3;
    std::array<std::int64_t, 3> numbers{};
    std::size_t at = 2, found = 0;
    while (found < wanted && at < bytes.size()) {
        if (bytes[at] == '#') {
            while (at < bytes.size() && bytes[at] != '\n') ++at;
        } else if (std::isspace(bytes[at]) != 0) {
            ++at;
        } else if (std::isdigit(bytes[at]) != 0) {
            while (at < bytes.size() && std::isdigit(bytes[at]) != 0 && numbers[found] < 1'000'000'000)
                numbers[found] = numbers[found] * 10 + (bytes[at++] - '0');
            ++found;
        } else {
            return std::nullopt;
        }
    }
    if (found < wanted || at >= bytes.size()) return std::nullopt;
    return ImageHeader{"PNM", numbers[0], numbers[1],
                       wanted == 2        ? 1
                       : numbers[2] > 255 ? 16
                                          : 8,
                       kind == 3 || kind == 6 ? 3 : 1};
}

/// The first directory of a TIFF: width, height and bits are tags 256, 257 and 258, how colours are meant 262, values a
/// pixel 277.
std::optional<ImageHeader> readTiff(Bytes bytes)
{
    const bool little = bytes[0] == 'I';
    const auto number = [&](std::size_t at, int count) {
        return little ? littleEndian(bytes, at, count) : bigEndian(bytes, at, count);
    };
    if (bytes.size() < 8) return std::nullopt;
    const auto directory = static_cast<std::size_t>(number(4, 4));
    if (directory + 2 > bytes.size()) return std::nullopt;
    ImageHeader header{"TIFF"};
    header.channels = 1;
    std::int64_t samples = 1, photometric = 1;
    const std::int64_t entries = number(directory, 2);
    for (std::int64_t i = 0; i < entries; ++i) {
        const std::size_t at = directory + 2 + static_cast<std::size_t>(i) * 12;
        if (at + 12 > bytes.size()) return std::nullopt;
        const std::int64_t tag = number(at, 2);
        const int size = number(at + 2, 2) == 3 ? 2 : 4; // a short or a long
        if (tag == 256) header.width = number(at + 8, size);
        if (tag == 257) header.height = number(at + 8, size);
        if (tag == 262) photometric = number(at + 8, size);
        if (tag == 277) samples = number(at + 8, size);
        if (tag == 258 && number(at + 4, 4) == 1) header.bits = static_cast<int>(number(at + 8, size));
    }
    if (header.width == 0 || header.height == 0) return std::nullopt;
    if (samples > 2 || photometric == 3) header.channels = 3; // 3: a palette
    return header;
}

std::optional<ImageHeader> readWebp(Bytes bytes)
{
    if (bytes.size() < 30) return std::nullopt;
    const Bytes chunk = bytes.subspan(12);
    if (begins(chunk, "VP8X")) return ImageHeader{"WebP", littleEndian(bytes, 24, 3) + 1, littleEndian(bytes, 27, 3) + 1};
    if (begins(chunk, "VP8L")) {
        const std::int64_t packed = littleEndian(bytes, 21, 4);
        return ImageHeader{"WebP", (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1};
    }
    if (begins(chunk, "VP8 "))
        return ImageHeader{"WebP", littleEndian(bytes, 26, 2) & 0x3FFF, littleEndian(bytes, 28, 2) & 0x3FFF};
    return std::nullopt;
}

} // namespace

std::optional<ImageHeader> readImageHeader(std::span<const std::uint8_t> bytes)
{
    if (begins(bytes, "\x89PNG\r\n\x1A\n")) return readPng(bytes);
    if (begins(bytes, "\xFF\xD8\xFF")) return readJpeg(bytes);
    if (begins(bytes, "BM")) return readBmp(bytes);
    if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6') return readPnm(bytes);
    using namespace std::string_view_literals;
    if (begins(bytes, "II*\0"sv) || begins(bytes, "MM\0*"sv)) return readTiff(bytes);
    if (bytes.size() >= 12 && begins(bytes, "RIFF") && begins(bytes.subspan(8), "WEBP")) return readWebp(bytes);
    return std::nullopt;
}

bool isImageName(std::string_view name)
{
    static constexpr std::array<std::string_view, 11> kEndings{".png", ".jpg", ".jpeg", ".bmp",  ".pbm", ".pgm",
                                                               ".ppm", ".pnm", ".tif",  ".tiff", ".webp"};
    std::string lower;
    for (const char c : name.substr(name.size() - std::min<std::size_t>(name.size(), 5)))
        lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) { return lower.ends_with(ending); });
}

} // namespace latentoscope
