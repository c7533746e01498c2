// Presets follow the data: classes, length, layers.
#include "core/config/SuitedPreset.h"

#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace latentoscope {
namespace {

/// So many training images without a pixel: how many there are is all that is asked.
DataSet dataOf(int images, const ImageShape& shape = {28, 28, 1})
{
    DataSet data;
    data.train.shape = data.test.shape = shape;
    data.train.labels.resize(static_cast<std::size_t>(images));
    data.classNames = {"a", "b", "c"};
    return data;
}

} // namespace

TEST(SuitedPreset, ManyImagesLeaveAPresetAsItIs)
{
    for (const Preset& preset : presets()) {
        if (preset.configuration.model.kind == "classifier") continue;
        EXPECT_EQ(toJson(suitedPreset(preset.name, dataOf(60'000))), toJson(preset.configuration)) << preset.name;
    }
}

TEST(SuitedPreset, FewImagesAreTrainedOnForAsManyStepsInSmallerBatches)
{
    for (const char* name : {"autoencoder", "vae", "fine-tune", "images"}) {
        for (const int images : {10, 100, 500, 1'622, 8'000}) {
            SCOPED_TRACE(std::string(name) + " on " + std::to_string(images));
            const DataSet data = dataOf(images);
            const Configuration suited = suitedPreset(name, data), preset = presetOrFile(name);
            EXPECT_GE(stepsOf(data, suited), 3'000);
            EXPECT_LE(suited.training.batchSize, preset.training.batchSize);
            EXPECT_GE(suited.training.batchSize, 16);
            EXPECT_GE(suited.training.epochs, preset.training.epochs);
            EXPECT_LE(suited.training.learningRate, preset.training.learningRate);
            for (const Field& field : fields()) {
                const auto& may = suitedFields();
                if (std::find(may.begin(), may.end(), field.path) != may.end()) continue;
                EXPECT_EQ(fieldText(suited, field.path), fieldText(preset, field.path)) << field.path;
            }
        }
    }
    const Configuration emoji = suitedPreset("autoencoder", dataOf(1'622));
    EXPECT_EQ(emoji.training.batchSize, 32);
    EXPECT_EQ(emoji.training.epochs, 66);
    EXPECT_EQ(emoji.training.learningRate, 5e-3);
    EXPECT_EQ(emoji.training.keep, KeptWeights::Best);
    EXPECT_EQ(emoji.data.validationFraction, 0.1);
    EXPECT_EQ(lengthText(dataOf(1'622), emoji), "66 epochs in batches of 32: 3,036 steps");
}

TEST(SuitedPreset, FoldsDoNotChooseTheEpochThatTheyJudge)
{
    const Configuration suited = suitedPreset("autoencoder", dataOf(500), Holding::Folds);
    EXPECT_EQ(suited.training.keep, KeptWeights::Last);
    EXPECT_EQ(suited.data.validationFraction, 0);
    EXPECT_GE(stepsOf(dataOf(500), suited), 3'000);
}

TEST(SuitedPreset, AClassifierHasTheDatasClassesAndAReportItsOwnLength)
{
    EXPECT_EQ(suitedPreset("fine-tune", dataOf(500)).model.classes, 3);
    const Configuration report = suitedPreset("report-fine-tune", dataOf(500)), preset = presetOrFile("report-fine-tune");
    EXPECT_EQ(report.model.classes, 3);
    EXPECT_EQ(report.training.epochs, preset.training.epochs);
    EXPECT_EQ(report.training.batchSize, preset.training.batchSize);
}

TEST(SuitedPreset, LargerPicturesGetMoreLayers)
{
    using Channels = std::vector<int>;
    EXPECT_EQ(suitedPreset("images", dataOf(60'000, {32, 32, 3})).model.channels, (Channels{32, 64, 128}));
    EXPECT_EQ(suitedPreset("images", dataOf(60'000, {64, 64, 3})).model.channels, (Channels{32, 64, 128, 256}));
    EXPECT_EQ(suitedPreset("images", dataOf(60'000, {128, 128, 3})).model.channels, (Channels{32, 64, 128, 256, 512}));
    EXPECT_EQ(suitedPreset("autoencoder", dataOf(60'000, {64, 64, 3})).model.channels, (Channels{16, 32, 64}));
}

} // namespace latentoscope
