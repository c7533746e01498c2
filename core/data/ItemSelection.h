/// Which images are meant.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace latentoscope {

struct DataSet;
struct ImageSet;

/// Some items of one split: what a view shows, what a metric is computed on.
struct ItemSelection {
    std::string split;      ///< "train", "validation", "test" or "all": words for a person
    std::vector<int> items; ///< indices into images(), ascending
    bool fromTest = false;  ///< whether the indices point into DataSet::test (otherwise into DataSet::train)
    /// Of "all": the training images and after them the test images, into which the indices point.
    std::shared_ptr<const ImageSet> joined = nullptr;
    int whole = 0; ///< images of the split, of which these are some; 0: not told

    const ImageSet& images(const DataSet& data) const;
};

} // namespace latentoscope
