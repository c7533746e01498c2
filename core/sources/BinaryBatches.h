/// The binary files of CIFAR-10, CIFAR-100 and STL-10, as their publishers give them.
#pragma once

#include "core/sources/PictureArray.h"

#include <filesystem>
#include <optional>

namespace latentoscope {

/// Whether a folder has one of the files that binaryBatches() looks for.
bool holdsBinaryBatches(const std::filesystem::path& folder);

/// Of a folder with data_batch_1.bin … and test_batch.bin (CIFAR-10: a byte for the class and 32×32×3 values, plane by plane, a
/// picture), train.bin and test.bin (CIFAR-100: two bytes, of which the second, the finer class, counts), or train_X.bin,
/// train_y.bin and test_X.bin, test_y.bin (STL-10: 96×96×3, plane by plane, column by column; classes from 1). Names of classes
/// come from batches.meta.txt, fine_label_names.txt or class_names.txt where those are there. None: the folder has no such files.
/// Throws Error(CorruptData) naming file, found and expected.
std::optional<PictureArrays> binaryBatches(const std::filesystem::path& folder);

} // namespace latentoscope
