#include "core/base/Random.h"

#include <gtest/gtest.h>

#include <set>

#include <vector>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace latentoscope {

// Known answers of the reference implementation (Random123, kat_vectors, philox4x32-10).
TEST(Philox, GivesTheKnownAnswersOfItsAuthors)
{
    using Words = std::array<std::uint32_t, 4>;
    EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    constexpr std::uint32_t kOnes = 0xffffffff;
    EXPECT_EQ(philox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, GivesTheSameForTheSameKeyAndAnotherForAnother)
{
    RandomStream a(7, RandomPurpose::Weights, 1);
    RandomStream b(7, RandomPurpose::Weights, 1);
    RandomStream c(7, RandomPurpose::Weights, 2);
    RandomStream d(7, RandomPurpose::Noise, 1);
    const std::uint32_t first = a.next();
    EXPECT_EQ(first, b.next());
    EXPECT_NE(first, c.next());
    EXPECT_NE(first, d.next());
}

TEST(RandomStream, IsUniformBelowABound)
{
    RandomStream random(3, RandomPurpose::Noise);
    std::array<int, 10> counts{};
    for (int i = 0; i < 100'000; ++i) ++counts[random.below(10)];
    for (const int count : counts) EXPECT_NEAR(count, 10'000, 400); // more than four standard deviations
}

TEST(RandomStream, HasUniformMeanAndStaysBelowOne)
{
    RandomStream random(3, RandomPurpose::Noise, 9);
    double sum = 0;
    for (int i = 0; i < 100'000; ++i) {
        const float value = random.uniform();
        ASSERT_GE(value, 0.0F);
        ASSERT_LT(value, 1.0F);
        sum += double{value};
    }
    EXPECT_NEAR(sum / 100'000, 0.5, 0.005);
}

TEST(Shuffle, KeepsEveryElement)
{
    std::vector<int> values(1000);
    std::iota(values.begin(), values.end(), 0);
    const std::vector<int> before = values;
    RandomStream random(1, RandomPurpose::BatchOrder);
    shuffle(values, random);
    EXPECT_NE(values, before);
    EXPECT_TRUE(std::is_permutation(values.begin(), values.end(), before.begin()));
}

TEST(RandomStream, NormalValuesHaveTheMomentsOfTheNormalDistribution)
{
    RandomStream random(11, RandomPurpose::Noise);
    std::vector<float> values(200'001);
    random.fillNormal(values);
    double sum = 0, squares = 0, fourth = 0;
    int beyond = 0;
    for (const float value : values) {
        ASSERT_TRUE(std::isfinite(value));
        sum += double{value};
        squares += std::pow(double{value}, 2);
        fourth += std::pow(double{value}, 4);
        beyond += std::abs(value) > 1.959964F;
    }
    const auto count = static_cast<double>(values.size());
    EXPECT_NEAR(sum / count, 0, 0.01);
    EXPECT_NEAR(squares / count, 1, 0.015);
    EXPECT_NEAR(fourth / count, 3, 0.1);
    EXPECT_NEAR(beyond / count, 0.05, 0.002);
    RandomStream same(11, RandomPurpose::Noise);
    std::vector<float> again(values.size());
    same.fillNormal(again);
    EXPECT_EQ(again, values);
}

TEST(RandomStream, FillsWithTheWordsThatItWouldGiveOneByOne)
{
    for (const std::size_t before : {0, 1, 3, 4, 6}) {
        for (const std::size_t count : {0, 1, 5, 63, 64, 65, 200, 4096, 4099}) {
            RandomStream one(9, RandomPurpose::Dropout, 1, 2, 3);
            RandomStream many = one;
            for (std::size_t i = 0; i < before; ++i) EXPECT_EQ(one.next(), many.next());
            std::vector<std::uint32_t> words(count);
            many.fill(words);
            for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(words[i], one.next()) << before << " " << count << " " << i;
            EXPECT_EQ(many.next(), one.next()) << "both go on alike";
        }
    }
}

TEST(RandomStream, NoTwoPairsOfSeedAndPurposeShareAStream)
{
    // Seeds that differ in the bits where the purpose goes, and beyond, up to the largest that a configuration takes.
    std::set<std::uint32_t> first;
    std::size_t streams = 0;
    for (const std::uint64_t seed :
         {0ULL, 1ULL, 1ULL << 24U, 3ULL << 24U, 15ULL << 24U, (1ULL << 24U) + 1, 1ULL << 32U, (1ULL << 53U) - 1}) {
        for (int purpose = 0; purpose < 16; ++purpose) {
            first.insert(RandomStream(seed, static_cast<RandomPurpose>(purpose)).next());
            ++streams;
        }
    }
    EXPECT_EQ(first.size(), streams);
}

} // namespace latentoscope
