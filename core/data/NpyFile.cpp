#include "core/data/NpyFile.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <optional>
#include <string>

namespace latentoscope {
namespace {

static_assert(std::endian::native == std::endian::little, "values are written as they lie in memory");

constexpr std::string_view kMagic = "\x93NUMPY";

std::string headerOf(const char* descr, const std::vector<std::int64_t>& shape)
{
    std::string sizes;
    for (const std::int64_t size : shape) sizes += std::to_string(size) + ", ";
    if (shape.size() > 1) sizes.resize(sizes.size() - 2);
    if (shape.size() == 1) sizes.resize(sizes.size() - 1); // a tuple of one keeps its comma
    std::string dictionary = std::string("{'descr': '") + descr + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
    constexpr std::size_t kPrefix = 10; // magic, version and length
    constexpr std::size_t kAlignment = 64;
    const std::size_t total = (kPrefix + dictionary.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
    dictionary.resize(total - kPrefix - 1, ' ');
    dictionary += '\n';
    std::string header(kMagic);
    header.append("\x01\x00", 2);
    header += static_cast<char>(dictionary.size() & 0xFFU);
    header += static_cast<char>(dictionary.size() >> 8U);
    return header + dictionary;
}

template <class Value>
std::string bytesOf(const char* descr, const std::vector<std::int64_t>& shape, std::span<const Value> values)
{
    std::string bytes = headerOf(descr, shape);
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    return bytes;
}

template <class Value>
void writeNpyOf(const std::filesystem::path& file, const char* descr, const std::vector<std::int64_t>& shape,
                std::span<const Value> values)
{
    writeFileAtomically(file, bytesOf(descr, shape, values));
}

/// What the header tells.
struct Layout {
    std::string descr; ///< "<f4"
    bool columnMajor = false;
    std::vector<std::int64_t> shape;
};

[[noreturn]] void refuse(const std::string& name, const std::string& found, const std::string& expected)
{
    throw Error(Error::Kind::CorruptData, name + ": found " + found + ", expected " + expected);
}

/// Reads {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } in whatever order and spacing.
class HeaderReader {
public:
    HeaderReader(const std::string& name, std::string_view text) : m_name(name), m_text(text) {}

    Layout read()
    {
        expect('{');
        while (!take('}')) {
            const std::string key = word();
            expect(':');
            if (key == "descr")
                descr();
            else if (key == "fortran_order")
                order();
            else if (key == "shape")
                shape();
            else
                fail();
            if (!take(',')) {
                expect('}');
                break;
            }
        }
        if (!m_descr || !m_order || !m_shape) fail();
        return {*m_descr, *m_order, *m_shape};
    }

private:
    [[noreturn]] void fail() const
    {
        refuse(m_name, "the header \"" + shownText(m_text) + "\"",
               "{'descr': …, 'fortran_order': …, 'shape': …} as NumPy writes");
    }
    void skip()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n')) ++m_at;
    }
    bool take(char letter)
    {
        skip();
        if (m_at >= m_text.size() || m_text[m_at] != letter) return false;
        ++m_at;
        return true;
    }
    void expect(char letter)
    {
        if (!take(letter)) fail();
    }
    std::string word()
    {
        const char quote = take('"') ? '"' : '\'';
        if (quote == '\'') expect('\'');
        const std::size_t end = m_text.find(quote, m_at);
        if (end == std::string_view::npos) fail();
        const std::string found(m_text.substr(m_at, end - m_at));
        m_at = end + 1;
        return found;
    }
    void descr()
    {
        skip();
        if (m_at < m_text.size() && m_text[m_at] == '[') refuse(m_name, "an array of records", "an array of numbers");
        m_descr = word();
    }
    void order()
    {
        skip();
        const bool yes = m_text.substr(m_at, 4) == "True";
        if (!yes && m_text.substr(m_at, 5) != "False") fail();
        m_at += yes ? 4 : 5;
        m_order = yes;
    }
    void shape()
    {
        expect('(');
        m_shape.emplace();
        while (!take(')')) {
            skip();
            const std::size_t end = std::min(m_text.find_first_not_of("0123456789", m_at), m_text.size());
            const auto size = parseInteger(m_text.substr(m_at, end - m_at));
            if (!size) fail();
            m_shape->push_back(*size);
            m_at = end;
            if (take('L')) continue; // Python 2's long; its comma follows
            if (!take(',')) {
                expect(')');
                break;
            }
        }
    }

    const std::string& m_name;
    std::string_view m_text;
    std::size_t m_at = 0;
    std::optional<std::string> m_descr;
    std::optional<bool> m_order;
    std::optional<std::vector<std::int64_t>> m_shape;
};

NumberType typeOf(const std::string& name, const std::string& descr)
{
    static const std::vector<std::string> kKnown = {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"};
    const std::size_t at = descr.find_first_not_of("<>|=");
    const std::string type = at == std::string::npos ? std::string() : descr.substr(at);
    if (type.starts_with("O")) refuse(name, "an array of Python objects", "an array of numbers");
    if (std::find(kKnown.begin(), kKnown.end(), type) == kKnown.end())
        refuse(name, "values of the type " + shownText(descr), "numbers: one of " + joined(kKnown));
    return {type[0], static_cast<std::size_t>(type[1] - '0'), descr[0] == '>'};
}

/// Where the value at this row-major place lies in a column-major file.
std::size_t columnMajorPlace(std::size_t place, const std::vector<std::int64_t>& shape)
{
    std::vector<std::size_t> index(shape.size());
    for (std::size_t d = shape.size(); d-- > 0;) {
        const auto size = static_cast<std::size_t>(shape[d]);
        index[d] = place % size;
        place /= size;
    }
    std::size_t found = 0;
    for (std::size_t d = shape.size(); d-- > 0;) found = found * static_cast<std::size_t>(shape[d]) + index[d];
    return found;
}

} // namespace

bool isNpy(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::uint64_t NpyHeader::count() const
{
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max() / 16; // more than any file has
    std::uint64_t all = 1;
    for (const std::int64_t side : shape) {
        const auto size = static_cast<std::uint64_t>(side);
        all = size != 0 && all > kMost / size ? kMost : all * size;
    }
    return all;
}

NpyHeader npyHeader(std::string_view beginning, std::uint64_t fileBytes, const std::string& name)
{
    if (!isNpy(beginning)) refuse(name, "another beginning", "that of an npy file");
    const std::size_t version = beginning.size() > kMagic.size() ? static_cast<unsigned char>(beginning[kMagic.size()]) : 0;
    if (version < 1 || version > 3) refuse(name, "version " + std::to_string(version) + " of the npy format", "1 to 3");
    const std::size_t field = kMagic.size() + 2; // behind major and minor version
    const std::size_t begin = field + (version == 1 ? 2 : 4);
    std::size_t length = 0;
    for (std::size_t i = begin; i-- > field && begin <= beginning.size();)
        length = length << 8U | static_cast<unsigned char>(beginning[i]);
    if (begin > beginning.size() || length > beginning.size() - begin)
        refuse(name, groupedText(static_cast<std::int64_t>(beginning.size())) + " bytes", "a whole header");
    const Layout layout = HeaderReader(name, beginning.substr(begin, length)).read();
    NpyHeader header{typeOf(name, layout.descr), layout.columnMajor, layout.shape, begin + length};
    if (header.count() * header.type.size != fileBytes - header.begin) {
        std::vector<std::string> sizes;
        for (const std::int64_t size : layout.shape) sizes.push_back(std::to_string(size));
        refuse(name, groupedText(static_cast<std::int64_t>(fileBytes - header.begin)) + " bytes of values",
               "as many as (" + joined(sizes) + ") of " + header.type.kind + std::to_string(header.type.size) + " take");
    }
    return header;
}

NpyArray readNpy(const std::filesystem::path& file)
{
    const std::string bytes = readFile(file);
    const NpyHeader header = npyHeader(bytes, bytes.size(), file.string());
    NpyArray array{header.shape, header.type.isReal(), {}, {}};
    const bool reordered = header.columnMajor && header.shape.size() > 1;
    for (std::size_t place = 0; place < header.count(); ++place) {
        const std::size_t at = reordered ? columnMajorPlace(place, header.shape) : place;
        const char* value = bytes.data() + header.begin + header.type.size * at;
        if (array.isReal) {
            array.reals.push_back(realAt(header.type, value));
        } else {
            const auto whole = wholeAt(header.type, value);
            if (!whole) refuse(file.string(), "an unsigned number beyond 2^63", "smaller ones");
            array.wholes.push_back(*whole);
        }
    }
    return array;
}

std::string npyBytes(const std::vector<std::int64_t>& shape, std::span<const std::uint8_t> values)
{
    return bytesOf("|u1", shape, values);
}

std::string npyBytes(const std::vector<std::int64_t>& shape, std::span<const std::uint16_t> values)
{
    return bytesOf("<u2", shape, values);
}

void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const float> values)
{
    writeNpyOf(file, "<f4", shape, values);
}

void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const std::uint8_t> values)
{
    writeNpyOf(file, "|u1", shape, values);
}

void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const std::uint16_t> values)
{
    writeNpyOf(file, "<u2", shape, values);
}

void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const int> values)
{
    static_assert(sizeof(int) == 4);
    writeNpyOf(file, "<i4", shape, values);
}

} // namespace latentoscope
