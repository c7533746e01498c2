#include "core/storage/NpyFile.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
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
void writeNpyOf(const std::filesystem::path& file, const char* descr, const std::vector<std::int64_t>& shape,
                std::span<const Value> values)
{
    std::string bytes = headerOf(descr, shape);
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    writeFileAtomically(file, bytes);
}

/// What the header tells.
struct Layout {
    std::string descr; ///< "<f4"
    bool columnMajor = false;
    std::vector<std::int64_t> shape;
};

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& found, const std::string& expected)
{
    throw Error(Error::Kind::CorruptData, file.string() + ": found " + found + ", expected " + expected);
}

/// Reads {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } in whatever order and spacing.
class HeaderReader {
public:
    HeaderReader(const std::filesystem::path& file, std::string_view text) : m_file(file), m_text(text) {}

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
        refuse(m_file, "the header \"" + shownText(m_text) + "\"",
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
        if (m_at < m_text.size() && m_text[m_at] == '[') refuse(m_file, "an array of records", "an array of numbers");
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

    const std::filesystem::path& m_file;
    std::string_view m_text;
    std::size_t m_at = 0;
    std::optional<std::string> m_descr;
    std::optional<bool> m_order;
    std::optional<std::vector<std::int64_t>> m_shape;
};

double halfToDouble(std::uint16_t bits)
{
    const int exponent = bits >> 10U & 0x1FU;
    const double fraction = bits & 0x3FFU;
    double value = 0;
    if (exponent == 0)
        value = std::ldexp(fraction, -24);
    else if (exponent == 31)
        value = fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    else
        value = std::ldexp(1024 + fraction, exponent - 25);
    return (bits & 0x8000U) != 0 ? -value : value;
}

/// One value of a type, its bytes in the order of this machine.
template <class Value> Value valueAt(const char* bytes, bool swapped)
{
    std::array<char, sizeof(Value)> own{};
    std::memcpy(own.data(), bytes, own.size());
    if (swapped) std::reverse(own.begin(), own.end());
    return std::bit_cast<Value>(own);
}

/// The type's letter and size, "f4", and whether its bytes lie the other way round.
struct Type {
    std::string name;
    std::size_t size = 0;
    bool swapped = false;
};

Type typeOf(const std::filesystem::path& file, const std::string& descr)
{
    static const std::vector<std::string> kKnown = {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"};
    const std::size_t at = descr.find_first_not_of("<>|=");
    const std::string name = at == std::string::npos ? std::string() : descr.substr(at);
    if (name.starts_with("O")) refuse(file, "an array of Python objects", "an array of numbers");
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end())
        refuse(file, "values of the type " + shownText(descr), "numbers: one of " + joined(kKnown));
    return {name, static_cast<std::size_t>(name[1] - '0'), descr[0] == '>'};
}

double realAt(const Type& type, const char* bytes)
{
    if (type.size == 2) return halfToDouble(valueAt<std::uint16_t>(bytes, type.swapped));
    if (type.size == 4) return valueAt<float>(bytes, type.swapped);
    return valueAt<double>(bytes, type.swapped);
}

std::int64_t wholeAt(const std::filesystem::path& file, const Type& type, const char* bytes)
{
    const bool isSigned = type.name[0] == 'i';
    switch (type.size) {
    case 1:
        return isSigned ? valueAt<std::int8_t>(bytes, false) : valueAt<std::uint8_t>(bytes, false);
    case 2:
        return isSigned ? valueAt<std::int16_t>(bytes, type.swapped)
                        : static_cast<std::int64_t>(valueAt<std::uint16_t>(bytes, type.swapped));
    case 4:
        return isSigned ? valueAt<std::int32_t>(bytes, type.swapped)
                        : static_cast<std::int64_t>(valueAt<std::uint32_t>(bytes, type.swapped));
    default:
        break;
    }
    const auto value = valueAt<std::int64_t>(bytes, type.swapped);
    if (!isSigned && value < 0) refuse(file, "an unsigned number beyond 2^63", "smaller ones");
    return value;
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

NpyArray readNpy(const std::filesystem::path& file)
{
    const std::string bytes = readFile(file);
    if (!isNpy(bytes)) refuse(file, "another beginning", "that of an npy file");
    const std::size_t version = bytes.size() > kMagic.size() ? static_cast<unsigned char>(bytes[kMagic.size()]) : 0;
    if (version < 1 || version > 3) refuse(file, "version " + std::to_string(version) + " of the npy format", "1 to 3");
    const std::size_t field = kMagic.size() + 2; // behind major and minor version
    const std::size_t begin = field + (version == 1 ? 2 : 4);
    std::size_t length = 0;
    for (std::size_t i = begin; i-- > field && begin <= bytes.size();)
        length = length << 8U | static_cast<unsigned char>(bytes[i]);
    if (begin > bytes.size() || length > bytes.size() - begin)
        refuse(file, groupedText(static_cast<std::int64_t>(bytes.size())) + " bytes", "a whole header");
    const Layout layout = HeaderReader(file, std::string_view(bytes).substr(begin, length)).read();
    const Type type = typeOf(file, layout.descr);

    constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max() / 16; // more than any file has
    std::size_t count = 1;
    for (const std::int64_t side : layout.shape) {
        const auto size = static_cast<std::size_t>(side);
        count = size != 0 && count > kMost / size ? kMost : count * size;
    }
    if (count * type.size != bytes.size() - begin - length) {
        std::vector<std::string> sizes;
        for (const std::int64_t size : layout.shape) sizes.push_back(std::to_string(size));
        refuse(file, groupedText(static_cast<std::int64_t>(bytes.size() - begin - length)) + " bytes of values",
               "as many as (" + joined(sizes) + ") of " + type.name + " take");
    }
    NpyArray array{layout.shape, type.name[0] == 'f', {}, {}};
    const char* values = bytes.data() + begin + length;
    const bool reordered = layout.columnMajor && layout.shape.size() > 1;
    for (std::size_t place = 0; place < count; ++place) {
        const char* value = values + type.size * (reordered ? columnMajorPlace(place, layout.shape) : place);
        if (array.isReal)
            array.reals.push_back(realAt(type, value));
        else
            array.wholes.push_back(wholeAt(file, type, value));
    }
    return array;
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
