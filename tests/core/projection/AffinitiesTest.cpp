// The ties of t-SNE: perplexity, symmetry, and what equal points do to them.
#include "core/projection/Affinities.h"
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "tests/core/projection/ProjectionPoints.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace latentoscope {
namespace {

using test::goldenPoints;
using test::pool;

Affinities affinitiesOf(const Points& points, const std::vector<double>& perplexities, int threads = 2)
{
    const double most = *std::max_element(perplexities.begin(), perplexities.end());
    const auto table = nearestNeighbours(points, neighboursFor(most), pool(threads));
    return *jointAffinities(*table, perplexities, pool(threads));
}

std::map<std::pair<int, int>, float> entriesOf(const Affinities& p)
{
    std::map<std::pair<int, int>, float> entries;
    for (int row = 0; row < p.count(); ++row)
        for (auto at = p.begins[static_cast<std::size_t>(row)]; at < p.begins[static_cast<std::size_t>(row) + 1]; ++at)
            entries[{row, p.columns[static_cast<std::size_t>(at)]}] = p.values[static_cast<std::size_t>(at)];
    return entries;
}

void expectDistribution(const Affinities& p)
{
    const auto entries = entriesOf(p);
    ASSERT_EQ(entries.size(), p.values.size()) << "a column twice";
    double sum = 0;
    for (const auto& [place, value] : entries) {
        ASSERT_NE(place.first, place.second);
        ASSERT_TRUE(std::isfinite(value) && value >= 0);
        ASSERT_EQ(entries.at({place.second, place.first}), value) << "not symmetric";
        sum += static_cast<double>(value);
    }
    EXPECT_NEAR(sum, 1, 1e-5);
    for (int row = 0; row < p.count(); ++row) {
        const auto begin = p.columns.begin() + p.begins[static_cast<std::size_t>(row)];
        EXPECT_TRUE(std::is_sorted(begin, p.columns.begin() + p.begins[static_cast<std::size_t>(row) + 1]));
    }
}

} // namespace

TEST(Affinities, AgreeWithScikitLearn)
{
    const Affinities p = affinitiesOf(goldenPoints(), {20});
    expectDistribution(p);
    EXPECT_EQ(p.values.size(), 21380U);
    double squares = 0, entropy = 0;
    for (const float value : p.values) {
        squares += static_cast<double>(value) * static_cast<double>(value);
        entropy -= static_cast<double>(value) * std::log(static_cast<double>(value));
    }
    EXPECT_NEAR(squares, 0.00024075290411239585, 2.5e-9);
    EXPECT_NEAR(entropy, 8.733008822629508, 1e-4);
    const auto entries = entriesOf(p);
    const std::map<std::pair<int, int>, double> golden{
        {{0, 37}, 0.0005403070408293405},    {{0, 48}, 0.00034377682782659304},    {{0, 85}, 0.0002885571365893002},
        {{150, 113}, 0.0003886086338884597}, {{150, 102}, 0.00035665944294427425}, {{150, 187}, 0.00033500868300304727},
        {{299, 251}, 0.0005271861617953287}, {{299, 214}, 0.0003445901557822275},  {{299, 262}, 0.00033986277158708233}};
    for (const auto& [place, value] : golden) EXPECT_NEAR(static_cast<double>(entries.at(place)) / value, 1, 3e-5);
}

TEST(Affinities, EveryKernelHasThePerplexityAskedFor)
{
    Points points{4, std::vector<float>(4 * 700)};
    RandomStream random(3, RandomPurpose::Noise);
    random.fillNormal(points.values);
    for (std::size_t i = 0; i < points.values.size(); i += 8) points.values[i] *= 1000; // some far away
    const auto table = nearestNeighbours(points, 150, pool(2));
    std::vector<double> kernel(150);
    for (const double perplexity : {1.5, 5.0, 30.0, 50.0}) {
        const auto used = static_cast<std::size_t>(neighboursFor(perplexity));
        for (int row = 0; row < 700; row += 7) {
            const double found = calibratedKernel({table->distance(row), used}, perplexity, {kernel.data(), used});
            double sum = 0, entropy = 0;
            for (std::size_t k = 0; k < used; ++k) {
                sum += kernel[k];
                if (kernel[k] > 0) entropy -= kernel[k] * std::log(kernel[k]);
            }
            ASSERT_NEAR(sum, 1, 1e-12);
            ASSERT_NEAR(std::exp(entropy) / perplexity, 1, 1e-5) << row;
            ASSERT_NEAR(found / perplexity, 1, 1e-5);
        }
    }
}

