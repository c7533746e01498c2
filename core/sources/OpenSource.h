/// Finds out what a path holds.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/data/DataOptions.h"
#include "core/sources/PictureSource.h"

#include <filesystem>
#include <memory>

namespace latentoscope {

/// Whether a file or folder is called as something that loadData reads, IDX files included: by names alone, of a folder's the
/// first thousand that are met.
bool looksLikeData(const std::filesystem::path& path);

/// Whether the four IDX files of an MNIST-like data set lie in a folder, by the name of the first.
bool holdsIdxFiles(const std::filesystem::path& folder);

/// Opens a folder (of pictures; of .npy files; of CIFAR's or STL-10's binary files; of CSV files with a pixel a column) or a file
/// (.npz, .npy, .csv, a ZIP or TAR of pictures). In a folder, what is called as one of these kinds counts, in this order: binary
/// files, .npy, pictures, CSV. Null where `progress` said false. Throws Error(NotFound), or Error(InvalidArgument) for a file of
/// another kind, and as openFolder, openArchive, npyPictures, binaryBatches and pixelTables.
std::unique_ptr<PictureSource> openSource(const std::filesystem::path& path, const DataOptions& options,
                                          const WorkProgress& progress);

} // namespace latentoscope
