/// What a source of pictures holds, told from names alone: which items, of which class, of which split.
#pragma once

#include "core/data/DataSet.h"
#include "core/sources/FileTree.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace latentoscope {

/// Where the data set itself puts an item.
enum class Part { None, Train, Validation, Test };

struct ListedItem {
    std::size_t file = 0; ///< index among the files
    int label = -1;       ///< −1: none
    Part part = Part::None;
};

struct Listing {
    std::vector<ListedItem> items;       ///< in the order of the files, or of the table that names them
    std::vector<std::string> classNames; ///< by label; empty: without labels
    std::vector<Unreadable> unreadable;  ///< pictures without a place, and rows of the table without a picture
    std::size_t passedOver = 0;          ///< files that are no pictures by name
};

/// The name of the table that may lie beside flat pictures.
inline constexpr std::string_view kLabelTable = "labels.csv";
bool isLabelTable(std::string_view path);

/// The path of the table that counts: at the top, or in the folder that holds everything, as that of an archive; none: there is
/// none.
std::optional<std::string> labelTableAmong(const std::vector<TreeFile>& files);

/// What a word such as "train", "val" or "testing" says, in whatever case.
Part partNamed(const std::string& name);

/// The words of a name, in small letters: "x" and "train" of X_train.
std::vector<std::string> wordsOf(const std::string& name);

/// Classes in their order: by name, as numbers where all are whole numbers.
std::vector<std::string> orderedClasses(const std::set<std::string>& names);

/// Arranges files (ordered by path): below `train`, `val`, `valid`, `validation` or `test`, where every picture lies below one of
/// these; then by the first folder as its class (torchvision's ImageFolder), or, where no picture lies in a folder, by a table of
/// file and label, and split where it has a third column, or without labels. A folder that holds everything is passed through.
/// `table` is what labels.csv holds, where it is among the
/// files. Throws Error(CorruptData) where the table has no two such columns.
Listing arrange(const std::vector<TreeFile>& files, const std::optional<std::string>& table);

} // namespace latentoscope
