// The way between pictures and codes: exact where it can be, through every point, without jumps.
#include "core/projection/PlaneMap.h"
#include "core/base/Random.h"
#include "tests/core/projection/ProjectionPoints.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace latentoscope {
namespace {

using test::pool;

std::shared_ptr<Points> randomPoints(int count, int dimension, std::uint64_t seed)
{
    auto points = std::make_shared<Points>(
        Points{dimension, std::vector<float>(static_cast<std::size_t>(count) * static_cast<std::size_t>(dimension))});
    RandomStream random(seed, RandomPurpose::Noise);
    random.fillNormal(points->values);
    return points;
}

} // namespace

TEST(PlaneMap, OfPcaIsExactWhereTwoDimensionsAreAll)
{
    const auto codes = randomPoints(50, 2, 1);
    const auto map = mapOfPca(*principalComponents(*codes, 2, pool(1)));
    for (int row = 0; row < codes->count(); ++row) {
        const Place place = map->placeOf({codes->row(row), 2});
        const std::vector<float> code = map->codeAt(place);
        EXPECT_NEAR(code[0], codes->row(row)[0], 1e-5F);
        EXPECT_NEAR(code[1], codes->row(row)[1], 1e-5F);
    }
}

TEST(PlaneMap, OfPcaAndOfOneDimensionComesBackToThePlace)
{
    const auto codes = randomPoints(80, 6, 2);
    const auto map = mapOfPca(*principalComponents(*codes, 2, pool(1)));
    const Place there = map->placeOf(map->codeAt({0.3, -1.7}));
    EXPECT_NEAR(there[0], 0.3, 1e-5);
    EXPECT_NEAR(there[1], -1.7, 1e-5);

    const auto line = randomPoints(30, 1, 3);
    const auto mapOfLine = mapOfPca(*principalComponents(*line, 1, pool(1)));
    EXPECT_EQ(mapOfLine->placeOf({line->row(4), 1})[1], 0);
    EXPECT_NEAR(mapOfLine->codeAt(mapOfLine->placeOf({line->row(4), 1}))[0], line->row(4)[0], 1e-6F);
}

TEST(PlaneMap, OfNeighboursPassesThroughEveryPoint)
{
    const auto codes = randomPoints(200, 5, 4);
    const auto places = randomPoints(200, 2, 5);
    const auto map = mapOfNeighbours(codes, places);
    for (int row = 0; row < 200; row += 7) {
        const std::vector<float> code = map->codeAt({places->row(row)[0], places->row(row)[1]});
        for (std::size_t d = 0; d < 5; ++d) EXPECT_EQ(code[d], codes->row(row)[d]) << row;
        const Place place = map->placeOf({codes->row(row), 5});
        EXPECT_EQ(place[0], static_cast<double>(places->row(row)[0])) << row;
    }
}

TEST(PlaneMap, OfNeighboursHasNoJumpsAndStaysAmongTheCodes)
{
    const auto codes = randomPoints(300, 3, 6);
    const auto places = randomPoints(300, 2, 7);
    const auto map = mapOfNeighbours(codes, places);
    float largest = 0;
    for (const float value : codes->values) largest = std::max(largest, std::abs(value));
    std::vector<float> before;
    for (double x = -3; x <= 3; x += 1e-4) {
        const std::vector<float> code = map->codeAt({x, 0.2});
        for (std::size_t d = 0; d < 3; ++d) {
            EXPECT_LE(std::abs(code[d]), largest);
            ASSERT_NEAR(code[d], before.empty() ? code[d] : before[d], 0.05F) << x;
        }
        before = code;
    }
}

TEST(PlaneMap, OfFewAndEqualPointsIsTheirMean)
{
    const auto one = std::make_shared<Points>(Points{3, {1, 2, 3}});
    const auto at = std::make_shared<Points>(Points{2, {5, 5}});
    EXPECT_EQ(mapOfNeighbours(one, at)->codeAt({-100, 0}), (std::vector<float>{1, 2, 3}));

    // Twenty points at one place: no distance tells them apart.
    auto codes = std::make_shared<Points>(Points{1, {}});
    auto places = std::make_shared<Points>(Points{2, std::vector<float>(40, 1.0F)});
    for (int i = 0; i < 20; ++i) codes->values.push_back(static_cast<float>(i));
    for (const Place& place : {Place{1, 1}, Place{4, -2}}) {
        const float code = mapOfNeighbours(codes, places)->codeAt(place)[0];
        EXPECT_TRUE(std::isfinite(code) && code >= 0 && code <= 19) << code;
    }
}

TEST(PlaneMap, GapsAreThoseThatAreUsualAround)
{
    // A place in the middle of four points is as far from them in a wide grid as in a narrow one.
    Points two{2, {}};
    for (int i = 0; i < 5; ++i) {
        for (int j = 0; j < 5; ++j) {
            two.values.insert(two.values.end(), {static_cast<float>(i), static_cast<float>(j)});                  // a gap of 1
            two.values.insert(two.values.end(), {1000 + 50 * static_cast<float>(i), 50 * static_cast<float>(j)}); // of 50
        }
    }
    const std::array<float, 2> narrow{1.5F, 1.5F}, wide{1075, 75}, between{500, 0}, on{2, 2};
    EXPECT_NEAR(gapsAt(two, narrow.data()).value(), std::sqrt(0.5), 1e-6);
    EXPECT_NEAR(gapsAt(two, wide.data()).value(), std::sqrt(0.5), 1e-6);
    EXPECT_GT(gapsAt(two, between.data()).value(), 9);
    EXPECT_EQ(gapsAt(two, on.data()), 0);
    EXPECT_EQ(gapsAt({2, {1, 1, 2, 2, 3, 3}}, on.data()), std::nullopt) << "too few";
    EXPECT_EQ(gapsAt({1, {5, 5, 5, 5, 5}}, on.data()), std::nullopt) << "all alike";
}

} // namespace latentoscope
