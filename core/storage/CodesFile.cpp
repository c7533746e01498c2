#include "core/storage/CodesFile.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/data/NpyFile.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>

namespace latentoscope {
namespace {

void appendFloat(std::string& text, float value)
{
    std::array<char, 32> buffer{};
    text.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

/// index,label (none where the table has no labels) and, of each item, as many values as the names say.
void writeCsv(const std::filesystem::path& file, const CodeTable& table, const std::string& names, std::span<const float> values)
{
    requireCodesEnding(file);
    std::string text = (table.labels.empty() ? "index" : "index,label") + names + "\n";
    const std::size_t width = table.items.empty() ? 0 : values.size() / table.items.size();
    for (std::size_t row = 0; row < table.items.size(); ++row) {
        text += std::to_string(table.items[row]);
        if (!table.labels.empty()) text += "," + std::to_string(table.labels[row]);
        for (std::size_t d = 0; d < width; ++d) {
            text += ',';
            appendFloat(text, values[row * width + d]);
        }
        text += '\n';
    }
    writeFileAtomically(file, text);
}

constexpr const char* kLabels = ".labels.npy";
constexpr const char* kItems = ".items.npy";

/// FILE.labels.npy of FILE.npy.
std::filesystem::path beside(std::filesystem::path file, const char* ending) { return file.replace_extension(ending); }

/// How many codes a CSV's first line names; 0 where it is another.
int dimensionOf(std::string_view names)
{
    std::string expected = "index,label";
    int dimension = 0;
    while (expected.size() < names.size()) expected += ",z" + std::to_string(dimension++);
    return expected == names ? dimension : 0;
}

/// CSV line by line; an empty first one is passed over as any other.
class CsvReader {
public:
    explicit CsvReader(const std::filesystem::path& file) : m_file(file) {}

    CodeTable read(std::string_view text)
    {
        constexpr std::string_view kMark = "\xEF\xBB\xBF"; // with which spreadsheets begin "CSV UTF-8"
        if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
        for (std::size_t start = 0; start < text.size();) {
            const std::size_t end = std::min(text.find('\n', start), text.size());
            std::string_view row = text.substr(start, end - start);
            start = end + 1;
            ++m_line;
            if (row.ends_with('\r')) row.remove_suffix(1);
            if (row.empty()) continue;
            m_table.dimension == 0 ? readNames(row) : readRow(row);
        }
        if (m_table.items.empty())
            throw Error(Error::Kind::CorruptData,
                        m_file.string() + ": found no codes, expected index,label,z0,z1,… and at least one line of them");
        return std::move(m_table);
    }

private:
    [[noreturn]] void refuse(const std::string& what) const
    {
        throw Error(Error::Kind::CorruptData, m_file.string() + ", line " + std::to_string(m_line) + ": " + what);
    }

    void readNames(std::string_view row)
    {
        m_table.dimension = dimensionOf(row);
        if (m_table.dimension == 0)
            refuse("found the columns \"" + shownText(row) + "\", expected index,label,z0,z1,… or an npy file");
    }

    void readRow(std::string_view row)
    {
        std::size_t column = 0;
        const auto columns = static_cast<std::size_t>(m_table.dimension) + 2;
        for (std::size_t at = 0; at <= row.size(); ++column) {
            const std::size_t comma = std::min(row.find(',', at), row.size());
            if (column < columns) readCell(column, row.substr(at, comma - at)); // more are counted, and refused below
            at = comma + 1;
        }
        if (column != columns)
            refuse("found " + std::to_string(column) + " values, expected " + std::to_string(columns) + " as the first line has");
    }

    void readCell(std::size_t column, std::string_view cell)
    {
        if (column < 2) {
            const auto whole = parseInteger(cell);
            const std::int64_t most = column == 0 ? std::numeric_limits<int>::max() : kMostClasses - 1;
            if (!whole || *whole < 0 || *whole > most) {
                refuse((column == 0 ? "index: found \"" : "label: found \"") + shownText(cell) +
                       "\", expected a whole number from 0 to " + groupedText(most));
            }
            if (column == 0)
                m_table.items.push_back(static_cast<int>(*whole));
            else
                m_table.labels.push_back(static_cast<Label>(*whole));
            return;
        }
        const auto value = parseReal(cell);
        if (!value || !std::isfinite(static_cast<float>(*value)))
            refuse("z" + std::to_string(column - 2) + ": found \"" + shownText(cell) + "\", expected a finite number");
        m_table.values.push_back(static_cast<float>(*value));
    }

    const std::filesystem::path& m_file;
    std::size_t m_line = 0;
    CodeTable m_table;
};

/// The whole numbers of a file that lies beside codes, (rows), from 0 to `most`; none where it is not there.
template <class Value> std::vector<Value> readBeside(const std::filesystem::path& file, std::int64_t rows, std::int64_t most)
{
    if (!std::filesystem::exists(file)) return {};
    const NpyArray array = readNpy(file);
    const auto refuse = [&](const std::string& found) {
        throw Error(Error::Kind::CorruptData,
                    file.string() + ": found " + found + ", expected " + groupedText(rows) + " whole numbers from 0 to " +
                        groupedText(most) + ", one for each code in the file beside it; take it away if it belongs to another");
    };
    if (array.isReal) refuse("numbers with fractions");
    if (array.shape.size() != 1 || array.shape[0] != rows) refuse(groupedText(static_cast<std::int64_t>(array.count())));
    std::vector<Value> values;
    for (const std::int64_t value : array.wholes) {
        if (value < 0 || value > most) refuse("the number " + std::to_string(value));
        values.push_back(static_cast<Value>(value));
    }
    return values;
}

CodeTable readNpyCodes(const std::filesystem::path& file)
{
    const NpyArray array = readNpy(file);
    if (array.shape.size() != 2 || array.count() == 0 || array.shape[1] > std::numeric_limits<int>::max()) {
        std::vector<std::string> sizes;
        for (const std::int64_t size : array.shape) sizes.push_back(std::to_string(size));
        throw Error(Error::Kind::CorruptData, file.string() + ": found an array of the shape (" + joined(sizes) +
                                                  "), expected codes: a row for each, a column for each dimension");
    }
    CodeTable table;
    table.dimension = static_cast<int>(array.shape[1]);
    for (std::size_t i = 0; i < array.count(); ++i) {
        const auto value = static_cast<float>(array.real(i));
        if (!std::isfinite(value)) {
            throw Error(Error::Kind::CorruptData,
                        file.string() + ", row " + groupedText(static_cast<std::int64_t>(i) / array.shape[1]) + ", dimension " +
                            std::to_string(static_cast<std::int64_t>(i) % array.shape[1]) + ": found " +
                            numberText(array.real(i)) + ", expected a finite number");
        }
        table.values.push_back(value);
    }
    table.labels = readBeside<Label>(beside(file, kLabels), array.shape[0], kMostClasses - 1);
    table.items = readBeside<int>(beside(file, kItems), array.shape[0], std::numeric_limits<int>::max());
    if (table.items.empty()) {
        table.items.resize(static_cast<std::size_t>(array.shape[0]));
        std::iota(table.items.begin(), table.items.end(), 0);
    }
    return table;
}

/// In as few bytes a label as they need.
void writeLabels(const std::filesystem::path& file, const std::vector<Label>& labels)
{
    const auto rows = static_cast<std::int64_t>(labels.size());
    if (std::any_of(labels.begin(), labels.end(), [](Label label) { return label > 255; }))
        return writeNpy(file, {rows}, std::span<const std::uint16_t>(labels));
    const std::vector<std::uint8_t> narrow(labels.begin(), labels.end());
    writeNpy(file, {rows}, std::span<const std::uint8_t>(narrow));
}

} // namespace

void requireCodesEnding(const std::filesystem::path& file)
{
    if (file.extension() == ".csv" || file.extension() == ".npy") return;
    throw Error(Error::Kind::InvalidArgument,
                file.string() + ": found the ending \"" + file.extension().string() + "\", expected .csv or .npy");
}

void writeCodes(const std::filesystem::path& file, const CodeTable& table)
{
    const auto rows = static_cast<std::int64_t>(table.items.size());
    if (file.extension() == ".npy") {
        writeNpy(file, {rows, table.dimension}, std::span<const float>(table.values));
        writeLabels(beside(file, kLabels), table.labels);
        writeNpy(beside(file, kItems), {rows}, std::span<const int>(table.items));
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
    return isNpy(text) ? readNpyCodes(file) : CsvReader(file).read(text);
}

} // namespace latentoscope
