/// The safetensors format, exactly: named float32 tensors in one file that any framework reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace latentoscope {

struct NamedTensor {
    std::string name;
    std::vector<std::int64_t> shape; ///< row-major; empty: a single value
    std::vector<float> values;
};

/// u64 little-endian header length, JSON header (padded with spaces to 8 bytes), float32 little-endian data, in the order given.
/// Whole or not at all. Throws Error(Io).
void writeSafetensors(const std::filesystem::path& file, const std::vector<NamedTensor>& tensors,
                      const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

/// Reads a file of float32 tensors. Everything is checked before anything is allocated: length of the header, duplicate
/// names, holes, overlaps and surplus bytes. Throws Error(CorruptData) naming file and tensor.
std::vector<NamedTensor> readSafetensors(const std::filesystem::path& file);

/// The words beside the tensors ("__metadata__"); empty where there are none. Throws as readSafetensors.
std::map<std::string, std::string> readSafetensorsMetadata(const std::filesystem::path& file);

} // namespace latentoscope
