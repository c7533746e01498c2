// t-SNE: its gradient against the formula and against the divergence itself, what it must find, and what must not break it.
#include "core/projection/Tsne.h"
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/projection/Quality.h"
#include "core/projection/kernels/ProjectionKernels.h"
#include "tests/core/projection/ProjectionPoints.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace latentoscope {
namespace {

using test::pool;

/// `clusters` of normal points, each around a place of its own; their labels.
Points clusteredPoints(int count, int dimension, int clusters, std::vector<Label>* labels = nullptr)
{
    Points points{dimension, std::vector<float>(static_cast<std::size_t>(count) * static_cast<std::size_t>(dimension))};
    RandomStream random(9, RandomPurpose::Noise);
    random.fillNormal(points.values);
    std::vector<float> centres(static_cast<std::size_t>(clusters * dimension));
    random.fillNormal(centres);
    for (int row = 0; row < count; ++row) {
        const int label = row % clusters;
        if (labels) labels->push_back(static_cast<Label>(label));
        for (int d = 0; d < dimension; ++d)
            points.values[static_cast<std::size_t>(row * dimension + d)] +=
                8 * centres[static_cast<std::size_t>(label * dimension + d)];
    }
    return points;
}

Affinities affinitiesOf(const Points& points, double perplexity, int threads = 2)
{
    const std::vector<double> perplexities{perplexity};
    return *jointAffinities(*nearestNeighbours(points, neighboursFor(perplexity), pool(threads)), perplexities, pool(threads));
}

Points randomPlaces(int count, float spread)
{
    Points places{2, std::vector<float>(2 * static_cast<std::size_t>(count))};
    RandomStream random(12, RandomPurpose::Noise);
    random.fillNormal(places.values);
    for (float& value : places.values) value *= spread;
    return places;
}

Points embedded(const Points& points, int threads, int iterations, double perplexity = 10)
{
    TsneOptions options;
    options.iterations = iterations;
    Tsne tsne(affinitiesOf(points, perplexity, threads), tsneStart(points, pool(threads)), options, pool(threads));
    while (!tsne.done()) tsne.iterate();
    return tsne.places();
}

} // namespace

TEST(Tsne, GradientIsThatOfTheFormulaInDouble)
{
    const Points points = clusteredPoints(333, 5, 4);
    const Affinities p = affinitiesOf(points, 12);
    for (const float spread : {1e-4F, 1.0F, 30.0F}) {
        const Points places = randomPlaces(333, spread);
        TsneOptions exact;
        exact.repulsion.method = RepulsionMethod::AllPairs;
        const TsneGradient found = Tsne(p, places, exact, pool(2)).gradient(4);
        double z = 0;
        const auto at = [&](int i, int k) { return static_cast<double>(places.row(i)[k]); };
        const auto q = [&](int i, int j) {
            return 1 / (1 + std::pow(at(i, 0) - at(j, 0), 2) + std::pow(at(i, 1) - at(j, 1), 2));
        };
        for (int i = 0; i < 333; ++i)
            for (int j = 0; j < 333; ++j) z += i == j ? 0 : q(i, j);
        EXPECT_NEAR(found.weight / z, 1, 1e-6);
        double largest = 0, difference = 0;
        for (int i = 0; i < 333; ++i) {
            double x = 0, y = 0;
            for (int j = 0; j < 333; ++j) {
                x -= q(i, j) * q(i, j) * (at(i, 0) - at(j, 0)) / z;
                y -= q(i, j) * q(i, j) * (at(i, 1) - at(j, 1)) / z;
            }
            for (auto k = p.begins[static_cast<std::size_t>(i)]; k < p.begins[static_cast<std::size_t>(i) + 1]; ++k) {
                const int j = p.columns[static_cast<std::size_t>(k)];
                const double pull = 4 * static_cast<double>(p.values[static_cast<std::size_t>(k)]) * q(i, j);
                x += pull * (at(i, 0) - at(j, 0));
                y += pull * (at(i, 1) - at(j, 1));
            }
            largest = std::max({largest, std::abs(x), std::abs(y)});
            difference = std::max({difference, std::abs(x - double{found.values[2 * static_cast<std::size_t>(i)]}),
                                   std::abs(y - double{found.values[2 * static_cast<std::size_t>(i) + 1]})});
        }
        EXPECT_LT(difference / largest, 2e-5) << spread;
    }
}

TEST(Tsne, GradientIsTheSlopeOfTheDivergence)
{
    const Points points = clusteredPoints(60, 3, 3);
    const Affinities p = affinitiesOf(points, 5);
    const Points places = randomPlaces(60, 2);
    const TsneGradient found = Tsne(p, places, {}, pool(1)).gradient(1);
    const float step = 1e-2F;
    for (const std::size_t i : {0U, 17U, 59U}) {
        Points ahead = places, behind = places;
        ahead.values[2 * i] += step;
        behind.values[2 * i] -= step;
        const double width = static_cast<double>(ahead.values[2 * i]) - static_cast<double>(behind.values[2 * i]);
        const double slope = (Tsne(p, ahead, {}, pool(1)).klDivergence() - Tsne(p, behind, {}, pool(1)).klDivergence()) / width;
        EXPECT_NEAR(4 * double{found.values[2 * i]}, slope, 2e-5) << "the factor 4 is left out";
    }
}

