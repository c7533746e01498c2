#include "core/storage/Safetensors.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace latentoscope {
namespace {

std::string file(const std::string& header, const std::string& data)
{
    const std::uint64_t length = header.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + header + data;
}

std::string refusal(const std::string& bytes)
{
    const test::TemporaryFolder folder;
    test::writeBytes(folder / "m.safetensors", bytes);
    try {
        readSafetensors(folder / "m.safetensors");
    } catch (const Error& error) {
        return std::string(error.what()).substr((folder / "m.safetensors").string().size() + 2);
    }
    return "accepted";
}

const std::string kFour(4, '\0');

} // namespace

TEST(Safetensors, RoundTripsValuesAndShapes)
{
    const test::TemporaryFolder folder;
    const std::vector<NamedTensor> tensors{{"a", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"scalar", {}, {7}}, {"none", {0, 4}, {}}};
    writeSafetensors(folder / "m.safetensors", tensors);
    const auto read = readSafetensors(folder / "m.safetensors");
    ASSERT_EQ(read.size(), 3U);
    for (const NamedTensor& tensor : tensors) {
        const auto found =
            std::find_if(read.begin(), read.end(), [&](const NamedTensor& other) { return other.name == tensor.name; });
        ASSERT_NE(found, read.end());
        EXPECT_EQ(found->shape, tensor.shape);
        EXPECT_EQ(found->values, tensor.values);
    }
}

TEST(Safetensors, BufferStartsOnEightBytesAndMetadataNamesTheFormat)
{
    const test::TemporaryFolder folder;
    writeSafetensors(folder / "m.safetensors", {{"a", {1}, {1}}});
    const std::string bytes = readFile(folder / "m.safetensors");
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), 8);
    EXPECT_EQ(length % 8, 0U);
    EXPECT_EQ(bytes[8], '{');
    EXPECT_NE(bytes.find(R"("__metadata__":{"format":"pt"})"), std::string::npos);
    EXPECT_EQ(bytes.size(), 8 + length + 4);
}

TEST(Safetensors, RefusesWhatIsNoSafetensorsFile)
{
    EXPECT_EQ(refusal("abc"), "has 3 bytes, expected at least 8");
    EXPECT_EQ(refusal(std::string(8, '\xff') + "{}"),
              "its header claims 18446744073709551615 bytes, but the file holds 2 after it");
    EXPECT_EQ(refusal(file("not json", "")), "its header is no JSON object, expected a safetensors header");
    EXPECT_EQ(refusal(file(R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})", kFour + kFour)),
              "a: holds \"F64\", expected \"F32\"");
    EXPECT_EQ(refusal(file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", kFour)),
              "a: data_offsets [0,4] do not hold its shape [2], expected 8 bytes");
    EXPECT_EQ(refusal(file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", kFour + kFour)),
              "a: begins at byte 4, expected 0 (no hole, no overlap)");
    EXPECT_EQ(refusal(file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", kFour + "x")),
              "holds 5 bytes of data, expected 4");
    EXPECT_EQ(
        refusal(
            file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                 kFour)),
        "the name a stands twice in the header, expected every name once");
    EXPECT_EQ(refusal(file(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", "")),
              "a: its shape [4611686018427387904,4] is too large");
    EXPECT_EQ(refusal(file(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", kFour)),
              "a: its shape is no list of sizes");
}

} // namespace latentoscope
