#include "core/storage/CodesFile.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>

namespace latentoscope {
namespace {

void appendFloat(std::string& text, float value)
{
    std::array<char, 32> buffer{};
    text.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

std::string npyHeader(const char* descr, const std::vector<std::int64_t>& shape)
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
    std::string header("\x93NUMPY\x01\x00", 8);
    header += static_cast<char>(dictionary.size() & 0xFFU);
    header += static_cast<char>(dictionary.size() >> 8U);
    return header + dictionary;
}

template <class Value>
void writeNpyOf(const std::filesystem::path& file, const char* descr, const std::vector<std::int64_t>& shape,
                std::span<const Value> values)
{
    std::string bytes = npyHeader(descr, shape);
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    writeFileAtomically(file, bytes);
}

/// index,label and, of each item, as many values as the names say.
void writeCsv(const std::filesystem::path& file, const CodeTable& table, const std::string& names, std::span<const float> values)
{
    requireCodesEnding(file);
    std::string text = "index,label" + names + "\n";
    const std::size_t width = table.items.empty() ? 0 : values.size() / table.items.size();
    for (std::size_t row = 0; row < table.items.size(); ++row) {
        text += std::to_string(table.items[row]) + "," + std::to_string(table.labels[row]);
        for (std::size_t d = 0; d < width; ++d) {
            text += ',';
            appendFloat(text, values[row * width + d]);
        }
        text += '\n';
    }
    writeFileAtomically(file, text);
}

/// How many codes a CSV's first line names; 0 where it is another.
int dimensionOf(std::string_view names)
{
    std::string expected = "index,label";
    int dimension = 0;
    while (expected.size() < names.size()) expected += ",z" + std::to_string(dimension++);
    return expected == names ? dimension : 0;
}

} // namespace

void requireCodesEnding(const std::filesystem::path& file)
{
    if (file.extension() == ".csv" || file.extension() == ".npy") return;
    throw Error(Error::Kind::InvalidArgument,
                file.string() + ": found the ending \"" + file.extension().string() + "\", expected .csv or .npy");
}

void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const float> values)
{
    writeNpyOf(file, "<f4", shape, values);
}

void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const std::uint8_t> values)
{
    writeNpyOf(file, "|u1", shape, values);
}

void writeNpy(const std::filesystem::path& file, const std::vector<std::int64_t>& shape, std::span<const int> values)
{
    static_assert(sizeof(int) == 4);
    writeNpyOf(file, "<i4", shape, values);
}

void writeCodes(const std::filesystem::path& file, const CodeTable& table)
{
    const auto rows = static_cast<std::int64_t>(table.items.size());
    if (file.extension() == ".npy") {
        writeNpy(file, {rows, table.dimension}, std::span<const float>(table.values));
        std::filesystem::path labels = file;
        writeNpy(labels.replace_extension(".labels.npy"), {rows}, std::span<const std::uint8_t>(table.labels));
        std::filesystem::path items = file;
        writeNpy(items.replace_extension(".items.npy"), {rows}, std::span<const int>(table.items));
        return;
    }
    std::string names;
    for (int d = 0; d < table.dimension; ++d) names += ",z" + std::to_string(d);
    writeCsv(file, table, names, table.values);
}

void writeProjection(const std::filesystem::path& file, const CodeTable& table, std::span<const float> places)
{
    if (file.extension() == ".npy") return writeNpy(file, {static_cast<std::int64_t>(table.items.size()), 2}, places);
    writeCsv(file, table, ",x,y", places);
}

CodeTable readCodes(const std::filesystem::path& file)
{
    const std::string text = readFile(file);
    CodeTable table;
    std::size_t line = 0;
    std::size_t start = 0;
    const auto refuse = [&](const std::string& what) {
        throw Error(Error::Kind::CorruptData, file.string() + ", line " + std::to_string(line) + ": " + what);
    };
    while (start < text.size()) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        std::string_view row(text.data() + start, end - start);
        start = end + 1;
        ++line;
        if (row.ends_with('\r')) row.remove_suffix(1);
        if (row.empty()) continue;
        if (table.dimension == 0) {
            table.dimension = dimensionOf(row);
            if (table.dimension == 0) refuse("found the columns \"" + std::string(row) + "\", expected index,label,z0,z1,…");
            continue;
        }
        std::size_t column = 0;
        const auto columns = static_cast<std::size_t>(table.dimension) + 2;
        for (std::size_t at = 0; at <= row.size(); ++column) {
            const std::size_t comma = std::min(row.find(',', at), row.size());
            const std::string_view cell = row.substr(at, comma - at);
            at = comma + 1;
            if (column >= columns) continue; // counted, and refused below
            if (column < 2) {
                const auto whole = parseInteger(cell);
                const std::int64_t most = column == 0 ? std::numeric_limits<int>::max() : 255;
                if (!whole || *whole < 0 || *whole > most) {
                    refuse((column == 0 ? "index: found \"" : "label: found \"") + std::string(cell) +
                           "\", expected a whole number from 0 to " + groupedText(most));
                }
                if (column == 0)
                    table.items.push_back(static_cast<int>(*whole));
                else
                    table.labels.push_back(static_cast<std::uint8_t>(*whole));
                continue;
            }
            const auto value = parseReal(cell);
            if (!value || !std::isfinite(static_cast<float>(*value)))
                refuse("z" + std::to_string(column - 2) + ": found \"" + std::string(cell) + "\", expected a finite number");
            table.values.push_back(static_cast<float>(*value));
        }
        if (column != columns)
            refuse("found " + std::to_string(column) + " values, expected " + std::to_string(columns) + " as the first line has");
    }
    if (table.items.empty())
        throw Error(Error::Kind::CorruptData,
                    file.string() + ": found no codes, expected index,label,z0,z1,… and at least one line of them");
    return table;
}

} // namespace latentoscope
