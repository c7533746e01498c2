#include "core/kinds/Kind.h"
#include "core/base/Error.h"
#include "core/config/Configuration.h"
#include "core/data/ImageShape.h"

#include <gtest/gtest.h>

namespace latentoscope {

TEST(Kind, OfAnUnknownNameNamesTheKnown)
{
    ModelOptions options;
    options.kind = "transformer";
    try {
        kindOf(options);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("model.kind: found transformer, expected one of autoencoder"), std::string::npos)
            << error.what();
    }
}

TEST(Kind, AutoencoderMeasuresAPixelAndReadsItAsTheReportDoes)
{
    const ModelOptions options;
    const Kind& kind = kindOf(options);
    const std::vector<Measure> measures = kind.measures(options, {9, 11, 3});
    ASSERT_EQ(measures.size(), 1U);
    EXPECT_EQ(measures[0].partsAnImage, 9 * 11 * 3);
    EXPECT_EQ(measures[0].title(), "MSE a pixel");
    const std::vector<NamedValue> derived = kind.derived({{"mse", 0.0536}});
    ASSERT_EQ(derived.size(), 1U);
    EXPECT_EQ(derived[0].name, "reconstruction_accuracy");
    EXPECT_DOUBLE_EQ(derived[0].value, 94.64);
}

TEST(Kind, TheFirstMeasureOfAVaeIsWhatItsTrainingMakesSmall)
{
    ModelOptions options;
    options.kind = "vae";
    options.latent = 2;
    options.likelihood = PixelLikelihood::Bernoulli;
    EXPECT_EQ(measuresOf(options, {8, 8, 1}).front().name, "negative_elbo");
    EXPECT_EQ(measuresOf(options, {8, 8, 1}).front().title(), "BCE + KL (nats/image)");
    options.beta = 2;
    EXPECT_EQ(measuresOf(options, {8, 8, 1}).front().name, "loss");
    EXPECT_EQ(measuresOf(options, {8, 8, 1})[1].name, "negative_elbo");
}

TEST(Kind, AUnitOfAVaeIsActiveWhereItsPosteriorsMeanVaries)
{
    ModelOptions options;
    options.kind = "vae";
    options.latent = 3;
    // Bound, reconstruction, kl, mse; kl of each; means; mean squares: variances 0.25, 0.005 and 0.011.
    const std::vector<NamedValue> figures =
        figuresOf(options, {8, 8, 1}, {30, 20, 10, 0.1, 8, 1, 1, 1, 2, 0, 1.25, 4.005, 0.011});
    ASSERT_EQ(figures.size(), 8U) << "what is hidden stays so";
    EXPECT_EQ(figures[6].name, "kl_2");
    EXPECT_EQ(figures[7].name, "active_units");
    EXPECT_EQ(figures[7].value, 2);
}

TEST(Parameters, BuffersLieAfterAllWeights)
{
    LayoutBuilder builder;
    builder.addLayer("one", {2, 3}, 2, 3);
    builder.addBuffer("one.running_mean", {2}, ParameterEntry::Initial::Zero);
    builder.addLayer("two", {4, 2}, 4, 2);
    const std::vector<ParameterEntry> layout = builder.take();
    ASSERT_EQ(layout.size(), 5U);
    EXPECT_EQ(layout.back().name, "one.running_mean");
    EXPECT_EQ(layout.back().offset, 6U + 2 + 8 + 4);
    EXPECT_EQ(weightCount(layout), 20U);
    EXPECT_EQ(parameterCount(layout), 22U);
    EXPECT_TRUE(builder.take().empty());
}

} // namespace latentoscope
