// UMAP: its graph and curve against umap-learn 0.5.3 (tests/golden/umap_learn.py), its forces against the formulas, and what must
// not break it.
#include "core/projection/Umap.h"
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/projection/Quality.h"
#include "core/projection/kernels/ProjectionKernels.h"
#include "tests/core/projection/ProjectionPoints.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace latentoscope {
namespace {

using test::pool;

Affinities graphOf(const Points& points, int neighbours, int threads = 2)
{
    return *fuzzyUnion(*nearestNeighbours(points, neighbours - 1, pool(threads)), pool(threads));
}

std::vector<float> embedded(const Points& points, const UmapOptions& options, int threads)
{
    Umap umap(graphOf(points, options.neighbours, threads), umapStart(points, pool(threads)), options, pool(threads));
    while (!umap.done()) umap.iterate();
    return umap.places().values;
}

Points clusters(int count, std::vector<Label>& labels)
{
    Points points{6, std::vector<float>(6 * static_cast<std::size_t>(count))};
    RandomStream random(8, RandomPurpose::Noise);
    random.fillNormal(points.values);
    for (int row = 0; row < count; ++row) {
        labels.push_back(static_cast<Label>(row % 4));
        points.values[static_cast<std::size_t>(6 * row + row % 4)] += 12;
    }
    return points;
}

} // namespace

TEST(Umap, CurveIsUmapLearns)
{
    const struct {
        double minimumDistance, spread, a, b;
    } golden[] = {{0.1, 1, 1.5769434601962196, 0.8950608779914887},
                  {0.5, 1, 0.583030020479462, 1.3341669929263487},
                  {0, 2, 0.646046672809973, 0.7904944901548902}};
    for (const auto& one : golden) {
        const UmapCurve curve = umapCurve(one.minimumDistance, one.spread);
        EXPECT_NEAR(curve.a, one.a, 1e-5);
        EXPECT_NEAR(curve.b, one.b, 1e-5);
    }
}

TEST(Umap, GraphIsUmapLearns)
{
    const Affinities graph = graphOf(test::goldenPoints(), 15);
    EXPECT_EQ(graph.columns.size(), 4916U);
    EXPECT_NEAR(std::accumulate(graph.values.begin(), graph.values.end(), 0.0), 1725.5278, 1e-2);
    const struct {
        std::size_t row, count;
        std::vector<int> columns;
        std::vector<float> values;
        double sum;
    } golden[] = {
        {0, 14, {11, 20, 31, 37, 48, 57}, {0.4572272F, 0.435166F, 0.2506468F, 1.0F, 0.7545705F, 0.07016676F}, 4.9410748},
        {17, 16, {3, 6, 14, 28, 51, 54}, {0.06097313F, 0.4021046F, 0.09061581F, 0.8149375F, 0.1562892F, 0.7093608F}, 4.9539423},
        {299,
         15,
         {146, 157, 166, 194, 203, 214},
         {0.1033642F, 0.1081522F, 0.2554674F, 0.3527423F, 0.1090347F, 0.7357197F},
         5.197175}};
    for (const auto& row : golden) {
        const auto begin = static_cast<std::size_t>(graph.begins[row.row]),
                   end = static_cast<std::size_t>(graph.begins[row.row + 1]);
        ASSERT_EQ(end - begin, row.count) << row.row;
        double sum = 0;
        for (std::size_t k = 0; k < row.count; ++k) {
            sum += double{graph.values[begin + k]};
            if (k >= row.columns.size()) continue;
            EXPECT_EQ(graph.columns[begin + k], row.columns[k]) << row.row;
            EXPECT_NEAR(graph.values[begin + k], row.values[k], 2e-5F) << row.row;
        }
        EXPECT_NEAR(sum, row.sum, 1e-4) << row.row;
    }
}

TEST(Umap, MembershipsOfPointsThatAreAllAsFarAreOne)
{
    std::vector<double> memberships(4);
    fuzzyMemberships(std::vector<double>{2, 2, 2, 2}, 2, memberships);
    EXPECT_EQ(memberships, (std::vector<double>{1, 1, 1, 1}));
    fuzzyMemberships(std::vector<double>{0, 0, 0, 0}, 0, memberships);
    EXPECT_EQ(memberships, (std::vector<double>{1, 1, 1, 1}));
    fuzzyMemberships(std::vector<double>{0, 0, 1, 3}, 1, memberships);
    EXPECT_EQ(memberships[1], 1);
    EXPECT_EQ(memberships[2], 1) << "the nearest that is not equal";
    EXPECT_LT(memberships[3], 1);
}

