// What pictures of codes are made of: exact neighbours, principal components, how true a picture is.
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/projection/Neighbours.h"
#include "core/projection/Pca.h"
#include "core/projection/Quality.h"
#include "core/projection/kernels/ProjectionKernels.h"
#include "tests/core/projection/ProjectionPoints.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

namespace latentoscope {
namespace {

using test::goldenPoints;
using test::pool;

Points normalPoints(int count, int dimension, std::uint64_t seed)
{
    Points points{dimension, std::vector<float>(static_cast<std::size_t>(count) * static_cast<std::size_t>(dimension))};
    RandomStream random(seed, RandomPurpose::Noise);
    random.fillNormal(points.values);
    return points;
}

Points firstTwo(const Points& points)
{
    Points part{2, {}};
    for (int row = 0; row < points.count(); ++row) part.values.insert(part.values.end(), points.row(row), points.row(row) + 2);
    return part;
}

double squaredDistance(const Points& points, int a, int b)
{
    double sum = 0;
    for (int d = 0; d < points.dimension; ++d)
        sum += std::pow(static_cast<double>(points.row(a)[d]) - static_cast<double>(points.row(b)[d]), 2);
    return sum;
}

/// By all distances in double.
void expectNearest(const Points& points, const NeighbourTable& table, int row)
{
    std::vector<std::pair<double, int>> all;
    for (int other = 0; other < points.count(); ++other) {
        if (other != row) all.emplace_back(squaredDistance(points, row, other), other);
    }
    std::sort(all.begin(), all.end());
    for (int k = 0; k < table.neighbours; ++k) {
        ASSERT_EQ(table.row(row)[k], all[static_cast<std::size_t>(k)].second) << row << ", neighbour " << k;
        ASSERT_EQ(table.distance(row)[k], all[static_cast<std::size_t>(k)].first);
    }
}

template <class Work> std::string refusalOf(Work work)
{
    try {
        work();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::InvalidArgument);
        return error.what();
    }
    return "accepted";
}

} // namespace

TEST(Neighbours, AreThoseOfAllDistancesInDouble)
{
    const std::vector<std::array<int, 3>> shapes{{2, 1, 1},     {3, 2, 2},      {31, 3, 30},   {33, 1, 5},
                                                 {500, 10, 90}, {2000, 10, 90}, {1500, 2, 15}, {200, 784, 10}};
    for (const auto& [count, dimension, neighbours] : shapes) {
        const Points points = normalPoints(count, dimension, 3);
        const auto table = nearestNeighbours(points, neighbours, pool(2));
        ASSERT_TRUE(table);
        ASSERT_EQ(table->count(), count);
        for (int row = 0; row < count; row += std::max(1, count / 97)) expectNearest(points, *table, row);
    }
}

TEST(Neighbours, FarFromTheOriginTheyAreStillExact)
{
    Points points = normalPoints(800, 6, 4);
    for (float& value : points.values) value = 1000 + value; // a product of rows would lose six of seven digits
    const auto table = nearestNeighbours(points, 20, pool(1));
    for (int row = 0; row < 800; row += 11) expectNearest(points, *table, row);
}

TEST(Neighbours, AreTheSameForAnyNumberOfThreads)
{
    const Points points = normalPoints(1234, 7, 5);
    const auto one = nearestNeighbours(points, 30, pool(1));
    for (const int threads : {2, 4}) {
        const auto other = nearestNeighbours(points, 30, pool(threads));
        EXPECT_EQ(other->rows, one->rows);
        EXPECT_EQ(other->distances, one->distances);
    }
}

TEST(Neighbours, OfThousandsOfEqualPointsAreTheFirst)
{
    Points points{2, std::vector<float>(2 * 5000, 1.5F)};
    points.values.back() = 7; // and one apart
    const auto table = nearestNeighbours(points, 12, pool(2));
    for (const int row : {0, 5, 12, 13, 4000, 4998}) expectNearest(points, *table, row);
    EXPECT_EQ(table->row(4999)[0], 0);
    EXPECT_EQ(table->distance(4999)[0], 5.5 * 5.5);
    EXPECT_EQ(table->row(3)[0], 0);
    EXPECT_EQ(table->row(0)[0], 1);
}

