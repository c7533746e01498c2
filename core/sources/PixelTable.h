/// Pictures as rows of numbers in CSV files, a pixel a column.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/data/DataOptions.h"
#include "core/sources/PictureArray.h"

#include <filesystem>
#include <optional>

namespace latentoscope {

/// Whether a file is called as a table: .csv, also compressed (.csv.gz, .csv.xz).
bool isPixelTableName(const std::filesystem::path& file);

/// Whether a folder has such a file at its top, other than labels.csv.
bool holdsPixelTables(const std::filesystem::path& folder);

/// A file, or all of a folder's; of a part where its name has the word train, val or test (Kaggle's train.csv). The label's
/// column is called label, class, target or y; in a table without a heading it is the first or the last, whichever is numbered as
/// classes are. Other columns whose names have no number (id, usage) are passed over. A row's values are a picture's as
/// shapeOfRow says. None where `progress` said false. Throws Error(CorruptData) naming file, line, found and expected.
std::optional<PictureArrays> pixelTables(const std::filesystem::path& path, const DataOptions& options,
                                         const WorkProgress& progress);

} // namespace latentoscope
