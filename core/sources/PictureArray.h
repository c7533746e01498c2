/// Many pictures of one size as numbers, one after the other: in memory, or in a file that is read picture by picture.
#pragma once

#include "core/base/FileDescriptor.h"
#include "core/data/DataOptions.h"
#include "core/data/NumberType.h"
#include "core/sources/Listing.h"
#include "core/sources/PictureSource.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

/// Where bytes lie: in memory, or in an open file.
struct ByteStore {
    std::shared_ptr<const std::string> memory;  ///< null: in the file
    std::shared_ptr<const FileDescriptor> file; ///< null: in memory
};

/// Pictures (count; height, width, channels) in any order of these. Steps count bytes.
struct PictureArray {
    std::string name; ///< what messages call it, such as "x_train.npy"
    Part part = Part::None;
    ByteStore store;
    NumberType type;
    std::size_t count = 0;
    int height = 0;
    int width = 0;
    int channels = 1;          ///< 1, 3 or 4
    std::uint64_t first = 0;   ///< where the first picture begins
    std::uint64_t step = 0;    ///< from one picture to the next
    std::uint64_t length = 0;  ///< of one picture, from its first byte to its last: what is read of a file
    std::uint64_t rowStep = 0; ///< from one row to the next
    std::uint64_t columnStep = 0;
    std::uint64_t channelStep = 0;
    std::vector<std::string> labels; ///< (count) names of classes; empty: without
};

/// All that a file, or a folder of files, holds of these.
struct PictureArrays {
    std::vector<PictureArray> arrays;
    std::vector<std::string> classNames; ///< where something tells their order; empty: those of the labels, in theirs
    std::vector<std::string> notes;      ///< what was chosen, in words
    std::size_t passedOver = 0;          ///< files or arrays that are no pictures
    std::string fingerprint;             ///< as PictureSource::fingerprint
};

/// The height, width and channels of a row of so many values: data.size where it fits, else a square, grey or of three colours
/// beside each other. None where it is neither.
std::optional<ImageShape> shapeOfRow(std::int64_t values, const ImageSize& asked);

/// Gives them as pictures. Values become black to white by the range that all of them together lie in: 0 to 1 or −1 to 1 of
/// real numbers; 0 to 255; 0 to 1,023, 4,095, 16,383 or 65,535; where nothing is above 16, 0 to the highest; else lowest to
/// highest. What is not 0 to 255 is said in notes(). Arrays without labels are passed over where others have some. Throws
/// Error(CorruptData) where there are more classes than kMostClasses.
std::unique_ptr<PictureSource> openArrays(PictureArrays arrays);

} // namespace latentoscope
