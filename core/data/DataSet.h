/// A whole data set: its images, what its classes are called, where it came from, and what was found there.
#pragma once

#include "core/data/ImageSet.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace latentoscope {

/// How many pictures have one size.
struct SizeCount {
    int height = 0;
    int width = 0;
    int count = 0;
};

/// Something that cannot be taken as an image, and why.
struct Unreadable {
    std::string file; ///< below the data set's folder
    std::string reason;
};

/// What reading came upon.
struct DataFound {
    std::vector<SizeCount> sizes; ///< of the pictures as they are, the commonest first
    int depth = 8;                ///< bits a value, the most of any
    std::vector<Unreadable> unreadable;
    std::size_t passedOver = 0;     ///< files that are no pictures by name
    bool testIsDrawn = false;       ///< whether the test set is data.test_fraction of the images
    std::vector<std::string> notes; ///< what was chosen, in words
};

struct DataSet {
    std::string name;                    ///< "Fashion-MNIST", "MNIST", …; the folder's name where the digest is not known
    std::string known;                   ///< which published data set it is, by its content: "Fashion-MNIST"; empty: another
    std::string digest;                  ///< digestOf()
    std::filesystem::path folder;        ///< where it was read from
    std::vector<std::string> classNames; ///< by label; "0", "1", … where nothing tells; empty: the data have no labels
    ImageSet train;
    ImageSet test;
    std::vector<int> validation; ///< those of train that the data set itself holds out, ascending; empty: none
    DataFound found;

    bool hasLabels() const { return !classNames.empty(); }
};

/// Where the Debian package dataset-fashion-mnist puts its files.
std::filesystem::path packagedDataFolder();

/// SHA-256 (hexadecimal) over shapes, pixels and labels of train and test; without labels, over shapes and pixels.
std::string digestOf(const DataSet& data);

/// The data set of the reference report.
inline constexpr const char* kFashionMnist = "Fashion-MNIST";

/// Gives Fashion-MNIST its name and those of its classes where the digest is that of it, whatever it was read from.
void recognise(DataSet& data);

/// How many classes a classifier of these data tells apart: at least two.
int classesFor(const DataSet& data);

/// The last part of a folder's path.
std::string nameOfFolder(const std::filesystem::path& folder);

/// Reads the four standard files (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-…, each plain or .gz).
/// Throws Error(NotFound) naming the package that holds Fashion-MNIST, Error(CorruptData) naming file, found and expected.
/// Blocks for as long as reading takes (about half a second for Fashion-MNIST); any thread.
std::shared_ptr<const DataSet> loadDataSet(const std::filesystem::path& folder = packagedDataFolder());

} // namespace latentoscope
