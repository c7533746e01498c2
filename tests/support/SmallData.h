/// Tiny data sets and temporary folders for tests.
#pragma once

#include "core/storage/Metrics.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace latentoscope {
struct DataSet;
struct ImageShape;
} // namespace latentoscope

namespace latentoscope::test {

/// A folder that goes away with the object.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path operator/(const std::string& name) const { return m_path / name; }

private:
    std::filesystem::path m_path;
};

/// Images of ten classes that a network can learn: a bright square whose place and size the class gives, and a little noise.
/// The same for the same arguments.
std::shared_ptr<const DataSet> smallData(const ImageShape& shape, int train = 200, int test = 50);

/// Metrics of an epoch of an auto-encoder.
EpochMetrics epochMetrics(int epoch, double train, std::optional<double> validation, double imagesPerSecond = 1000);

enum class Compression { None, Gzip };

/// Writes the four IDX files of a data set.
void writeIdxFolder(const std::filesystem::path& folder, const DataSet& data, Compression compression);

/// The bytes of an IDX file of unsigned bytes.
std::string idxBytes(const std::vector<std::uint32_t>& sizes, std::span<const std::uint8_t> values);

/// Writes bytes as they are, or gzip-compressed.
void writeBytes(const std::filesystem::path& file, const std::string& bytes, Compression compression = Compression::None);

} // namespace latentoscope::test