TEST(Neighbours, RefuseWhatTheyCannotFind)
{
    const Points points = normalPoints(10, 2, 1);
    EXPECT_NE(refusalOf([&] { (void)nearestNeighbours(points, 10, pool(1)); }).find("found 10 of 10 points"), std::string::npos);
    EXPECT_NE(refusalOf([&] { (void)nearestNeighbours(points, 0, pool(1)); }).find("found 0"), std::string::npos);
    Points large = points;
    for (float& value : large.values) value *= 1e25F;
    EXPECT_NE(refusalOf([&] { (void)nearestNeighbours(large, 3, pool(2)); }).find("too large for a float"), std::string::npos);
    Points bad = points;
    bad.values[7] = NAN;
    EXPECT_NE(refusalOf([&] { requireFinite(bad, "codes.csv"); }).find("codes.csv: found nan in dimension 1 of point 3"),
              std::string::npos);
    EXPECT_NE(refusalOf([&] { requireFinite({}, "codes.csv"); }).find("no points"), std::string::npos);
}

TEST(Neighbours, EndWhenToldTo)
{
    std::atomic<int> told{0};
    EXPECT_FALSE(nearestNeighbours(normalPoints(3000, 3, 1), 5, pool(2), [&](double done) {
        EXPECT_GT(done, 0);
        return ++told < 5;
    }));
    EXPECT_LT(told, 12) << "each thread ends with the piece that it is at";
}

TEST(ProjectionKernels, OfAllInstructionSetsFindTheSame)
{
    using namespace kernels;
    const Points points = normalPoints(64, 9, 2); // turned by hand: one dimension after the other
    std::vector<float> turned(points.values.size());
    for (int row = 0; row < 64; ++row)
        for (int d = 0; d < 9; ++d) turned[static_cast<std::size_t>(d * 64 + row)] = points.row(row)[d];
    std::vector<std::vector<std::pair<int, float>>> first;
    for (const InstructionSet set : {InstructionSet::Baseline, InstructionSet::Avx2, InstructionSet::Avx512}) {
        const ProjectionKernels* table = findProjection(set);
        if (table == nullptr) continue;
        std::array<std::array<Candidate, 64>, kQueries> room;
        std::array<CandidateList, kQueries> lists;
        for (std::size_t q = 0; q < kQueries; ++q) lists[q] = {q == 0 ? 0.0F : 10.0F + static_cast<float>(q), room[q].data()};
        table->appendNearer({turned.data(), 9, 64, 64, 100}, points.values.data(), lists.data());
        std::vector<std::vector<std::pair<int, float>>> found(kQueries);
        for (std::size_t q = 0; q < kQueries; ++q)
            for (const Candidate* c = room[q].data(); c != lists[q].end; ++c) found[q].emplace_back(c->column, c->distance);
        EXPECT_TRUE(found[0].empty()) << "nothing is nearer than 0";
        ASSERT_FALSE(found[1].empty());
        EXPECT_TRUE(std::any_of(found[1].begin(), found[1].end(), [](const auto& c) { return c.first == 101 && c.second == 0; }))
            << "the query itself";
        if (first.empty()) first = found;
        for (std::size_t q = 0; q < kQueries; ++q) {
            ASSERT_EQ(found[q].size(), first[q].size()) << name(set);
            for (std::size_t i = 0; i < found[q].size(); ++i) {
                EXPECT_EQ(found[q][i].first, first[q][i].first);
                EXPECT_NEAR(found[q][i].second, first[q][i].second, 1e-4);
            }
        }
    }
}

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
    EXPECT_NE(refusalOf([] { (void)principalComponents(goldenPoints(), 6, pool(1)); }).find("found 6, expected 1 to 5"),
              std::string::npos);
    const auto pca = principalComponents(goldenPoints(), 2, pool(1));
    EXPECT_NE(refusalOf([&] { (void)pca->project(normalPoints(4, 3, 1)); }).find("found points of 3"), std::string::npos);
    EXPECT_NE(refusalOf([&] { (void)pca->restore(normalPoints(4, 3, 1)); }).find("found points of 3"), std::string::npos);
}

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
    std::vector<std::uint8_t> labels;
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
    const std::vector<std::uint8_t> labels(29);
    EXPECT_NE(refusalOf([&] { (void)projectionQuality(points, firstTwo(points), labels, 1, pool(1)); }).find("29 labels"),
              std::string::npos);
    const Points few = normalPoints(21, 3, 1);
    EXPECT_NE(refusalOf([&] { (void)projectionQuality(few, firstTwo(few), {}, 1, pool(1)); }).find("expected at least 22"),
              std::string::npos);
}

} // namespace latentoscope
