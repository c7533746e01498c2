/// Images that are there more than once.
#pragma once

#include <cstddef>
#include <vector>

namespace latentoscope {

struct DataSet;

/// An image of a data set: index `item` of its training or its test images.
struct ImagePlace {
    bool train = true;
    int item = 0;

    bool operator==(const ImagePlace&) const = default;
};

struct Duplicates {
    std::vector<std::vector<ImagePlace>> groups; ///< places of equal pixels, two at least; training images first, ascending
    std::size_t copies = 0;                      ///< images beyond the first of each group
    std::size_t leaked = 0;                      ///< test images that are among the training images, too
};

/// By all pixels, whatever the labels. Groups come in the order of their first images.
Duplicates findDuplicates(const DataSet& data);

} // namespace latentoscope
