// Pictures of any shape become images of one.
#include "core/sources/FitImage.h"

#include "core/base/Error.h"
#include "core/sources/DecodeImage.h"
#include "tests/core/sources/PictureFiles.h"
#include "tests/support/Refusal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace latentoscope {
namespace {

using Bytes = std::vector<std::uint8_t>;
using test::pictureFolder;

Bytes fitted(const RawImage& picture, const FitSettings& settings)
{
    Bytes image(settings.shape.values());
    fitImage(picture, settings, image);
    return image;
}

RawImage picture(const std::string& name) { return decodeImage(test::bytesOf(pictureFolder() / name)); }

int worstDifference(const Bytes& a, const Bytes& b)
{
    EXPECT_EQ(a.size(), b.size());
    int worst = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) worst = std::max(worst, std::abs(int{a[i]} - int{b[i]}));
    return worst;
}

Bytes pillows(const std::string& name) { return std::get<Bytes>(picture(name).values); }

} // namespace

TEST(FitImage, CopiesWhatFitsAlready)
{
    ASSERT_FALSE(pictureFolder().empty()) << "python3-pil is needed";
    EXPECT_EQ(fitted(picture("colour.png"), {{9, 13, 3}}), pillows("colour.png"));
    EXPECT_EQ(fitted(picture("grey.png"), {{9, 13, 1}}), pillows("grey.png"));
}

TEST(FitImage, ShrinksByAreasAsPillowReduces)
{
    EXPECT_LE(worstDifference(fitted(picture("large.png"), {{16, 24, 3}}), pillows("large-reduced.png")), 1);
    EXPECT_LE(worstDifference(fitted(picture("large.png"), {{16, 16, 3}}), pillows("large-cropped.png")), 1) << "its middle";
}

TEST(FitImage, MakesGreyAsPillowDoes)
{
    EXPECT_EQ(fitted(picture("large.png"), {{64, 96, 1}}), pillows("large-grey.png"));
    const Bytes colour = fitted(picture("grey.png"), {{9, 13, 3}});
    const Bytes grey = pillows("grey.png");
    for (std::size_t i = 0; i < colour.size(); ++i) ASSERT_EQ(colour[i], grey[i / 3]);
}

TEST(FitImage, SixteenBitsBecomeEightRoundedToNearest)
{
    const RawImage wide{1, 4, 1, std::vector<std::uint16_t>{0, 65535, 128, 129}};
    EXPECT_EQ(fitted(wide, {{1, 4, 1}}), (Bytes{0, 255, 0, 1}));
}

TEST(FitImage, SeeThroughPixelsLieOnTheBackground)
{
    const RawImage half{1, 3, 4, Bytes{200, 100, 0, 255, 200, 100, 0, 0, 200, 100, 0, 51}};
    EXPECT_EQ(fitted(half, {{1, 3, 3}}), (Bytes{200, 100, 0, 0, 0, 0, 40, 20, 0}));
    EXPECT_EQ(fitted(half, {{1, 3, 3}, ImageFit::Crop, ImageBackground::White}),
              (Bytes{200, 100, 0, 255, 255, 255, 244, 224, 204}));
}

TEST(FitImage, PadsAndStretches)
{
    const RawImage wide{2, 4, 1, Bytes(8, 90)};
    EXPECT_EQ(fitted(wide, {{4, 4, 1}, ImageFit::Pad}), (Bytes{0, 0, 0, 0, 90, 90, 90, 90, 90, 90, 90, 90, 0, 0, 0, 0}));
    EXPECT_EQ(fitted(wide, {{4, 4, 1}, ImageFit::Pad, ImageBackground::White}).front(), 255);
    EXPECT_EQ(fitted(wide, {{4, 4, 1}, ImageFit::Stretch}), Bytes(16, 90));
    const RawImage line{1, 300, 1, Bytes(300, 7)};
    EXPECT_EQ(fitted(line, {{8, 8, 1}, ImageFit::Pad}).size(), 64U) << "a line of less than a pixel is still there";
    EXPECT_EQ(fitted(line, {{8, 8, 1}}), Bytes(64, 7));
}

TEST(FitImage, RefusesAnotherRoom)
{
    Bytes small(3);
    EXPECT_NE(test::refusal([&] { fitImage({1, 4, 1, Bytes(4)}, {{1, 4, 1}}, small); }).find("room for 3"), std::string::npos);
}

} // namespace latentoscope