TEST(Tsne, KernelsOfAllInstructionSetsPushAlike)
{
    using namespace kernels;
    const Points places = randomPlaces(96, 3);
    std::vector<float> x, y;
    for (int i = 0; i < 96; ++i) {
        x.push_back(places.row(i)[0]);
        y.push_back(places.row(i)[1]);
    }
    std::fill(x.begin() + 90, x.end(), 1e30F); // padding
    std::vector<Push> first;
    for (const InstructionSet set : {InstructionSet::Baseline, InstructionSet::Avx2, InstructionSet::Avx512}) {
        const ProjectionKernels* table = findProjection(set);
        if (table == nullptr) continue;
        std::vector<Push> pushes(kQueries);
        table->repel(x.data(), y.data(), 96, x.data(), y.data(), pushes.data());
        if (first.empty()) first = pushes;
        for (std::size_t p = 0; p < kQueries; ++p) {
            double weight = 0;
            for (std::size_t j = 0; j < 90; ++j)
                weight += 1 / (1 + std::pow(double{x[p]} - double{x[j]}, 2) + std::pow(double{y[p]} - double{y[j]}, 2));
            EXPECT_NEAR(pushes[p].weight / weight, 1, 1e-6) << name(set);
            EXPECT_NEAR(pushes[p].x, first[p].x, 1e-5);
            EXPECT_NEAR(pushes[p].y, first[p].y, 1e-5);
        }
    }
}

TEST(Tsne, IsTheSameFromATableOfMoreNeighboursThanItNeeds)
{
    const Points points = clusteredPoints(200, 4, 3);
    const std::vector<double> perplexities{8};
    const auto drawn = [&](int neighbours) {
        TsneOptions options;
        options.iterations = 40;
        Tsne tsne(*jointAffinities(*nearestNeighbours(points, neighbours, pool(2)), perplexities, pool(2)),
                  tsneStart(points, pool(2)), options, pool(2));
        while (!tsne.done()) tsne.iterate();
        return tsne.places().values;
    };
    EXPECT_EQ(drawn(24), drawn(120));
}

TEST(Tsne, DrawsClustersApart)
{
    std::vector<Label> labels;
    const Points points = clusteredPoints(400, 10, 5, &labels);
    const std::vector<double> perplexities{15};
    Tsne tsne(affinitiesOf(points, 15), tsneStart(points, pool(2)), {}, pool(2));
    const double before = tsne.klDivergence();
    while (!tsne.done()) tsne.iterate();
    EXPECT_EQ(tsne.iteration(), 1000);
    EXPECT_LT(tsne.klDivergence(), 0.35 * before);
    const auto quality = projectionQuality(points, tsne.places(), labels, 1, pool(2));
    EXPECT_EQ(*quality->labelAccuracy, 1);
    EXPECT_GT(quality->trustworthiness, 0.9);
    double meanX = 0;
    const Points places = tsne.places();
    for (int i = 0; i < 400; ++i) meanX += static_cast<double>(places.row(i)[0]);
    EXPECT_NEAR(meanX / 400, 0, 1e-4) << "recentred";
}

TEST(Tsne, IsTheSameForAnyNumberOfThreads)
{
    const Points points = clusteredPoints(301, 6, 3);
    const Points one = embedded(points, 1, 300);
    EXPECT_EQ(embedded(points, 2, 300).values, one.values);
    EXPECT_EQ(embedded(points, 4, 300).values, one.values);
}

TEST(Tsne, OfEqualPointsFewPointsAndConstantDimensionsIsFinite)
{
    Points equal{3, std::vector<float>(3 * 100, 2)};
    Points half = clusteredPoints(100, 3, 2);
    std::fill_n(half.values.begin(), 150, 1.0F); // half of the points are one
    Points constant = clusteredPoints(100, 3, 2);
    for (int row = 0; row < 100; ++row) constant.values[static_cast<std::size_t>(3 * row + 1)] = 7;
    for (const Points& points : {equal, half, constant, clusteredPoints(13, 2, 1), clusteredPoints(50, 1, 2)}) {
        for (const float value : embedded(points, 2, 400, 4).values) ASSERT_TRUE(std::isfinite(value) && std::abs(value) < 1e4F);
    }
    for (const float value : embedded(equal, 1, 50, 4).values) EXPECT_EQ(value, 0) << "one place for one point";
}

TEST(Tsne, StartsFromThePrincipalComponents)
{
    const Points points = clusteredPoints(200, 4, 3);
    const Points start = tsneStart(points, pool(1));
    double squares = 0, other = 0;
    for (int i = 0; i < 200; ++i) {
        squares += std::pow(static_cast<double>(start.row(i)[0]), 2);
        other += std::pow(static_cast<double>(start.row(i)[1]), 2);
    }
    EXPECT_NEAR(std::sqrt(squares / 199), 1e-4, 1e-9);
    EXPECT_LT(other, squares);
    EXPECT_THROW(Tsne(affinitiesOf(points, 5), randomPlaces(199, 1), {}, pool(1)), Error);
}

} // namespace latentoscope
