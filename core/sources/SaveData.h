/// Writes a data set for other programs, and for reading it again.
#pragma once

#include <filesystem>

namespace latentoscope {

struct DataSet;

/// FILE.npz: x_train, y_train, x_test and y_test, and x_val, y_val where the data set itself holds images out; uint8 (N, H, W) or
/// (N, H, W, 3), labels uint8 or uint16; without labels no y. Any other name is a folder of four IDX files, with classes.txt, a
/// name a line; which images are held out for validation it cannot say. Read again it is the same data set, with the same digest.
/// Whole or not at all. Throws Error(InvalidArgument) where the path is there already, or where IDX cannot hold what there is (no
/// labels, or more than 256 classes); Error(Io).
void saveData(const DataSet& data, const std::filesystem::path& path);

} // namespace latentoscope
