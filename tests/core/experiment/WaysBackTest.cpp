// The two ways back from a picture: what each is good at, that the better one is chosen, and bad input.
#include "core/experiment/WaysBack.h"
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/projection/InverseNetwork.h"

#include <gtest/gtest.h>

#include <cmath>

namespace latentoscope {
namespace {

struct Pairs {
    std::shared_ptr<Points> codes = std::make_shared<Points>(Points{3, {}});
    std::shared_ptr<Points> places = std::make_shared<Points>(Points{2, {}});
};

/// Places over a square of 20, and codes that `codeAt(x, y, k)` gives, with noise.
template <class CodeAt> Pairs pairsOf(int count, float noise, CodeAt codeAt)
{
    Pairs pairs;
    RandomStream random(5, RandomPurpose::Noise);
    std::vector<float> drawn(5 * static_cast<std::size_t>(count));
    random.fillNormal(drawn);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        const float x = 5 * drawn[5 * i], y = 5 * drawn[5 * i + 1];
        pairs.places->values.insert(pairs.places->values.end(), {x, y});
        for (int k = 0; k < 3; ++k)
            pairs.codes->values.push_back(codeAt(x, y, k) + noise * drawn[5 * i + 2 + static_cast<std::size_t>(k)]);
    }
    return pairs;
}

float plane(float x, float y, int k) { return (k == 0 ? x : k == 1 ? y : x - y) + 7; }

/// A patch of its own for each square of two units.
float patchwork(float x, float y, int k)
{
    return 10 * std::sin(37 * std::floor(x / 2) + 91 * std::floor(y / 2) + static_cast<float>(5 * k));
}

} // namespace

TEST(WaysBack, ANetworkLearnsASmoothMapAndTheSameForTheSameSeed)
{
    const Pairs pairs = pairsOf(800, 0, plane);
    const auto map = mapOfNetwork(pairs.codes, pairs.places, 1);
    for (const Place& place : {Place{0, 0}, Place{3, -4}, Place{-6, 2}}) {
        const std::vector<float> code = map->codeAt(place);
        for (int k = 0; k < 3; ++k) {
            EXPECT_NEAR(code[static_cast<std::size_t>(k)], plane(static_cast<float>(place[0]), static_cast<float>(place[1]), k),
                        0.3F);
        }
    }
    EXPECT_EQ(mapOfNetwork(pairs.codes, pairs.places, 1)->codeAt({1, 2}), map->codeAt({1, 2}));
    EXPECT_NE(mapOfNetwork(pairs.codes, pairs.places, 2)->codeAt({1, 2}), map->codeAt({1, 2}));
}

TEST(WaysBack, NoisyPlanesGoToTheNetworkAndPatchworkToTheNearestPoints)
{
    const Pairs noisy = pairsOf(1000, 3, plane);
    const auto smooth = compareWaysBack(noisy.codes, noisy.places, nullptr, 3);
    EXPECT_EQ(smooth->heldOut, 100);
    EXPECT_TRUE(smooth->networkIsBetter) << smooth->network.codes << " " << smooth->neighbours.codes;
    EXPECT_LT(smooth->network.codes, smooth->neighbours.codes);
    EXPECT_FALSE(smooth->network.images) << "no decoder";

    const Pairs patches = pairsOf(4000, 0, patchwork);
    const auto rough = compareWaysBack(patches.codes, patches.places, nullptr, 3);
    EXPECT_FALSE(rough->networkIsBetter) << rough->network.codes << " " << rough->neighbours.codes;
    EXPECT_LT(rough->neighbours.codes, 0.5);
    // The better one is of all points.
    EXPECT_EQ(rough->better->codeAt(
                  {static_cast<double>(patches.places->row(17)[0]), static_cast<double>(patches.places->row(17)[1])})[0],
              patches.codes->row(17)[0]);
}

TEST(WaysBack, EndWhereAskedToAndRefuseTooFewPoints)
{
    const Pairs pairs = pairsOf(300, 0, plane);
    EXPECT_EQ(mapOfNetwork(pairs.codes, pairs.places, 1, [](double) { return false; }), nullptr);
    EXPECT_FALSE(compareWaysBack(pairs.codes, pairs.places, nullptr, 1, [](double done) { return done < 0.2; }));
    const Pairs few = pairsOf(19, 0, plane);
    EXPECT_THROW(compareWaysBack(few.codes, few.places, nullptr, 1), Error);
    EXPECT_THROW(compareWaysBack(pairs.codes, few.places, nullptr, 1), Error);
}

TEST(WaysBack, CodesThatDoNotVaryAreGivenBack)
{
    Pairs pairs = pairsOf(100, 0, [](float, float, int k) { return static_cast<float>(k); });
    const auto ways = compareWaysBack(pairs.codes, pairs.places, nullptr, 1);
    EXPECT_EQ(ways->neighbours.codes, 0);
    for (const auto& map : {ways->better, std::shared_ptr<const PlaneMap>(mapOfNetwork(pairs.codes, pairs.places, 1))}) {
        EXPECT_NEAR(map->codeAt({0, 0})[2], 2, 0.1F);
    }
}

} // namespace latentoscope
