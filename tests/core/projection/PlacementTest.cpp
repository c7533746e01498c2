// New points in a finished picture: each at rest at a place of little cost, whoever else is placed.
#include "core/projection/Placement.h"
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/neighbours/Neighbours.h"
#include "core/projection/Affinities.h"
#include "core/projection/Quality.h"
#include "tests/core/projection/ProjectionPoints.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace latentoscope {
namespace {

using test::pool;

Points randomPoints(int count, int dimension, std::uint64_t seed, float scale = 1)
{
    Points points{dimension, std::vector<float>(static_cast<std::size_t>(count) * static_cast<std::size_t>(dimension))};
    RandomStream random(seed, RandomPurpose::Noise);
    random.fillNormal(points.values);
    for (float& value : points.values) value *= scale;
    return points;
}

/// A picture that is like its points: the first two of their four dimensions, twenty times as large.
struct Made {
    Points points = randomPoints(1000, 4, 1);
    Points places{2, {}};
    Points added = randomPoints(53, 4, 2); // no multiple of what is placed together

    Made()
    {
        for (int row = 0; row < points.count(); ++row)
            places.values.insert(places.values.end(), {20 * points.row(row)[0], 20 * points.row(row)[1]});
    }
};

/// KL(p ‖ q) of a new point at (x, y) without the entropy of p, all in double.
double cost(const Made& made, int row, std::span<const double> perplexities, double exaggeration, double x, double y)
{
    std::vector<std::pair<double, int>> order;
    for (int i = 0; i < made.points.count(); ++i)
        order.emplace_back(squaredDistance(made.points.row(i), made.added.row(row), 4), i);
    std::sort(order.begin(), order.end());
    std::vector<double> distances;
    const auto used = static_cast<std::size_t>(neighboursFor(*std::max_element(perplexities.begin(), perplexities.end())));
    for (std::size_t k = 0; k < used; ++k) distances.push_back(order[k].first);
    std::vector<double> kernel(used);
    meanKernel(distances, perplexities, kernel);
    const auto apart = [&](int i) {
        const double dx = x - static_cast<double>(made.places.row(i)[0]), dy = y - static_cast<double>(made.places.row(i)[1]);
        return 1 + dx * dx + dy * dy;
    };
    double sum = 0, weight = 0;
    for (std::size_t k = 0; k < used; ++k) sum += exaggeration * kernel[k] * std::log(apart(order[k].second));
    for (int i = 0; i < made.points.count(); ++i) weight += 1 / apart(i);
    return sum + std::log(weight);
}

} // namespace

TEST(Placement, EveryPointRestsWhereNoPlaceAroundCostsLess)
{
    const Made made;
    PlacementOptions options;
    options.perplexities = {5, 30};
    options.exaggeration = 1.5;
    options.precision = 1e-5;
    options.iterations = 5000;
    const Points found = *placeAmong(made.points, made.places, made.added, options, pool(2));
    ASSERT_EQ(found.dimension, 2);
    ASSERT_EQ(found.count(), 53);
    for (int row = 0; row < 53; ++row) {
        const double x = static_cast<double>(found.row(row)[0]), y = static_cast<double>(found.row(row)[1]);
        const double here = cost(made, row, options.perplexities, 1.5, x, y);
        for (const auto& [dx, dy] : std::vector<std::array<double, 2>>{{0.02, 0}, {-0.02, 0}, {0, 0.02}, {0, -0.02}})
            EXPECT_GT(cost(made, row, options.perplexities, 1.5, x + dx, y + dy), here) << row;
    }
}

TEST(Placement, NoStepCostsMore)
{
    const Made made;
    PlacementOptions options;
    options.precision = 0;
    std::vector<double> before(53, 1e9);
    for (const int steps : {0, 1, 2, 3, 5, 8, 20, 60}) {
        options.iterations = steps;
        const Points found = *placeAmong(made.points, made.places, made.added, options, pool(2));
        for (int row = 0; row < 53; ++row) {
            const double now = cost(made, row, options.perplexities, 1, static_cast<double>(found.row(row)[0]),
                                    static_cast<double>(found.row(row)[1]));
            EXPECT_LE(now, before[static_cast<std::size_t>(row)] + 1e-6) << row << " after " << steps;
            before[static_cast<std::size_t>(row)] = now;
        }
    }
}

TEST(Placement, LiesWhereThePointsOfItsKindLie)
{
    const Made made;
    const Points found = *placeAmong(made.points, made.places, made.added, {}, pool(2));
    std::vector<double> errors;
    for (int row = 0; row < 53; ++row)
        errors.push_back(std::hypot(static_cast<double>(found.row(row)[0] - 20 * made.added.row(row)[0]),
                                    static_cast<double>(found.row(row)[1] - 20 * made.added.row(row)[1])));
    std::sort(errors.begin(), errors.end());
    EXPECT_LT(errors[26], 6) << "the picture is some 60 wide in each direction";
}

