#include "core/experiment/References.h"
#include "core/config/Configuration.h"
#include "core/data/DataSet.h"
#include "core/data/ImageSet.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace latentoscope {
namespace {

/// By the definition, image by image, in the plainest way: power iteration for each component in turn.
std::vector<double> pcaByHand(const DataSet& data, int most)
{
    const std::size_t p = data.train.shape.values();
    const auto value = [p](const ImageSet& set, int i, std::size_t j) {
        return set.pixels[static_cast<std::size_t>(i) * p + j] / 255.0;
    };
    std::vector<double> mean(p, 0);
    for (int i = 0; i < data.train.count(); ++i)
        for (std::size_t j = 0; j < p; ++j) mean[j] += value(data.train, i, j) / data.train.count();
    std::vector<std::vector<double>> components;
    std::vector<double> errors;
    for (int d = 0; d < most; ++d) {
        std::vector<double> direction(p);
        for (std::size_t j = 0; j < p; ++j) direction[j] = std::sin(1.0 + static_cast<double>(j) * (d + 1));
        for (int round = 0; round < 3000; ++round) {
            std::vector<double> next(p, 0);
            for (int i = 0; i < data.train.count(); ++i) {
                double along = 0;
                for (std::size_t j = 0; j < p; ++j) along += direction[j] * (value(data.train, i, j) - mean[j]);
                for (std::size_t j = 0; j < p; ++j) next[j] += along * (value(data.train, i, j) - mean[j]);
            }
            for (const auto& other : components) {
                double along = 0;
                for (std::size_t j = 0; j < p; ++j) along += other[j] * next[j];
                for (std::size_t j = 0; j < p; ++j) next[j] -= along * other[j];
            }
            double length = 0;
            for (const double x : next) length += x * x;
            for (std::size_t j = 0; j < p; ++j) direction[j] = next[j] / std::sqrt(length);
        }
        components.push_back(direction);
        double error = 0;
        for (int i = 0; i < data.test.count(); ++i) {
            std::vector<double> rest(p);
            for (std::size_t j = 0; j < p; ++j) rest[j] = value(data.test, i, j) - mean[j];
            const std::vector<double> whole = rest;
            for (const auto& component : components) {
                double along = 0;
                for (std::size_t j = 0; j < p; ++j) along += component[j] * whole[j];
                for (std::size_t j = 0; j < p; ++j) rest[j] -= along * component[j];
            }
            for (const double x : rest) error += x * x;
        }
        errors.push_back(error / (data.test.count() * static_cast<double>(p)));
    }
    return errors;
}

} // namespace

TEST(References, OfPrincipalComponentsAreThoseOfTheDefinition)
{
    const auto data = test::smallData({4, 4, 1}, 60, 30);
    const auto references = computeReferences(*data, 1);
    ASSERT_TRUE(references);
    ASSERT_EQ(references->pcaMse.size(), 16U);
    const std::vector<double> expected = pcaByHand(*data, 3);
    for (std::size_t d = 0; d < 3; ++d) EXPECT_NEAR(references->pcaMse[d], expected[d], 1e-6) << d;
    EXPECT_LE(references->pcaMse.front(), references->meanImageMse);
    EXPECT_NEAR(references->pcaMse.back(), 0, 1e-12) << "all components give the image back";
    for (std::size_t d = 1; d < 16; ++d) EXPECT_LE(references->pcaMse[d], references->pcaMse[d - 1] + 1e-15);
}

TEST(References, OfEntropyAndMeanImageAreThoseOfTheDefinition)
{
    DataSet data;
    data.train = {{1, 2, 1}, std::vector<std::uint8_t>{0, 51, 102, 153}, {0, 1}}; // means 0.2, 0.4
    data.test = {{1, 2, 1}, std::vector<std::uint8_t>{255, 51, 0, 102}, {0, 1}};
    const auto references = computeReferences(data, 1);
    const auto h = [](double p, double q) { return -p * std::log(q) - (1 - p) * std::log(1 - q); };
    EXPECT_NEAR(references->entropyFloor, (h(0.2, 0.2) + h(0.4, 0.4)) / 2, 1e-12);
    EXPECT_NEAR(references->meanImageBce, (-std::log(0.2) + h(0.2, 0.4) - std::log(0.8) + h(0.4, 0.4)) / 2, 1e-12);
    EXPECT_NEAR(references->meanImageMse, (0.64 + 0.04 + 0.04 + 0) / 4, 1e-12);
}

TEST(References, AreTheSameBytesAtAnyThreadCountAndCanBeInterrupted)
{
    const auto data = test::smallData({8, 8, 3}, 3000, 700);
    const auto one = computeReferences(*data, 1);
    for (const int threads : {2, 3, 5}) EXPECT_EQ(computeReferences(*data, threads), one) << threads;
    int told = 0;
    double furthest = 0;
    const auto listen = [&](double done) {
        EXPECT_GE(done, furthest);
        furthest = done;
        return ++told <= 3;
    };
    EXPECT_FALSE(computeReferences(*data, 1, listen));
    EXPECT_EQ(told, 4);
    EXPECT_LT(furthest, 1);
    EXPECT_THROW(computeReferences(DataSet(), 1), Error);
}

