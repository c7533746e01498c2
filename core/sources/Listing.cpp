#include "core/sources/Listing.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/sources/CsvTable.h"
#include "core/sources/ImageHeader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

namespace latentoscope {
namespace {

using Row = std::vector<std::string>;

std::string lower(std::string text)
{
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// A picture's path, of which the front is taken away bit by bit.
struct Picture {
    std::size_t file = 0;
    std::string_view path;
    Part part = Part::None;

    std::string folder() const
    {
        const std::size_t slash = path.find('/');
        return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
    }
    void enter() { path.remove_prefix(path.find('/') + 1); }
};

bool allIn(const std::vector<Picture>& pictures, const auto& holds)
{
    return !pictures.empty() && std::all_of(pictures.begin(), pictures.end(), holds);
}

/// Passes through folders that hold everything, as an archive of a folder has one.
void enterCommonFolders(std::vector<Picture>& pictures)
{
    for (;;) {
        if (pictures.empty()) return;
        const std::string first = pictures.front().folder();
        if (first.empty() || partNamed(first) != Part::None) return;
        const bool common = allIn(pictures, [&](const Picture& one) {
            return one.folder() == first && one.path.find('/', first.size() + 1) != std::string_view::npos;
        });
        if (!common) return;
        for (Picture& one : pictures) one.enter();
    }
}

std::map<std::string, int> labelsOf(const std::vector<std::string>& names)
{
    std::map<std::string, int> labels;
    for (const std::string& name : names) labels.emplace(name, static_cast<int>(labels.size()));
    return labels;
}

void byFolders(const std::vector<TreeFile>& files, const std::vector<Picture>& pictures, Listing& listing)
{
    std::set<std::string> names;
    for (const Picture& one : pictures) {
        if (!one.folder().empty()) names.insert(one.folder());
    }
    listing.classNames = orderedClasses(names);
    const std::map<std::string, int> labels = labelsOf(listing.classNames);
    for (const Picture& one : pictures) {
        if (one.folder().empty())
            listing.unreadable.push_back({files[one.file].path, "it lies beside the folders of the classes, in none of them"});
        else
            listing.items.push_back({one.file, labels.at(one.folder()), one.part});
    }
}

/// Which column of the table says what; −1: none does.
struct Columns {
    int file = -1, label = -1, part = -1;
};

Columns columnsOf(const Row& header)
{
    static const std::array<std::vector<std::string>, 3> kNames{{{"file", "filename", "file_name", "image", "path", "name", "id"},
                                                                 {"label", "labels", "class", "category", "target", "y"},
                                                                 {"split", "part", "set", "subset"}}};
    Columns columns;
    for (std::size_t column = 0; column < header.size(); ++column) {
        const std::string name = lower(header[column]);
        int* const places[]{&columns.file, &columns.label, &columns.part};
        for (std::size_t meaning = 0; meaning < kNames.size(); ++meaning) {
            const bool called = std::find(kNames[meaning].begin(), kNames[meaning].end(), name) != kNames[meaning].end();
            if (called && *places[meaning] < 0) *places[meaning] = static_cast<int>(column);
        }
    }
    return columns;
}

std::string cell(const Row& row, int column)
{
    return column >= 0 && static_cast<std::size_t>(column) < row.size() ? row[static_cast<std::size_t>(column)] : std::string();
}

/// Pictures by the names a table may give them: the whole path, or below the part's folder, with or without the ending.
std::map<std::string, const Picture*, std::less<>> byName(const std::vector<TreeFile>& files,
                                                          const std::vector<Picture>& pictures)
{
    std::map<std::string, const Picture*, std::less<>> named;
    for (const Picture& one : pictures) {
        for (std::string name : {files[one.file].path, std::string(one.path)}) {
            named.emplace(name, &one);
            named.emplace(name.substr(0, name.rfind('.')), &one);
        }
    }
    return named;
}

void byTable(const std::vector<TreeFile>& files, const std::vector<Picture>& pictures, const std::string& table, Listing& listing)
{
    std::vector<Row> rows = readCsv(table);
    const std::map<std::string, const Picture*, std::less<>> named = byName(files, pictures);
    if (rows.empty()) throw Error(Error::Kind::CorruptData, std::string(kLabelTable) + ": holds no row, expected file,label");
    Columns columns = columnsOf(rows.front());
    if (columns.file < 0 || columns.label < 0) {
        if (rows.front().size() < 2 || named.find(rows.front().front()) == named.end()) {
            throw Error(Error::Kind::CorruptData, std::string(kLabelTable) + ": found the columns " +
                                                      shownText(joined(rows.front())) +
                                                      ", expected file,label, and split as a third");
        }
        columns = {0, 1, rows.front().size() > 2 ? 2 : -1}; // without a heading
    } else {
        rows.erase(rows.begin());
    }
    std::set<std::string> names;
    for (const Row& row : rows) {
        if (!cell(row, columns.label).empty()) names.insert(cell(row, columns.label));
    }
    listing.classNames = orderedClasses(names);
    const std::map<std::string, int> labels = labelsOf(listing.classNames);
    std::set<std::size_t> told;
    for (const Row& row : rows) {
        const std::string file = cell(row, columns.file), label = cell(row, columns.label);
        const auto found = named.find(file);
        const auto refuse = [&](const std::string& reason) {
            listing.unreadable.push_back({file, std::string(kLabelTable) + reason});
        };
        if (found == named.end()) {
            refuse(" names it, but it is not there");
        } else if (!told.insert(found->second->file).second) {
            refuse(" names it twice");
        } else if (label.empty()) {
            refuse(" gives it no label");
        } else {
            const Part part = columns.part >= 0 ? partNamed(cell(row, columns.part)) : found->second->part;
            listing.items.push_back({found->second->file, labels.at(label), part});
        }
    }
    for (const Picture& one : pictures) {
        if (!told.contains(one.file))
            listing.unreadable.push_back({files[one.file].path, std::string(kLabelTable) + " does not name it"});
    }
}

} // namespace

Part partNamed(const std::string& name)
{
    const std::string word = lower(name);
    if (word == "train" || word == "training") return Part::Train;
    if (word == "val" || word == "valid" || word == "validation") return Part::Validation;
    if (word == "test" || word == "testing") return Part::Test;
    return Part::None;
}

std::vector<std::string> wordsOf(const std::string& name)
{
    std::vector<std::string> words;
    bool within = false;
    for (const char c : lower(name)) {
        const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
        if (letter && !within) words.emplace_back();
        if (letter) words.back() += c;
        within = letter;
    }
    return words;
}

std::vector<std::string> orderedClasses(const std::set<std::string>& names)
{
    std::vector<std::string> all(names.begin(), names.end());
    if (std::all_of(all.begin(), all.end(), [](const std::string& name) { return parseInteger(name).has_value(); })) {
        std::stable_sort(all.begin(), all.end(),
                         [](const std::string& a, const std::string& b) { return *parseInteger(a) < *parseInteger(b); });
    }
    return all;
}

bool isLabelTable(std::string_view path)
{
    return path == kLabelTable || (path.ends_with(kLabelTable) && path[path.size() - kLabelTable.size() - 1] == '/');
}

std::optional<std::string> labelTableAmong(const std::vector<TreeFile>& files)
{
    std::string common;
    for (;;) {
        const std::string wanted = common + std::string(kLabelTable);
        const auto own = [&](const TreeFile& file) { return file.path == wanted; };
        if (std::any_of(files.begin(), files.end(), own)) return wanted;
        if (files.empty()) return std::nullopt;
        const std::size_t slash = files.front().path.find('/', common.size());
        if (slash == std::string::npos) return std::nullopt;
        common = files.front().path.substr(0, slash + 1);
        const auto within = [&](const TreeFile& file) { return file.path.starts_with(common); };
        if (!std::all_of(files.begin(), files.end(), within)) return std::nullopt;
    }
}

Listing arrange(const std::vector<TreeFile>& files, const std::optional<std::string>& table)
{
    Listing listing;
    std::vector<Picture> pictures;
    for (std::size_t file = 0; file < files.size(); ++file) {
        if (isImageName(files[file].path))
            pictures.push_back({file, files[file].path});
        else if (!table || !files[file].path.ends_with(kLabelTable))
            ++listing.passedOver;
    }
    enterCommonFolders(pictures);
    if (allIn(pictures, [](const Picture& one) { return partNamed(one.folder()) != Part::None; })) {
        for (Picture& one : pictures) {
            one.part = partNamed(one.folder());
            one.enter();
        }
    }
    const bool inFolders =
        std::any_of(pictures.begin(), pictures.end(), [](const Picture& one) { return !one.folder().empty(); });
    if (table)
        byTable(files, pictures, *table, listing);
    else if (inFolders)
        byFolders(files, pictures, listing);
    else
        for (const Picture& one : pictures) listing.items.push_back({one.file, -1, one.part});
    return listing;
}

} // namespace latentoscope
