// Exact nearest neighbours, and the kernels that find them.
#include "core/neighbours/Neighbours.h"
#include "core/base/Error.h"
#include "core/neighbours/kernels/NeighbourKernels.h"
#include "tests/core/projection/ProjectionPoints.h"
#include "tests/support/Refusal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

namespace latentoscope {
namespace {

using test::normalPoints;
using test::pool;
using test::refusal;

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
    EXPECT_NE(refusal([&] { (void)nearestNeighbours(points, 10, pool(1)); }).find("found 10 of 10 points"), std::string::npos);
    EXPECT_NE(refusal([&] { (void)nearestNeighbours(points, 0, pool(1)); }).find("found 0"), std::string::npos);
    Points large = points;
    for (float& value : large.values) value *= 1e25F;
    EXPECT_NE(refusal([&] { (void)nearestNeighbours(large, 3, pool(2)); }).find("too large for a float"), std::string::npos);
    Points bad = points;
    bad.values[7] = NAN;
    EXPECT_NE(refusal([&] { requireFinite(bad, "codes.csv"); }).find("codes.csv: found nan in dimension 1 of point 3"),
              std::string::npos);
    EXPECT_NE(refusal([&] { requireFinite({}, "codes.csv"); }).find("no points"), std::string::npos);
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

TEST(NeighbourKernels, OfAllInstructionSetsFindTheSame)
{
    using namespace kernels;
    const Points points = normalPoints(64, 9, 2); // turned by hand: one dimension after the other
    std::vector<float> turned(points.values.size());
    for (int row = 0; row < 64; ++row)
        for (int d = 0; d < 9; ++d) turned[static_cast<std::size_t>(d * 64 + row)] = points.row(row)[d];
    std::vector<std::vector<std::pair<int, float>>> first;
    for (const InstructionSet set : {InstructionSet::Baseline, InstructionSet::Avx2, InstructionSet::Avx512}) {
        const NeighbourKernels* table = findNeighbours(set);
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

} // namespace latentoscope