TEST(Umap, KernelsOfAllInstructionSetsMoveAsTheFormulas)
{
    using namespace kernels;
    const double a = 1.577, b = 0.895;
    for (const InstructionSet set : {InstructionSet::Baseline, InstructionSet::Avx2, InstructionSet::Avx512}) {
        const ProjectionKernels* table = findProjection(set);
        if (table == nullptr) continue;
        for (const float distance : {1e-4F, 0.03F, 0.7F, 1.5F, 12.0F, 300.0F}) {
            // Two places, no strangers: drawn near twice.
            const std::vector<float> places{0, 0, 0, distance};
            std::vector<float> place{0, 0};
            const std::vector<std::int32_t> others{1};
            std::uint64_t random = 7;
            const float rate = 0.01F;
            table->embedPoint({static_cast<float>(a), static_cast<float>(b), rate, 4, 0}, places.data(), 2, others.data(), 1,
                              &random, place.data());
            double y = 0;
            for (int pull = 0; pull < 2; ++pull) {
                const double d = y - double{distance};
                const double raised = std::pow(d * d, b);
                y += 0.01 * std::clamp(-2 * a * b * raised / (d * d * (1 + a * raised)) * d, -4.0, 4.0);
            }
            EXPECT_EQ(place[0], 0);
            EXPECT_NEAR(place[1] / y, 1, 1e-5) << name(set) << " " << distance;

            // Nothing is drawn near (it lies on the place itself), one stranger a half: all the strangers there are lie at one
            // place.
            const std::vector<float> one{0, distance};
            std::vector<float> pushed{0, 0};
            const std::vector<float> both{0, 0, 0, distance};
            std::uint64_t again = 7;
            table->embedPoint({static_cast<float>(a), static_cast<float>(b), rate, 4, 1}, both.data() + 2, 1,
                              std::vector<std::int32_t>{-1}.data(), 1, &again, pushed.data());
            const double d = -double{distance};
            const double push = 2 * b / ((0.001 + d * d) * (1 + a * std::pow(d * d, b)));
            double there = 0.01 * std::clamp(push * d, -4.0, 4.0);
            const double raised = std::pow(there * there, b); // and then drawn back to where it was
            there -= 0.01 * std::clamp(2 * a * b * raised / (there * there * (1 + a * raised)) * there, -4.0, 4.0);
            EXPECT_NEAR(pushed[1] / there, 1, 1e-4) << name(set) << " " << distance;
        }
    }
}

TEST(Umap, DrawsClustersApartAndKeepsNeighbours)
{
    std::vector<Label> labels;
    const Points points = clusters(600, labels);
    const Points picture{2, embedded(points, {}, 2)};
    const auto quality = projectionQuality(points, picture, labels, 1, pool(2));
    EXPECT_GT(quality->trustworthiness, 0.9);
    EXPECT_GT(*quality->labelAccuracy, 0.99);
}

TEST(Umap, IsTheSameForAnyNumberOfThreadsAndAnotherForAnotherSeed)
{
    std::vector<Label> labels;
    const Points points = clusters(500, labels);
    UmapOptions options;
    options.epochs = 40;
    const std::vector<float> first = embedded(points, options, 1);
    EXPECT_EQ(embedded(points, options, 2), first);
    EXPECT_EQ(embedded(points, options, 4), first);
    options.seed = 1;
    EXPECT_NE(embedded(points, options, 2), first);
}

TEST(Umap, OfEqualPointsConstantDimensionsAndFewPointsIsFinite)
{
    UmapOptions options;
    options.epochs = 30;
    options.neighbours = 5;
    Points equal{3, std::vector<float>(3000, 2.0F)};
    Points line{1, {}};
    for (int i = 0; i < 40; ++i) line.values.push_back(static_cast<float>(i));
    Points few{2, {0, 0, 1, 0, 0, 1, 1, 1, 5, 5, 6, 5}};
    for (const Points& points : {equal, line, few}) {
        const std::vector<float> places = embedded(points, options, 2);
        EXPECT_TRUE(std::all_of(places.begin(), places.end(), [](float place) { return std::isfinite(place); }));
    }
}

TEST(Umap, RefusesOptionsThatMakeNoSense)
{
    std::vector<Label> labels;
    const Points points = clusters(50, labels);
    const Affinities graph = graphOf(points, 10);
    const Points start = umapStart(points, pool(1));
    UmapOptions options;
    options.minimumDistance = 2;
    EXPECT_THROW(Umap(graph, start, options, pool(1)), Error) << "beyond the spread";
    options = {};
    options.learningRate = -1;
    EXPECT_THROW(Umap(graph, start, options, pool(1)), Error);
    EXPECT_THROW(Umap(graph, Points{2, {0, 0}}, UmapOptions{}, pool(1)), Error) << "another count";
}

} // namespace latentoscope
