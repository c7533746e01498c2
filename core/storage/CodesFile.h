/// Latent codes on disk: CSV (index,label,z0,z1,…) or NumPy's npy with the labels beside it.
#pragma once

#include "core/data/Label.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace latentoscope {

struct CodeTable {
    int dimension = 0;
    std::vector<int> items;    ///< (N)
    std::vector<Label> labels; ///< (N), or none where they are not known
    std::vector<float> values; ///< (N, dimension), row-major
};

/// Throws Error(InvalidArgument) where a file's ending is neither .csv nor .npy: asked before anything long is computed for it.
void requireCodesEnding(const std::filesystem::path& file);

/// By the file's ending: .npy gives (N, D) float32, with NAME.labels.npy (N, uint8) and NAME.items.npy (N, int32) beside it; .csv
/// has every float so that it reads back the same. Whole or not at all. Throws Error(Io), and as
/// requireCodesEnding.
void writeCodes(const std::filesystem::path& file, const CodeTable& table);

/// Reads what writeCodes has written, and what the file holds decides which. CSV: the columns index, label, z0, z1, … in this
/// order; blank lines are passed over. An npy file: (N, D) numbers of any type, their labels from NAME.labels.npy and their
/// indices from NAME.items.npy where those lie beside it; else there are no labels, and the indices count from 0. Throws
/// Error(NotFound), or Error(CorruptData) naming file, line or row, found and expected, for other columns and shapes, ragged
/// rows, as many labels as there are not codes, and values that are no finite numbers.
CodeTable readCodes(const std::filesystem::path& file);

/// Places in the plane for the same items: CSV index,label,x,y (index,x,y where there are no labels) or, as (N, 2) float32, .npy.
/// Throws as writeCodes.
void writeProjection(const std::filesystem::path& file, const CodeTable& table, std::span<const float> places);

} // namespace latentoscope