TEST(References, OfLargeImagesLeaveOutTheComponents)
{
    const auto references = computeReferences(*test::smallData({65, 64, 1}, 20, 10), 1);
    ASSERT_TRUE(references);
    EXPECT_TRUE(references->pcaMse.empty());
    EXPECT_GT(references->meanImageMse, 0);
    EXPECT_EQ(referenceLines(*references, ModelOptions(), {}).at("mse").size(), 1U);
}

TEST(References, AreReadFromWhereTheyAreKeptUnlessThatIsDamaged)
{
    const test::TemporaryFolder folder;
    auto data = std::make_shared<DataSet>(*test::smallData({4, 4, 1}, 60, 30));
    data->digest = "d1";
    const auto computed = referencesOf(*data, 1, folder.path());
    EXPECT_FALSE(std::filesystem::exists(folder / "references-d1.json")) << "what takes no time is not kept";
    writeFileAtomically(folder / "references-d1.json",
                        R"({"mean_image_mse": 7, "pca_mse": [3, 2], "entropy_floor": 5, "mean_image_bce": 9})");
    EXPECT_EQ(referencesOf(*data, 1, folder.path()), (References{7, {3, 2}, 5, 9}));
    for (const char* damage : {"", "{}", R"({"mean_image_mse": "x"})"}) {
        writeFileAtomically(folder / "references-d1.json", damage);
        EXPECT_EQ(referencesOf(*data, 1, folder.path()), computed) << damage;
    }
    EXPECT_EQ(referencesOf(*data, 1, {}), computed);
}

TEST(ReferenceLines, BelongToTheMeasuresOfEachKind)
{
    const References references{0.08, {0.06, 0.04, 0.03}, 190, 385};
    const ClassShares kEven{{0.25, 0.25, 0.25, 0.25}, 4};
    ModelOptions model;
    model.latent = 2;
    auto lines = referenceLines(references, model, kEven);
    ASSERT_EQ(lines.at("mse").size(), 2U);
    EXPECT_EQ(lines.at("mse")[1].label, "PCA-2");
    EXPECT_EQ(lines.at("mse")[1].y, 0.04);
    EXPECT_FALSE(lines.contains("bce"));
    model.kind = "vae";
    model.likelihood = PixelLikelihood::Bernoulli;
    lines = referenceLines(references, model, kEven);
    EXPECT_EQ(lines.at("negative_elbo")[0].y, 190);
    EXPECT_FALSE(lines.contains("loss"));
    EXPECT_FALSE(lines.contains("kl")) << "no simple method has a divergence";
    model.beta = 2;
    EXPECT_TRUE(referenceLines(references, model, kEven).contains("loss"));
    model.kind = "classifier";
    model.classes = 4;
    lines = referenceLines(references, model, kEven);
    EXPECT_NEAR(lines.at("nll")[0].y, std::log(4.0), 1e-12);
    EXPECT_EQ(lines.at("accuracy")[0].y, 25);
    EXPECT_EQ(lines.at("accuracy")[0].label, "chance");
    const auto uneven = referenceLines(references, model, {{0.5, 0.3, 0.1, 0.1}, 4});
    EXPECT_EQ(uneven.at("accuracy")[0].y, 50);
    EXPECT_EQ(uneven.at("accuracy")[0].label, "largest class");
    EXPECT_NEAR(uneven.at("nll")[0].y, 1.1682824501765625, 1e-12); // scipy.stats.entropy
    EXPECT_FALSE(lines.contains("mse"));
    model.kind = "autoencoder";
    model.latent = 4;
    EXPECT_EQ(referenceLines(references, model, kEven).at("mse").size(), 1U) << "there are only three components";
}

TEST(Verdict, SaysHowARunStandsToItsLines)
{
    const Measure mse{"mse", "MSE", "a pixel"};
    const std::vector<ReferenceLine> lines{{"mean image", 0.08}, {"PCA-10", 0.04}};
    EXPECT_EQ(verdict(0.03, mse, lines), "25 % below PCA-10");
    EXPECT_EQ(verdict(0.05, mse, lines), "25 % above PCA-10");
    EXPECT_EQ(verdict(250.04, {"negative_elbo", "BCE + KL", "nats/image"},
                      {{"entropy floor", 190, ReferenceLine::Meaning::Floor}, {"mean image", 385}}),
              "60.0 above the entropy floor");
    EXPECT_EQ(verdict(0.03, mse, {}), "");
    EXPECT_EQ(verdict(std::numeric_limits<double>::quiet_NaN(), mse, lines), "");
    EXPECT_EQ(verdict(80, {"accuracy", "Accuracy", "%", 1, false}, {{"chance", 10}}), "") << "higher is better: it shows";
}

} // namespace latentoscope
