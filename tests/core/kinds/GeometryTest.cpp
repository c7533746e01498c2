#include "core/kinds/Geometry.h"
#include "core/kinds/Kind.h"

#include "core/base/Error.h"
#include "core/config/Fields.h"
#include "core/config/Validation.h"
#include "core/data/ImageShape.h"

#include <gtest/gtest.h>

namespace latentoscope {
namespace {

std::string refusal(const ModelOptions& model, const ImageShape& shape)
{
    Configuration configuration;
    configuration.model = model;
    try {
        validate(configuration, shape);
    } catch (const Error& error) {
        return std::string(error.what()).substr(0, std::string(error.what()).find(':'));
    }
    return "accepted";
}

} // namespace

TEST(Geometry, OfTheReportHasItsSizesAndParameters)
{
    const auto layers = encoderGeometry({}, {28, 28, 1});
    ASSERT_EQ(layers.size(), 3U);
    EXPECT_EQ(layers[0].outHeight, 14);
    EXPECT_EQ(layers[1].outHeight, 7);
    EXPECT_EQ(layers[2].outHeight, 4);
    EXPECT_EQ(parameterCount(parameterLayout({}, {28, 28, 1})), 78'179U);
}

TEST(Geometry, NamesParametersAsAPyTorchStateDict)
{
    std::vector<std::string> names;
    for (const ParameterEntry& entry : parameterLayout({}, {28, 28, 1})) {
        if (entry.name.ends_with("weight")) names.push_back(entry.name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"encoder.0.weight", "encoder.2.weight", "encoder.4.weight", "encoder.7.weight",
                                               "encoder.9.weight", "decoder.0.weight", "decoder.2.weight", "decoder.5.weight",
                                               "decoder.7.weight", "decoder.9.weight"}));
}

TEST(Geometry, LayoutHasNoHoles)
{
    std::size_t expected = 0;
    for (const ParameterEntry& entry : parameterLayout({}, {33, 31, 3})) {
        EXPECT_EQ(entry.offset, expected) << entry.name;
        expected += entry.count();
    }
}

TEST(Autoencoder, MirrorsEverySideFrom8To256)
{
    for (int side = 8; side <= 256; ++side) {
        for (const ConvolutionGeometry& layer : encoderGeometry({}, {side, 8 + (side * 7) % 249, 1})) {
            const int padding = layer.inHeight - ((layer.outHeight - 1) * layer.stride - 2 * layer.padding + layer.kernel);
            EXPECT_GE(padding, 0);
            EXPECT_LT(padding, layer.stride); // what a transposed convolution takes as output padding
        }
    }
}

TEST(Validate, RefusesImagesThatAreMovedOutOfSight)
{
    Configuration configuration;
    configuration.training.shift = 7;
    EXPECT_NO_THROW(validate(configuration, {8, 28, 1}));
    configuration.training.shift = 8;
    EXPECT_THROW(validate(configuration, {8, 28, 1}), Error);
}

TEST(Validate, RefusesWithTheFieldsName)
{
    ModelOptions deep;
    deep.channels = {8, 8, 8, 8, 8, 8};
    deep.padding = 0;
    EXPECT_EQ(refusal(deep, {28, 28, 1}), "model.channels");
    ModelOptions padded;
    padded.padding = 3;
    EXPECT_EQ(refusal(padded, {28, 28, 1}), "model.padding");
    ModelOptions strided;
    strided.stride = 4;
    EXPECT_EQ(refusal(strided, {28, 28, 1}), "model.stride");
    ModelOptions huge;
    huge.channels = {1024, 1024};
    huge.hidden = 8192;
    EXPECT_EQ(refusal(huge, {256, 256, 3}), "model.channels, model.hidden");
    EXPECT_EQ(refusal({}, {8, 8, 1}), "accepted");
}

TEST(Geometry, FoldsAreAtLeastTwoAndTheOneHeldOutIsOneOfThem)
{
    const auto said = [](int folds, int fold) {
        Configuration configuration;
        configuration.data.folds = folds;
        configuration.data.fold = fold;
        try {
            validate(configuration, {28, 28, 1});
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    EXPECT_EQ(said(0, 1), "accepted");
    EXPECT_EQ(said(0, 7), "accepted") << "without folds the number means nothing";
    EXPECT_EQ(said(2, 2), "accepted");
    EXPECT_EQ(said(1, 1), "data.folds: found 1, expected 0 (none) or at least 2");
    EXPECT_EQ(said(3, 4), "data.fold: found 4, expected at most data.folds (3)");
}

} // namespace latentoscope
