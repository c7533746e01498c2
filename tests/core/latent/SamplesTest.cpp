#include "core/latent/Samples.h"
#include "core/base/Error.h"
#include "core/config/Configuration.h"
#include "core/data/ItemSelection.h"
#include "core/kinds/Kind.h"
#include "core/latent/Codes.h"
#include "core/models/FrozenModel.h"
#include "core/models/InitialWeights.h"
#include "core/values/LatentCodes.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <cmath>

namespace latentoscope {
namespace {

FrozenModel smallModel(const std::string& kind)
{
    ModelOptions options;
    options.kind = kind;
    options.channels = {4};
    options.hidden = 8;
    options.latent = 3;
    return {options, {8, 8, 1}, initialWeights(parameterLayout(options, {8, 8, 1}), 2)};
}

} // namespace

TEST(Samples, OfThePriorAreNormalAndOnlyScaledByTheTemperature)
{
    const std::vector<float> codes = priorCodes(5, 20'000, 1, 3);
    double squares = 0;
    for (const float value : codes) squares += std::pow(double{value}, 2);
    EXPECT_NEAR(squares / 100'000, 1, 0.02);
    const std::vector<float> cool = priorCodes(5, 20'000, 0.5, 3);
    for (std::size_t i = 0; i < codes.size(); i += 997) EXPECT_FLOAT_EQ(cool[i], codes[i] / 2);
    EXPECT_EQ(priorCodes(5, 4, 1, 3), std::vector<float>(codes.begin(), codes.begin() + 20));
    EXPECT_NE(priorCodes(5, 4, 1, 4), priorCodes(5, 4, 1, 3));
    for (const float value : priorCodes(5, 4, 0, 3)) EXPECT_EQ(value, 0);
}

TEST(Samples, AreWhatTheDecoderMakesOfTheirCodes)
{
    const FrozenModel model = smallModel("vae");
    const Samples samples = decodeCodes(model, priorCodes(3, 7, 1, 1));
    EXPECT_EQ(samples.count(), 7);
    EXPECT_EQ(samples.images, toBytes(model.decode(samples.codes)));
    EXPECT_THROW((void)decodeCodes(model, {1, 2}), Error);
}

TEST(Codes, OfAPosteriorComeWithTheirSpreadAndReconstructionsWithASample)
{
    const auto data = test::smallData({8, 8, 1});
    const ItemSelection items{"test", {3, 1, 4, 1, 5}, true};
    const FrozenModel vae = smallModel("vae"), plain = smallModel("autoencoder");
    const auto codes = encodeItems(vae, *data, items, 0);
    EXPECT_EQ(codes->values.size(), 15U);
    ASSERT_EQ(codes->deviations.size(), 15U);
    for (const float deviation : codes->deviations) EXPECT_GT(deviation, 0);
    EXPECT_TRUE(encodeItems(plain, *data, items, 0)->deviations.empty());
    const auto reconstructions = reconstructItems(vae, *data, items, 0);
    EXPECT_EQ(reconstructions->outputs, toBytes(vae.reconstruct(reconstructions->inputs)));
    EXPECT_EQ(reconstructions->samples.size(), reconstructions->outputs.size());
    EXPECT_NE(reconstructions->samples, reconstructions->outputs);
    EXPECT_EQ(reconstructItems(vae, *data, items, 0)->samples, reconstructions->samples) << "the same noise every time";
    EXPECT_TRUE(reconstructItems(plain, *data, items, 0)->samples.empty());
}

} // namespace latentoscope
