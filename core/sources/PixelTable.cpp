#include "core/sources/PixelTable.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/data/Label.h"
#include "core/sources/Archive.h"
#include "core/sources/CsvTable.h"
#include "core/sources/FileTree.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{1} << 35U; ///< of one table, uncompressed
constexpr std::size_t kToldEvery = 1024;                  ///< rows between two words of progress

bool isNumber(std::string_view cell)
{
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    return error == std::errc() && end == cell.data() + cell.size();
}

std::string_view trimmed(std::string_view cell)
{
    const auto outer = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '"'; };
    while (!cell.empty() && outer(cell.front())) cell.remove_prefix(1);
    while (!cell.empty() && outer(cell.back())) cell.remove_suffix(1);
    return cell;
}

/// Lines of cells, without copies: pixels need no quotes that hold commas.
class Lines {
public:
    explicit Lines(std::string_view text) : m_text(text)
    {
        if (m_text.starts_with("\xEF\xBB\xBF")) m_text.remove_prefix(3);
        const std::string_view first = m_text.substr(0, m_text.find('\n'));
        if (first.find(',') == std::string_view::npos) m_separator = first.find(';') != std::string_view::npos ? ';' : '\t';
    }

    /// The next line that is not empty; false at the end.
    bool next(std::vector<std::string_view>& cells)
    {
        while (!m_text.empty()) {
            const std::size_t end = std::min(m_text.find('\n'), m_text.size());
            std::string_view line = m_text.substr(0, end);
            m_text.remove_prefix(std::min(end + 1, m_text.size()));
            ++m_number;
            if (trimmed(line).empty()) continue;
            cells.clear();
            for (;;) {
                const std::size_t comma = std::min(line.find(m_separator), line.size());
                cells.push_back(trimmed(line.substr(0, comma)));
                if (comma == line.size()) return true;
                line.remove_prefix(comma + 1);
            }
        }
        return false;
    }
    int number() const { return m_number; }
    std::size_t left() const { return m_text.size(); }

private:
    std::string_view m_text;
    char m_separator = ',';
    int m_number = 0;
};

/// Which columns are pixels, and which is the label; −1: none.
struct TableColumns {
    std::vector<std::size_t> pixels;
    int label = -1;
};

