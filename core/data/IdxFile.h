/// Reads IDX files, the format of the MNIST family, gzip-compressed or plain.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace latentoscope {

struct ImageSet;

/// One IDX file of unsigned bytes.
struct IdxArray {
    std::vector<int> sizes;           ///< N, H, W or N, H, W, 3 of images; N of labels
    std::vector<std::uint8_t> values; ///< row-major
    std::string storedMd5;            ///< of the file as it lies on disk
    std::string contentMd5;           ///< of what it holds, uncompressed, header included
};

/// Reads images: element type unsigned byte, sizes (N, H, W) or (N, H, W, 3) with H and W from 8 to 256.
/// Nothing is allocated on the header's word alone: memory grows with what the file really holds.
/// Throws Error(NotFound) or Error(CorruptData): one sentence with file, found and expected.
IdxArray readIdxImages(const std::filesystem::path& file);

/// Reads labels: element type unsigned byte, size (N). Throws as readIdxImages.
IdxArray readIdxLabels(const std::filesystem::path& file);

/// A set as a file of images (N, H, W) or (N, H, W, 3), and as one of labels below 256.
std::string idxImages(const ImageSet& set);
std::string idxLabels(const ImageSet& set);

/// A file that may lie beside IDX files: names of the classes, one a line, in the order of their numbers.
inline constexpr const char* kClassNamesFile = "classes.txt";

} // namespace latentoscope
