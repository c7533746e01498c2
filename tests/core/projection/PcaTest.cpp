// Principal components of points.
#include "core/projection/Pca.h"
#include "core/base/Error.h"
#include "tests/core/projection/ProjectionPoints.h"
#include "tests/support/Refusal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace latentoscope {
namespace {

using test::goldenPoints;
using test::normalPoints;
using test::pool;
using test::refusal;

} // namespace

TEST(Pca, AgreesWithScikitLearn)
{
    const Points points = goldenPoints();
    const auto pca = principalComponents(points, 3, pool(2));
    ASSERT_TRUE(pca);
    const std::vector<double> variance{13.76624279, 8.86678517, 5.28539302};
    const std::vector<double> shares{0.43865965, 0.28253903, 0.1684184};
    const std::vector<double> axes{-0.08537714, -0.09420392, -0.11406867, -0.18964938, -0.96688046,
                                   0.09921016,  0.12177751,  0.19889158,  0.93998615,  -0.22846391,
                                   0.14914491,  0.21733876,  0.92387592,  -0.26174182, -0.09200088};
    for (std::size_t c = 0; c < 3; ++c) {
        EXPECT_NEAR(pca->variance[c], variance[c], 1e-7);
        EXPECT_NEAR(pca->explained()[c], shares[c], 1e-7);
        // Our sign makes the largest value positive; theirs is another's matter.
        const double sign = c == 0 ? -1 : 1;
        for (std::size_t d = 0; d < 5; ++d) EXPECT_NEAR(pca->axes[5 * c + d], sign * axes[5 * c + d], 1e-7);
    }
    // What is projected has that variance, and no mean.
    const Points projected = pca->project(points);
    for (int c = 0; c < 3; ++c) {
        double sum = 0, squares = 0;
        for (int row = 0; row < 300; ++row) {
            const double value = static_cast<double>(projected.row(row)[c]);
            sum += value;
            squares += value * value;
        }
        EXPECT_NEAR(sum / 300, 0, 1e-6);
        EXPECT_NEAR(squares / 299, variance[static_cast<std::size_t>(c)], 1e-5);
    }
}

TEST(Pca, TheWayBackIsExactWhereAllDimensionsAreKept)
{
    const Points points = goldenPoints();
    const auto pca = principalComponents(points, 5, pool(1));
    const Points back = pca->restore(pca->project(points));
    for (std::size_t i = 0; i < points.values.size(); ++i) EXPECT_NEAR(back.values[i], points.values[i], 1e-5);
    // With fewer, what is lost is the variance left over.
    const auto two = principalComponents(points, 2, pool(1));
    const Points near = two->restore(two->project(points));
    double lost = 0;
    for (std::size_t i = 0; i < points.values.size(); ++i) lost += std::pow(double{near.values[i]} - double{points.values[i]}, 2);
    EXPECT_NEAR(lost / 299, two->totalVariance * (1 - two->explained()[0] - two->explained()[1]), 1e-5);
}

TEST(Pca, IsTheSameForAnyNumberOfThreads)
{
    const Points points = normalPoints(9000, 12, 8);
    const auto one = principalComponents(points, 2, pool(1));
    for (const int threads : {2, 4}) {
        const auto other = principalComponents(points, 2, pool(threads));
        EXPECT_EQ(other->axes, one->axes);
        EXPECT_EQ(other->project(points).values, one->project(points).values);
    }
}

TEST(Pca, OfPointsThatDoNotVaryIsFinite)
{
    for (const int count : {1, 2, 50}) {
        const Points points{3, std::vector<float>(static_cast<std::size_t>(3 * count), 2.5F)};
        const auto pca = principalComponents(points, 2, pool(2));
        EXPECT_EQ(pca->explained(), (std::vector<double>{0, 0}));
        for (const float value : pca->project(points).values) EXPECT_EQ(value, 0);
        for (const float value : pca->restore(pca->project(points)).values) EXPECT_EQ(value, 2.5F);
    }
    EXPECT_NE(refusal([] { (void)principalComponents(goldenPoints(), 6, pool(1)); }).find("found 6, expected 1 to 5"),
              std::string::npos);
    const auto pca = principalComponents(goldenPoints(), 2, pool(1));
    EXPECT_NE(refusal([&] { (void)pca->project(normalPoints(4, 3, 1)); }).find("found points of 3"), std::string::npos);
    EXPECT_NE(refusal([&] { (void)pca->restore(normalPoints(4, 3, 1)); }).find("found points of 3"), std::string::npos);
}

} // namespace latentoscope