TEST(Affinities, SeveralPerplexitiesGiveTheMeanOfTheirKernels)
{
    const Points points = goldenPoints();
    const auto both = entriesOf(affinitiesOf(points, {5, 30}));
    const auto narrow = entriesOf(affinitiesOf(points, {5}));
    const auto wide = entriesOf(affinitiesOf(points, {30}));
    EXPECT_EQ(both.size(), wide.size());
    for (const auto& [place, value] : both) {
        const auto other = narrow.find(place);
        const float expected = (wide.at(place) + (other == narrow.end() ? 0 : other->second)) / 2;
        ASSERT_NEAR(value, expected, 1e-9 + 1e-5 * static_cast<double>(expected));
    }
}

TEST(Affinities, OfEqualPointsAreShared)
{
    // All equal: every neighbour is as near as any other.
    expectDistribution(affinitiesOf(Points{2, std::vector<float>(2 * 200, 3)}, {10}));
    // Half of them equal, more than the perplexity: no width can tell them apart.
    Points half{2, std::vector<float>(2 * 400)};
    RandomStream random(4, RandomPurpose::Noise);
    random.fillNormal(half.values);
    std::fill_n(half.values.begin(), 400, 0.25F);
    const Affinities p = affinitiesOf(half, {10});
    expectDistribution(p);
    std::vector<double> kernel(30);
    std::vector<double> distances(30, 0.0);
    std::fill(distances.begin() + 20, distances.end(), 1.0);
    EXPECT_NEAR(calibratedKernel(distances, 10, kernel), 20, 1e-6) << "what comes nearest to it";
    EXPECT_NEAR(kernel[0], 0.05, 1e-9);
    EXPECT_NEAR(kernel[29], 0, 1e-9);
}

TEST(Affinities, AreTheSameForAnyNumberOfThreads)
{
    Points points{6, std::vector<float>(6 * 1500)};
    RandomStream random(5, RandomPurpose::Noise);
    random.fillNormal(points.values);
    const Affinities one = affinitiesOf(points, {15, 40}, 1);
    for (const int threads : {2, 4}) {
        const Affinities other = affinitiesOf(points, {15, 40}, threads);
        EXPECT_EQ(other.begins, one.begins);
        EXPECT_EQ(other.columns, one.columns);
        EXPECT_EQ(other.values, one.values);
    }
}

TEST(Affinities, RefuseAPerplexityThatThePointsCannotGive)
{
    const auto table = nearestNeighbours(goldenPoints(), 60, pool(1));
    const auto refusal = [&](const std::vector<double>& perplexities) -> std::string {
        try {
            (void)jointAffinities(*table, perplexities, pool(1));
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), Error::Kind::InvalidArgument);
            return error.what();
        }
        return "accepted";
    };
    EXPECT_EQ(refusal({20}), "accepted");
    EXPECT_NE(refusal({20, 21}).find("found 21, expected 1 to 20, a third of the 60 neighbours"), std::string::npos);
    EXPECT_NE(refusal({0.5}).find("found 0.5"), std::string::npos);
    EXPECT_NE(refusal({NAN}).find("found nan"), std::string::npos);
    EXPECT_NE(refusal({}).find("found none"), std::string::npos);
    EXPECT_FALSE(jointAffinities(*table, std::vector<double>{5}, pool(2), [](double) { return false; }));
}

} // namespace latentoscope
