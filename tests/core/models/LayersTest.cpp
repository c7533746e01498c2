#include "core/base/Error.h"
#include "core/config/Configuration.h"
#include "core/data/ImageShape.h"
#include "core/kinds/Kind.h"
#include "core/models/Coder.h"
#include "tests/support/Refusal.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace latentoscope {
namespace {

constexpr ImageShape kShape{16, 16, 1};

ModelOptions normalised()
{
    ModelOptions options;
    options.channels = {4, 8};
    options.batchNorm = true;
    return options;
}

} // namespace

TEST(Layers, AreFoundByTheirNamesWithTheirNormalisations)
{
    const auto layout = parameterLayout(normalised(), kShape);
    const std::vector<Layer> layers = layersOf(layout, "encoder.", 4); // two convolutions, hidden, code
    const auto nameOf = [&](std::size_t parameter) { return layout[parameter].name; };
    EXPECT_EQ(layers[1].name, "encoder.3");
    EXPECT_EQ(nameOf(layers[1].weight), "encoder.3.weight");
    ASSERT_TRUE(layers[1].norm);
    EXPECT_FALSE(layers[1].bias);
    EXPECT_EQ(nameOf(layers[1].norm->scale), "encoder.4.weight");
    EXPECT_EQ(nameOf(layers[1].norm->shift), "encoder.4.bias");
    EXPECT_EQ(nameOf(layers[1].norm->mean), "encoder.4.running_mean");
    EXPECT_EQ(nameOf(layers[1].norm->variance), "encoder.4.running_var");
    EXPECT_FALSE(layers[3].norm) << "the code is not normalised";
    EXPECT_EQ(nameOf(layers[3].bias.value()), layers[3].name + ".bias");
}

TEST(Layers, OfAFrozenEncoderAreFoundAmongTheBuffers)
{
    ModelOptions options = normalised();
    options.kind = "classifier";
    options.freezeEncoder = true;
    const auto layout = parameterLayout(options, kShape);
    const std::vector<Layer> layers = layersOf(layout, "encoder.", 4);
    EXPECT_EQ(layout[layers[0].weight].name, "encoder.0.weight");
    EXPECT_EQ(layout[layers[0].weight].role, ParameterEntry::Role::Buffer);
    EXPECT_EQ(layersOf(layout, "head.", 3).back().name, "head.8");
}

TEST(Layers, OfAnotherNetworkAreRefused)
{
    const auto layout = parameterLayout(normalised(), kShape);
    EXPECT_NE(test::refusal([&] { layersOf(layout, "encoder.", 5); }).find("found 4 layers of encoder., expected 5"),
              std::string::npos);
    EXPECT_NE(test::refusal([&] { layersOf(layout, "posterior.mean", 1); }).find("found 0 layers"), std::string::npos);
    LayoutBuilder builder;
    builder.addBuffer("head.0.weight", {3, 3}, ParameterEntry::Initial::One);
    EXPECT_NE(test::refusal([&] { layersOf(builder.take(), "head.", 1); }).find("head.0 needs either"), std::string::npos);
}

} // namespace latentoscope
