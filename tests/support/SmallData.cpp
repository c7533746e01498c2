#include "tests/support/SmallData.h"

#include "core/base/Random.h"
#include "core/data/DataSet.h"
#include "core/data/ImageSet.h"
#include "core/data/ImageShape.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <zlib.h>

namespace latentoscope::test {
namespace {

ImageSet smallSet(const ImageShape& shape, int count, std::uint32_t stream)
{
    ImageSet set;
    set.shape = shape;
    std::vector<std::uint8_t> pixels;
    RandomStream random(1, RandomPurpose::Noise, stream);
    for (int item = 0; item < count; ++item) {
        const int label = item % 10;
        set.labels.push_back(static_cast<Label>(label));
        const int top = shape.height * (label % 3) / 5;
        const int left = shape.width * (label / 3) / 5;
        const int side = std::min(shape.height, shape.width) / 3 + label % 2;
        for (int y = 0; y < shape.height; ++y) {
            for (int x = 0; x < shape.width; ++x) {
                const bool inside = y >= top && y < top + side && x >= left && x < left + side;
                for (int c = 0; c < shape.channels; ++c) {
                    pixels.push_back(static_cast<std::uint8_t>((inside ? 180 + 20 * c : 5) + static_cast<int>(random.below(30))));
                }
            }
        }
    }
    set.pixels = std::move(pixels);
    return set;
}

std::vector<std::uint32_t> imageSizes(const ImageSet& set)
{
    std::vector<std::uint32_t> sizes{static_cast<std::uint32_t>(set.count()), static_cast<std::uint32_t>(set.shape.height),
                                     static_cast<std::uint32_t>(set.shape.width)};
    if (set.shape.channels == 3) sizes.push_back(3);
    return sizes;
}

} // namespace

TemporaryFolder::TemporaryFolder()
{
    std::string name = (std::filesystem::temp_directory_path() / "latentoscope-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    m_path = name;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

std::shared_ptr<const DataSet> smallData(const ImageShape& shape, int train, int test)
{
    auto data = std::make_shared<DataSet>();
    data->name = "small";
    data->digest = "small-" + std::to_string(shape.values());
    for (int label = 0; label < 10; ++label) data->classNames.push_back(std::to_string(label));
    data->train = smallSet(shape, train, 1);
    data->test = smallSet(shape, test, 2);
    return data;
}

EpochMetrics epochMetrics(int epoch, double train, std::optional<double> validation, double imagesPerSecond)
{
    EpochMetrics metrics{epoch, {{"train", "mse", train}}};
    if (validation) metrics.values.push_back({"validation", "mse", *validation});
    metrics.values.push_back({"train", "images_per_second", imagesPerSecond});
    metrics.values.push_back({"train", "seconds", 1});
    return metrics;
}

std::string idxBytes(const std::vector<std::uint32_t>& sizes, std::span<const std::uint8_t> values)
{
    std::string bytes{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
    for (const std::uint32_t size : sizes) {
        for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((size >> shift) & 0xFFU);
    }
    bytes.append(values.begin(), values.end());
    return bytes;
}

void writeBytes(const std::filesystem::path& file, const std::string& bytes, Compression compression)
{
    if (compression == Compression::None) {
        std::ofstream(file, std::ios::binary) << bytes;
        return;
    }
    gzFile out = gzopen(file.c_str(), "wb1");
    if (out == nullptr || gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size())) != static_cast<int>(bytes.size()) ||
        gzclose(out) != Z_OK) {
        throw std::runtime_error("cannot write " + file.string());
    }
}

void writeIdxFolder(const std::filesystem::path& folder, const DataSet& data, Compression compression)
{
    const std::string ending = compression == Compression::Gzip ? ".gz" : "";
    const auto write = [&](const std::string& part, const ImageSet& set) {
        writeBytes(folder / (part + "-images-idx3-ubyte" + ending), idxBytes(imageSizes(set), set.pixels), compression);
        writeBytes(
            folder / (part + "-labels-idx1-ubyte" + ending),
            idxBytes({static_cast<std::uint32_t>(set.count())}, std::vector<std::uint8_t>(set.labels.begin(), set.labels.end())),
            compression);
    };
    write("train", data.train);
    write("t10k", data.test);
}

} // namespace latentoscope::test
