#include "core/latent/ClassSamples.h"
#include "core/config/Configuration.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/experiment/Classification.h"
#include "core/kinds/Kind.h"
#include "core/latent/Samples.h"
#include "core/models/FrozenModel.h"
#include "core/models/InitialWeights.h"
#include "core/values/LatentCodes.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace latentoscope {
namespace {

/// Codes of three classes on a line: normal around 0, normal around 100, and one single code at 7.
LatentCodes threeClasses()
{
    LatentCodes codes;
    codes.dimension = 2;
    codes.split = "test";
    RandomStream random(5, RandomPurpose::Noise);
    codes.values.resize(2 * 801);
    random.fillNormal(codes.values);
    for (int row = 0; row < 801; ++row) {
        const int label = row == 800 ? 2 : row % 2;
        codes.items.push_back(row);
        codes.labels.push_back(static_cast<Label>(label));
        codes.values[static_cast<std::size_t>(2 * row)] += static_cast<float>(100 * (label == 1));
    }
    codes.values[1600] = 7;
    codes.values[1601] = 7;
    return codes;
}

} // namespace

TEST(ClassSamples, LieWhereTheClassLiesByEveryDensity)
{
    const LatentCodes codes = threeClasses();
    for (const DensityName& density : densities()) {
        const ClassDraw draw{density.density, 1, 3};
        const std::vector<float> drawn = drawClassCodes(codes, 1, 2000, draw);
        ASSERT_EQ(drawn.size(), 4000U);
        double mean = 0;
        double square = 0;
        for (std::size_t i = 0; i < drawn.size(); i += 2) {
            EXPECT_GT(drawn[i], 90) << density.name << ": a code of another class";
            mean += double{drawn[i]} / 2000;
            square += std::pow(double{drawn[i]} - 100, 2) / 2000;
        }
        EXPECT_NEAR(mean, 100, 0.15) << density.name;
        EXPECT_NEAR(square, 1, 0.2) << density.name;
        EXPECT_EQ(drawClassCodes(codes, 1, 2000, draw), drawn) << density.name;
        EXPECT_NE(drawClassCodes(codes, 1, 2000, {density.density, 1, 4}), drawn) << density.name;
        // Of a single code nothing but itself can be known.
        for (const float value : drawClassCodes(codes, 2, 5, draw)) EXPECT_NEAR(value, 7, 0.01) << density.name;
        EXPECT_THROW(drawClassCodes(codes, 4, 5, draw), Error);
    }
}

TEST(ClassSamples, AroundNeighboursAreAsFarAsTheTenthIs)
{
    LatentCodes line; // 0, 1, 2, …: the tenth neighbour of a code in the middle is five away
    line.dimension = 1;
    for (int i = 0; i < 1001; ++i) {
        line.values.push_back(static_cast<float>(i));
        line.labels.push_back(0);
        line.items.push_back(i);
    }
    // Drawn codes are whole numbers plus normal noise of deviation 5 (but for the ends).
    const std::vector<float> drawn = drawClassCodes(line, 0, 20'000, {Density::Neighbours, 1, 1});
    const std::vector<float> cold = drawClassCodes(line, 0, 20'000, {Density::Neighbours, 0, 1});
    double square = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        EXPECT_EQ(cold[i], std::round(cold[i]));
        square += std::pow(double{drawn[i]} - double{cold[i]}, 2) / 20'000;
    }
    EXPECT_NEAR(std::sqrt(square), 5, 0.1);
}

TEST(ClassSamples, AreDecodedInOrderAndCarryTheirClass)
{
    ModelOptions options;
    options.channels = {4};
    options.hidden = 8;
    options.latent = 2;
    const FrozenModel model(options, {8, 8, 1}, initialWeights(parameterLayout(options, {8, 8, 1}), 2));
    const Samples samples = sampleClasses(model, threeClasses(), {1, 0}, 3, {Density::Gaussian, 1, 9});
    EXPECT_EQ(samples.labels, (std::vector<Label>{1, 1, 1, 0, 0, 0}));
    EXPECT_EQ(samples.count(), 6);
    EXPECT_EQ(samples.images, toBytes(model.decode(samples.codes)));
    const std::vector<float> alone = drawClassCodes(threeClasses(), 0, 3, {Density::Gaussian, 1, 9});
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), samples.codes.begin() + 6)) << "a class's codes, whoever else is drawn";

    options.kind = "classifier";
    const FrozenModel judge(options, {8, 8, 1}, initialWeights(parameterLayout(options, {8, 8, 1}), 3));
    const Predictions judged = judgeSamples(judge, samples, 1);
    EXPECT_EQ(judged.labels, samples.labels);
    const std::vector<float> probabilities = judge.probabilities(judge.encode(samples.images));
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(judged.probability[i], probabilities[i * 10 + judged.predicted[i]]);
    EXPECT_THROW((void)judgeSamples(model, samples, 1), Error);
    EXPECT_THROW((void)judgeSamples(judge, decodeCodes(model, priorCodes(2, 3, 1, 1)), 1), Error);
    const FrozenModel other(options, {9, 8, 1}, initialWeights(parameterLayout(options, {9, 8, 1}), 3));
    EXPECT_THROW((void)judgeSamples(other, samples, 1), Error);
    EXPECT_THROW((void)sampleClasses(judge, threeClasses(), {0}, 3, {}), Error) << "a classifier makes no images";
}

} // namespace latentoscope
