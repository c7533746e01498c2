// Figures that every run writes, from its values.
#include "core/figures/RunFigures.h"
#include "core/figures/FigureCsv.h"
#include "core/figures/FigureData.h"
#include "core/figures/ScatterFigure.h"
#include "core/values/LatentCodes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace latentoscope {
namespace {

LatentCodes codesOf(int dimension, int count)
{
    LatentCodes codes;
    codes.dimension = dimension;
    codes.split = "test";
    for (int i = 0; i < count; ++i) {
        codes.items.push_back(i);
        codes.labels.push_back(static_cast<std::uint8_t>(i % 3));
        for (int d = 0; d < dimension; ++d) codes.values.push_back(static_cast<float>(i + 100 * d));
    }
    return codes;
}

} // namespace

TEST(ClassStrips, FillTheirStripEvenlyAndTheSameWayEachTime)
{
    LatentCodes codes = codesOf(1, 1000);
    codes.labels.assign(1000, 4);
    const std::vector<float> heights = classStrips(codes);
    EXPECT_EQ(heights, classStrips(codes));
    std::vector<int> tenths(10, 0);
    for (const float height : heights) {
        EXPECT_GT(height, 3.6F);
        EXPECT_LT(height, 4.4F);
        ++tenths[static_cast<std::size_t>(std::min(9.0F, (height - 3.68F) / 0.064F))];
    }
    for (const int count : tenths) EXPECT_NEAR(count, 100, 3);
    const AxisRange all = stripRange(5);
    EXPECT_TRUE(all.contains(-0.4) && all.contains(4.4));
}

TEST(LatentFigure, OfOneDimensionHasAStripAClassWhichIsNoNumberOfTheCode)
{
    const std::vector<std::string> names{"a", "b", "c"};
    const ScatterFigure one = latentFigure(codesOf(1, 30), names, 0, 1);
    EXPECT_TRUE(one.strips);
    EXPECT_EQ(one.yTitle, "class");
    for (std::size_t i = 0; i < one.y.size(); ++i) EXPECT_NEAR(one.y[i], one.labels[i], 0.4);
    const std::string csv = figureCsv(one);
    EXPECT_EQ(csv.substr(0, csv.find('\n', csv.find('\n') + 1)), "index,label,class,shown,z0\n0,0,a,1,0");
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 31) << "every point is within the range";
    const ScatterFigure two = latentFigure(codesOf(2, 3), names, 0, 1);
    EXPECT_FALSE(two.strips);
    EXPECT_EQ(figureCsv(two), "index,label,class,shown,z0,z1\n0,0,a,1,0,100\n1,1,b,1,1,101\n2,2,c,1,2,102\n");
}

TEST(LatentFigure, WithoutLabelsHasNoClasses)
{
    LatentCodes codes = codesOf(2, 3);
    codes.labels.clear();
    const ScatterFigure two = latentFigure(codes, {}, 0, 1);
    EXPECT_FALSE(two.hasClasses());
    EXPECT_EQ(figureCsv(two), "index,z0,z1\n0,0,100\n1,1,101\n2,2,102\n");
    LatentCodes line = codesOf(1, 30);
    line.labels.clear();
    const ScatterFigure one = latentFigure(line, {}, 0, 1);
    EXPECT_TRUE(one.strips);
    EXPECT_EQ(one.yTitle, "");
    for (const float height : one.y) EXPECT_NEAR(height, 0, 0.4);
    const std::string csv = figureCsv(one);
    EXPECT_EQ(csv.substr(0, csv.find('\n', csv.find('\n') + 1)), "index,z0\n0,0");
}

} // namespace latentoscope
