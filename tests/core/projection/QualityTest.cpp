// How true a picture of codes is.
#include "core/projection/Quality.h"
#include "core/base/Error.h"
#include "tests/core/projection/ProjectionPoints.h"
#include "tests/support/Refusal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace latentoscope {
namespace {

using test::goldenPoints;
using test::normalPoints;
using test::pool;
using test::refusal;

Points firstTwo(const Points& points)
{
    Points part{2, {}};
    for (int row = 0; row < points.count(); ++row) part.values.insert(part.values.end(), points.row(row), points.row(row) + 2);
    return part;
}

} // namespace

TEST(Quality, AgreesWithScikitLearnsTrustworthinessBothWays)
{
    const Points points = goldenPoints();
    const auto found = projectionQuality(points, firstTwo(points), {}, 1, pool(2));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->points, 300);
    EXPECT_NEAR(found->trustworthiness, 0.6770005858230814, 1e-12);
    EXPECT_NEAR(found->continuity, 0.8664780316344465, 1e-12) << "trustworthiness of the points as a picture of the picture";
    EXPECT_FALSE(found->labelAccuracy);
    for (const int threads : {1, 4}) {
        const auto other = projectionQuality(points, firstTwo(points), {}, 1, pool(threads));
        EXPECT_EQ(other->trustworthiness, found->trustworthiness);
    }
}

TEST(Quality, OfThePointsThemselvesIsPerfect)
{
    const Points points = normalPoints(200, 2, 6);
    std::vector<Label> labels;
    for (int row = 0; row < 200; ++row) labels.push_back(points.row(row)[0] > 0 ? 1 : 0);
    const auto found = projectionQuality(points, points, labels, 1, pool(1));
    EXPECT_EQ(found->trustworthiness, 1);
    EXPECT_EQ(found->continuity, 1);
    EXPECT_GT(*found->labelAccuracy, 0.9);
    // Labels that have nothing to do with where points are, are told as by chance.
    for (std::size_t row = 0; row < 200; ++row) labels[row] = row % 2;
    EXPECT_NEAR(*projectionQuality(points, points, labels, 1, pool(1))->labelAccuracy, 0.5, 0.12);
}

TEST(Quality, IsMeasuredOnASubsetThatTheSeedDraws)
{
    const Points points = normalPoints(600, 4, 6);
    const Points picture = firstTwo(points);
    const auto of = [&](std::uint64_t seed) { return projectionQuality(points, picture, {}, seed, pool(2), goOn, 10, 150); };
    EXPECT_EQ(of(1)->points, 150);
    EXPECT_EQ(of(1)->trustworthiness, of(1)->trustworthiness);
    EXPECT_NE(of(1)->trustworthiness, of(2)->trustworthiness);
    EXPECT_NEAR(of(1)->trustworthiness, of(2)->trustworthiness, 0.05);
    EXPECT_FALSE(projectionQuality(points, picture, {}, 1, pool(2), [](double) { return false; }));
}

TEST(Quality, RefusesWhatDoesNotBelongTogether)
{
    const Points points = normalPoints(30, 3, 1);
    const std::vector<Label> labels(29);
    EXPECT_NE(refusal([&] { (void)projectionQuality(points, firstTwo(points), labels, 1, pool(1)); }).find("29 labels"),
              std::string::npos);
    const Points few = normalPoints(21, 3, 1);
    EXPECT_NE(refusal([&] { (void)projectionQuality(few, firstTwo(few), {}, 1, pool(1)); }).find("expected at least 22"),
              std::string::npos);
}

} // namespace latentoscope
