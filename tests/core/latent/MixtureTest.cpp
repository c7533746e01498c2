#include "core/latent/Mixture.h"

#include "core/base/Error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace latentoscope {
namespace {

/// 600 codes in two clusters, a third of them around (4, -2, 0), by a formula that NumPy computes as well.
std::vector<float> twoClusters()
{
    std::vector<float> codes;
    for (int i = 0; i < 600; ++i) {
        const bool far = i % 3 == 0;
        codes.push_back(static_cast<float>(std::sin(0.7 * i) + (far ? 4 : 0)));
        codes.push_back(static_cast<float>(0.5 * std::cos(1.3 * i) + 0.3 * std::sin(0.7 * i) - (far ? 2 : 0)));
        codes.push_back(static_cast<float>(std::sin(2.1 * i) * std::cos(0.37 * i)));
    }
    return codes;
}

MixtureOptions patient()
{
    MixtureOptions options;
    options.tolerance = 1e-9;
    options.iterations = 500;
    return options;
}

} // namespace

// scikit-learn 1.2: GaussianMixture(k, tol=1e-9, max_iter=500, n_init=3, random_state=0) of the same codes
// (tests/golden/scikit_learn.py).
TEST(Mixture, AgreesWithScikitLearn)
{
    const std::vector<float> codes = twoClusters();
    const GaussianMixture one = fitMixture(codes, 3, 1, patient());
    EXPECT_NEAR(one.logLikelihood, -3.8106203949530366, 1e-9);
    EXPECT_NEAR(bic(one, 600), 4630.316840840589, 1e-5);
    EXPECT_NEAR(one.means[0], 1.33502117, 1e-7);
    const GaussianMixture two = fitMixture(codes, 3, 2, patient());
    EXPECT_TRUE(two.converged);
    EXPECT_NEAR(two.logLikelihood, -2.8127994172361506, 1e-7);
    EXPECT_NEAR(bic(two, 600), 3496.9009641324874, 1e-3);
    EXPECT_NEAR(std::max(two.weights[0], two.weights[1]), 2.0 / 3, 1e-6);
}

TEST(Mixture, IsTheSameForTheSameSeedAndGrowsInLikelihood)
{
    const std::vector<float> codes = twoClusters();
    const GaussianMixture first = fitMixture(codes, 3, 4);
    const GaussianMixture again = fitMixture(codes, 3, 4);
    EXPECT_EQ(first.means, again.means);
    EXPECT_EQ(first.factors, again.factors);
    MixtureOptions options;
    double before = -HUGE_VAL;
    for (options.iterations = 1; options.iterations < 12; ++options.iterations) {
        const double now = fitMixture(codes, 3, 4, options).logLikelihood;
        EXPECT_GE(now, before - 1e-9) << "a step of expectation and maximisation never loses";
        before = now;
    }
}

TEST(Mixture, HasAsManyComponentsAsTheCriterionFavours)
{
    // Three round clusters, far from each other: fewer explain them worse, more are not worth their parameters.
    RandomStream random(1, RandomPurpose::Noise);
    std::vector<float> codes(2 * 900);
    random.fillNormal(codes);
    for (std::size_t i = 0; i < 900; ++i) codes[2 * i] += static_cast<float>(10 * (i % 3));
    const GaussianMixture best = bestMixture(codes, 2, 10);
    EXPECT_EQ(best.components(), 3);
    std::vector<double> centres{best.means[0], best.means[2], best.means[4]};
    std::sort(centres.begin(), centres.end());
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(centres[static_cast<std::size_t>(i)], 10 * i, 0.2);
}

TEST(Mixture, DrawsCodesThatLieAsItDoes)
{
    const GaussianMixture mixture = fitMixture(twoClusters(), 3, 2, patient());
    RandomStream random(7, RandomPurpose::ClassSamples);
    const std::vector<float> drawn = drawCodes(mixture, 40'000, 1, random);
    const GaussianMixture back = fitMixture(drawn, 3, 2, patient());
    // The order of components is open.
    const bool swapped = (mixture.weights[0] < mixture.weights[1]) != (back.weights[0] < back.weights[1]);
    for (std::size_t k = 0; k < 2; ++k) {
        const std::size_t other = swapped ? 1 - k : k;
        EXPECT_NEAR(back.weights[other], mixture.weights[k], 0.01);
        for (std::size_t d = 0; d < 3; ++d) EXPECT_NEAR(back.means[other * 3 + d], mixture.means[k * 3 + d], 0.03);
        for (std::size_t d = 0; d < 9; ++d) EXPECT_NEAR(back.factors[other * 9 + d], mixture.factors[k * 9 + d], 0.03);
    }
    RandomStream cold(7, RandomPurpose::ClassSamples);
    for (const float value : drawCodes(mixture, 20, 0, cold)) {
        const bool ofAMean = std::any_of(mixture.means.begin(), mixture.means.end(),
                                         [&](double mean) { return std::abs(mean - double{value}) < 1e-6; });
        EXPECT_TRUE(ofAMean) << value;
    }
}

TEST(Mixture, TakesDimensionsThatAreConstantAndFewCodes)
{
    std::vector<float> codes;
    for (int i = 0; i < 30; ++i) codes.insert(codes.end(), {static_cast<float>(i), 5, 0});
    const GaussianMixture flat = bestMixture(codes, 3, 10);
    RandomStream random(1, RandomPurpose::ClassSamples);
    const std::vector<float> drawn = drawCodes(flat, 50, 1, random);
    for (std::size_t i = 0; i < 50; ++i) EXPECT_NEAR(drawn[3 * i + 1], 5, 0.01);
    EXPECT_EQ(bestMixture(std::vector<float>{1, 2}, 2, 10).components(), 1) << "of a single code";
    EXPECT_EQ(bestMixture(std::vector<float>{3, 3, 3, 3}, 1, 10).components(), 1) << "of codes that are all alike";
    EXPECT_THROW(fitMixture(std::vector<float>{1, 2}, 2, 2), Error);
    EXPECT_THROW(fitMixture(std::vector<float>{1, NAN}, 1, 1), Error);
    EXPECT_THROW(fitMixture({}, 1, 1), Error);
}

} // namespace latentoscope
