/// A whole data set of the MNIST family: found in a folder, checked, recognised by what it contains.
#pragma once

#include "core/data/ImageSet.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace latentoscope {

struct DataSet {
    std::string name;                    ///< "Fashion-MNIST", "MNIST", …; the folder's name where the digest is not known
    std::string digest;                  ///< SHA-256 (hexadecimal) over shapes, pixels and labels of train and test
    std::filesystem::path folder;        ///< where it was read from
    std::vector<std::string> classNames; ///< by label; "0", "1", … where the data set is not known
    ImageSet train;
    ImageSet test;
};

/// Where the Debian package dataset-fashion-mnist puts its files.
std::filesystem::path packagedDataFolder();

/// Reads the four standard files (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-…, each plain or .gz).
/// Throws Error(NotFound) naming the package that holds Fashion-MNIST, Error(CorruptData) naming file, found and expected.
/// Blocks for as long as reading takes (about half a second for Fashion-MNIST); any thread.
std::shared_ptr<const DataSet> loadDataSet(const std::filesystem::path& folder = packagedDataFolder());

} // namespace latentoscope