bool isLabelName(std::string_view cell)
{
    static constexpr std::array<std::string_view, 6> kNames{"label", "labels", "class", "target", "y", "category"};
    std::string name(cell);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

TableColumns columnsOf(const std::vector<std::string_view>& heading)
{
    TableColumns columns;
    for (std::size_t i = 0; i < heading.size(); ++i) {
        const bool numbered =
            std::any_of(heading[i].begin(), heading[i].end(), [](unsigned char c) { return std::isdigit(c) != 0; });
        if (columns.label < 0 && isLabelName(heading[i]))
            columns.label = static_cast<int>(i);
        else if (numbered)
            columns.pixels.push_back(i);
    }
    return columns;
}

/// The different values of a column.
class Values {
public:
    void add(std::string_view cell) { m_seen.emplace(cell); }
    std::size_t count() const { return m_seen.size(); }
    /// Whether they are 0 to n−1 or 1 to n, as classes are numbered, and more than one.
    bool areClasses() const
    {
        std::int64_t lowest = std::numeric_limits<std::int64_t>::max(), highest = -1;
        for (const std::string& one : m_seen) {
            const auto number = parseReal(one);
            if (!number || *number < 0 || *number > kMostClasses || *number != std::floor(*number)) return false;
            lowest = std::min(lowest, static_cast<std::int64_t>(*number));
            highest = std::max(highest, static_cast<std::int64_t>(*number));
        }
        return lowest <= 1 && m_seen.size() > 1 && highest - lowest + 1 == static_cast<std::int64_t>(m_seen.size());
    }

private:
    std::set<std::string, std::less<>> m_seen;
};

/// Without a heading: all are pixels where they make a picture; else one end is the label. A picture's corner is hardly ever
/// numbered as classes are.
TableColumns columnsWithoutNames(const std::string& name, std::string_view text, std::size_t width, const DataOptions& options,
                                 std::vector<std::string>& notes)
{
    TableColumns columns;
    for (std::size_t i = 0; i < width; ++i) columns.pixels.push_back(i);
    if (shapeOfRow(static_cast<std::int64_t>(width), options.size)) return columns;
    Values first, last;
    Lines lines(text);
    for (std::vector<std::string_view> cells; lines.next(cells);) {
        if (cells.size() != width) continue; // said when it is read
        first.add(cells.front());
        last.add(cells.back());
    }
    const bool inFront =
        first.areClasses() == last.areClasses() ? first.count() <= last.count() || last.count() < 2 : first.areClasses();
    columns.label = inFront ? 0 : static_cast<int>(width) - 1;
    columns.pixels.erase(inFront ? columns.pixels.begin() : columns.pixels.end() - 1);
    notes.push_back(name + ": its " + (inFront ? "first" : "last") + " column is taken for the label");
    return columns;
}

/// "3" of 3.0, as spreadsheets and NumPy write whole numbers.
std::string labelOf(std::string_view cell)
{
    const auto number = parseReal(cell);
    return number ? numberText(*number) : std::string(cell);
}

std::optional<PictureArray> read(const fs::path& file, const DataOptions& options, const WorkProgress& progress,
                                 std::vector<std::string>& notes)
{
    const std::string name = file.filename().string();
    const std::string text = readUncompressed(file, kMostBytes);
    Lines lines(text);
    std::vector<std::string_view> cells;
    if (!lines.next(cells)) throw Error(Error::Kind::CorruptData, file.string() + ": holds no row, expected a picture in each");
    const std::size_t width = cells.size();
    const bool named = !std::all_of(cells.begin(), cells.end(), isNumber);
    const TableColumns columns = named ? columnsOf(cells) : columnsWithoutNames(name, text, width, options, notes);
    const auto shape = shapeOfRow(static_cast<std::int64_t>(columns.pixels.size()), options.size);
    if (!shape || columns.pixels.size() < 4) {
        throw Error(Error::Kind::CorruptData,
                    file.string() + ": found " + std::to_string(columns.pixels.size()) +
                        " columns of pixels, expected a square's number, or data.size=HEIGHTxWIDTH that says how many rows and "
                        "columns a picture has");
    }
    if (!named) lines = Lines(text);
    PictureArray array;
    array.name = name;
    for (const std::string& word : wordsOf(name)) {
        if (array.part == Part::None) array.part = partNamed(word);
    }
    std::string values;
    while (lines.next(cells)) {
        if (cells.size() != width) {
            throw Error(Error::Kind::CorruptData, file.string() + ": line " + std::to_string(lines.number()) + " has " +
                                                      std::to_string(cells.size()) + " values, expected " +
                                                      std::to_string(width));
        }
        for (const std::size_t column : columns.pixels) {
            float value = 0;
            const std::string_view cell = cells[column];
            const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
            if (error != std::errc() || end != cell.data() + cell.size()) {
                throw Error(Error::Kind::CorruptData, file.string() + ": line " + std::to_string(lines.number()) + ", column " +
                                                          std::to_string(column + 1) + ": found " + shownText(cell) +
                                                          ", expected a number");
            }
            values.append(reinterpret_cast<const char*>(&value), sizeof value);
        }
        if (columns.label >= 0) array.labels.push_back(labelOf(cells[static_cast<std::size_t>(columns.label)]));
        const bool tells = ++array.count % kToldEvery == 0;
        if (tells && !progress(1 - static_cast<double>(lines.left()) / static_cast<double>(text.size()))) return std::nullopt;
    }
    array.store.memory = std::make_shared<const std::string>(std::move(values));
    array.type = {'f', sizeof(float), false};
    array.height = shape->height;
    array.width = shape->width;
    array.channels = shape->channels;
    array.channelStep = sizeof(float);
    array.columnStep = array.channelStep * static_cast<std::uint64_t>(array.channels);
    array.rowStep = array.columnStep * static_cast<std::uint64_t>(array.width);
    array.step = array.length = array.rowStep * static_cast<std::uint64_t>(array.height);
    return array;
}

} // namespace

bool isPixelTableName(const fs::path& file)
{
    const std::string name = file.filename().string();
    return std::string_view(name) != kLabelTable &&
           (name.ends_with(".csv") || name.ends_with(".csv.gz") || name.ends_with(".csv.xz"));
}

bool holdsPixelTables(const fs::path& folder)
{
    std::error_code failure;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure))
        if (isPixelTableName(entry->path())) return true;
    return false;
}

std::optional<PictureArrays> pixelTables(const fs::path& path, const DataOptions& options, const WorkProgress& progress)
{
    PictureArrays made;
    std::vector<TreeFile> files;
    const bool folder = fs::is_directory(path);
    if (folder) {
        files = filesBelow(path);
        made.passedOver = files.size();
        std::erase_if(
            files, [](const TreeFile& file) { return file.path.find('/') != std::string::npos || !isPixelTableName(file.path); });
        made.passedOver -= files.size();
    } else {
        files = {fileAt(path)};
    }
    std::size_t done = 0;
    const auto count = static_cast<double>(files.size());
    for (const TreeFile& file : files) {
        auto array = read(
            folder ? path / file.path : path, options,
            [&](double share) { return progress((static_cast<double>(done) + share) / count); }, made.notes);
        if (!array) return std::nullopt;
        made.arrays.push_back(std::move(*array));
        ++done;
    }
    made.fingerprint = fingerprintOf(files);
    return made;
}

} // namespace latentoscope