TEST(Placement, OfOnePointDoesNotDependOnOthersOrOnThreads)
{
    const Made made;
    const Points all = *placeAmong(made.points, made.places, made.added, {}, pool(1));
    EXPECT_EQ(placeAmong(made.points, made.places, made.added, {}, pool(2))->values, all.values);
    EXPECT_EQ(placeAmong(made.points, made.places, made.added, {}, pool(4))->values, all.values);
    for (const int row : {0, 1, 6, 52}) {
        const Points one = *placeAmong(made.points, made.places, rowsOf(made.added, {row}), {}, pool(2));
        EXPECT_EQ(one.values, (std::vector<float>{all.row(row)[0], all.row(row)[1]})) << row;
    }
}

TEST(Placement, AmongEqualPointsAndFarAwayIsFinite)
{
    const Points equal{2, std::vector<float>(200, 3)};
    const Points spot{2, std::vector<float>(200, 0)};
    const Points added{2, {3, 3, -1e6F, 1e6F}};
    PlacementOptions options;
    options.perplexities = {10};
    const Points found = *placeAmong(equal, spot, added, options, pool(2));
    for (const float value : found.values) EXPECT_LT(std::abs(value), 5) << "one spot draws and pushes";
    const Made made;
    const Points far{4, {1e6F, 0, 0, 0}};
    EXPECT_LT(std::abs(placeAmong(made.points, made.places, far, {}, pool(2))->values[0]), 200);
    EXPECT_EQ(placeAmong(made.points, made.places, Points{4, {}}, {}, pool(2))->count(), 0);
}

TEST(Placement, RefusesWhatDoesNotFitAndEndsWhenToldTo)
{
    const Made made;
    const auto refused = [&](const Points& places, const Points& added, std::vector<double> perplexities) {
        PlacementOptions options;
        options.perplexities = std::move(perplexities);
        EXPECT_THROW(placeAmong(made.points, places, added, options, pool(2)), Error);
    };
    refused(made.points, made.added, {30});
    refused(randomPoints(999, 2, 1), made.added, {30});
    refused(made.places, randomPoints(5, 3, 1), {30});
    refused(made.places, made.added, {});
    refused(made.places, made.added, {0.5});
    refused(made.places, made.added, {334});
    refused(made.places, made.added, {std::nan("")});
    EXPECT_FALSE(placeAmong(made.points, made.places, made.added, {}, pool(2), [](double) { return false; }));
    EXPECT_FALSE(placeAmong(made.points, made.places, made.added, {}, pool(2), [](double done) { return done < 0.5; }));
}

TEST(Neighbours, AmongOthersAreThoseOfAllDistancesInDouble)
{
    const Points points = randomPoints(1500, 6, 3), queries = randomPoints(701, 6, 4, 2);
    for (const int threads : {1, 4}) {
        const auto table = nearestAmong(points, queries, 20, pool(threads));
        ASSERT_EQ(table->count(), 701);
        for (int query = 0; query < 701; ++query) {
            std::vector<std::pair<double, int>> order;
            for (int row = 0; row < 1500; ++row) order.emplace_back(squaredDistance(points.row(row), queries.row(query), 6), row);
            std::sort(order.begin(), order.end());
            for (std::size_t k = 0; k < 20; ++k) {
                ASSERT_EQ(table->row(query)[k], order[k].second) << query;
                ASSERT_EQ(table->distance(query)[k], order[k].first);
            }
        }
    }
}

TEST(Neighbours, AmongThemselvesAPointIsItsOwnNearest)
{
    const Points points = randomPoints(90, 3, 5);
    const auto table = nearestAmong(points, points, 90, pool(2)); // all of them
    for (int row = 0; row < 90; ++row) {
        EXPECT_EQ(table->row(row)[0], row);
        EXPECT_EQ(table->distance(row)[0], 0);
    }
    EXPECT_EQ(nearestAmong(points, Points{3, {}}, 5, pool(2))->count(), 0);
    EXPECT_THROW(nearestAmong(points, points, 91, pool(2)), Error);
    EXPECT_THROW(nearestAmong(points, points, 0, pool(2)), Error);
    EXPECT_THROW(nearestAmong(points, Points{2, {1, 2}}, 1, pool(2)), Error);
    EXPECT_FALSE(nearestAmong(points, points, 5, pool(2), [](double) { return false; }));
}

TEST(Quality, NewPlacesAreLabelledByMostOfTheirNearest)
{
    const Points picture{2, {0, 0, 1, 0, 2, 0, 100, 0, 101, 0}};
    const std::vector<Label> labels{7, 7, 3, 3, 3};
    const Points added{2, {0.4F, 0, 1.9F, 0, 101, 1, 50, 0}};
    EXPECT_EQ(labelAccuracyAmong(picture, labels, added, std::vector<Label>{7, 3, 3, 7}, pool(2), 3), 0.75)
        << "the second has one 3 and two 7 near it";
    EXPECT_EQ(labelAccuracyAmong(picture, labels, added, std::vector<Label>{7, 7, 7, 7}, pool(2), 50), 0)
        << "all five: three have the label 3";
}

} // namespace latentoscope
