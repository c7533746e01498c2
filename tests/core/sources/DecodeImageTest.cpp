// Pictures are decoded as Pillow decodes them, and what is no picture is refused.
#include "core/sources/DecodeImage.h"

#include "core/base/Error.h"
#include "tests/core/sources/PictureFiles.h"
#include "tests/support/Refusal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace latentoscope {
namespace {

using test::bytesOf;
using test::pictureFolder;
using test::refusal;
using test::valuesBeside;

std::vector<std::string> names()
{
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(pictureFolder())) {
        if (std::filesystem::exists(entry.path().string() + ".values")) all.push_back(entry.path().filename().string());
    }
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace

TEST(DecodeImage, GivesWhatPillowGivesOfEveryKindAndDepth)
{
    ASSERT_FALSE(pictureFolder().empty()) << "python3-pil is needed";
    const std::vector<std::string> all = names();
    EXPECT_GE(all.size(), 30U);
    for (const std::string& name : all) {
        SCOPED_TRACE(name);
        RawImage expected = valuesBeside(pictureFolder() / name);
        const RawImage found = decodeImage(bytesOf(pictureFolder() / name));
        EXPECT_EQ(found.height, expected.height);
        EXPECT_EQ(found.width, expected.width);
        ASSERT_EQ(found.isWide(), expected.isWide());
        if (found.isWide()) {
            EXPECT_EQ(std::get<1>(found.values), std::get<1>(expected.values));
            continue;
        }
        const auto& own = std::get<0>(found.values);
        std::vector<std::uint8_t> theirs = std::get<0>(expected.values);
        if (found.channels == 1 && expected.channels == 3) { // a palette of greys
            for (std::size_t i = 0; i < found.pixels(); ++i) theirs[i] = theirs[3 * i];
            theirs.resize(found.pixels());
        }
        ASSERT_EQ(own.size(), theirs.size());
        if (found.premultiplied) { // as libtiff gives such values
            for (std::size_t i = 0; i < theirs.size(); ++i)
                if (i % 4 != 3) theirs[i] = static_cast<std::uint8_t>((theirs[i] * theirs[i - i % 4 + 3] + 127) / 255);
        }
        const bool lossy = name.ends_with(".jpg") || name.ends_with(".jpeg");
        int worst = 0;
        for (std::size_t i = 0; i < own.size(); ++i) worst = std::max(worst, std::abs(int{own[i]} - int{theirs[i]}));
        EXPECT_LE(worst, lossy ? 2 : found.premultiplied ? 1 : 0);
    }
}

TEST(DecodeImage, TheHeaderTellsWhatDecodingGives)
{
    for (const std::string& name : names()) {
        SCOPED_TRACE(name);
        const std::vector<std::uint8_t> bytes = bytesOf(pictureFolder() / name);
        const auto header = readImageHeader(bytes);
        ASSERT_TRUE(header);
        const RawImage image = decodeImage(bytes);
        const bool lies = name >= "turned5" && name < "turned9"; // on its side
        EXPECT_EQ(header->height, lies ? image.width : image.height);
        EXPECT_EQ(header->width, lies ? image.height : image.width);
        if (!name.starts_with("bits")) {
            EXPECT_EQ(header->channels, std::min(image.channels, 3));
        }
        EXPECT_EQ(header->bits == 16, image.isWide());
        EXPECT_TRUE(isImageName(name));
    }
}

TEST(DecodeImage, RefusesWhatIsCutOff)
{
    for (const std::string& name : names()) {
        SCOPED_TRACE(name);
        std::vector<std::uint8_t> bytes = bytesOf(pictureFolder() / name);
        for (const std::size_t kept : {bytes.size() / 2, std::size_t{12}, std::size_t{1}, std::size_t{0}}) {
            bytes.resize(kept);
            EXPECT_NE(refusal([&] { (void)decodeImage(bytes); }), "") << kept << " bytes";
        }
    }
}

TEST(DecodeImage, SurvivesAnyDamage)
{
    // Whatever stands in a file, it is decoded or refused by an Error; nothing else, and no large memory.
    std::uint32_t state = 1;
    const auto random = [&] { return state = state * 1664525 + 1013904223; };
    for (const std::string& name : names()) {
        const std::vector<std::uint8_t> whole = bytesOf(pictureFolder() / name);
        for (int round = 0; round < 20; ++round) {
            std::vector<std::uint8_t> bytes = whole;
            for (int i = 0; i < 4; ++i)
                bytes[random() % std::min<std::size_t>(bytes.size(), 200)] = static_cast<std::uint8_t>(random() >> 24);
            EXPECT_NO_THROW((void)refusal([&] { (void)decodeImage(bytes); })) << name;
        }
    }
}

TEST(DecodeImage, AHugePictureIsNotDecoded)
{
    std::vector<std::uint8_t> bytes = bytesOf(pictureFolder() / "grey.png");
    for (const std::size_t at : {16U, 20U}) bytes[at] = 0x7F; // two thousand million pixels a side
    EXPECT_NE(refusal([&] { (void)decodeImage(bytes); }).find("expected 1 to 200,000,000"), std::string::npos);
}

TEST(ImageHeader, OtherFilesHaveNone)
{
    const std::string text = "P2 is how this sentence begins";
    EXPECT_FALSE(readImageHeader({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
    EXPECT_FALSE(readImageHeader({}));
    EXPECT_FALSE(isImageName("notes.txt"));
    EXPECT_FALSE(isImageName("png"));
    EXPECT_TRUE(isImageName("HOLIDAY.JPG"));
}

} // namespace latentoscope
