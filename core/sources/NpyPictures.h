/// Pictures in NumPy's files: an .npz, an .npy, or a folder of .npy files.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/data/DataOptions.h"
#include "core/sources/PictureArray.h"

#include <filesystem>
#include <optional>

namespace latentoscope {

/// Whether a folder has an .npy file at its top that is called as an array of pictures.
bool holdsNpyPictures(const std::filesystem::path& folder);

/// Arrays by their names: `images`, `imgs`, `x` or `data` with `labels`, `y` or `target`, of a part where `train`, `val` or
/// `test` stands before or behind (train_images, x_test), as MedMNIST and Keras have them; an .npy file alone holds the pictures.
/// Shapes: (N, H, W), (N, H, W, C), (N, C, H, W), or (N, D) as shapeOfRow says. Labels: (N), (N, 1), or one of each row (N, K)
/// marked by
/// 1. An .npy file in row-major order is read picture by picture, all others are held in memory. None where `progress` said
/// false. Throws Error(CorruptData) naming array, found and expected.
std::optional<PictureArrays> npyPictures(const std::filesystem::path& path, const DataOptions& options,
                                         const WorkProgress& progress);

} // namespace latentoscope
