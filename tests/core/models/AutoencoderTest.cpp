#include "core/base/Error.h"
#include "core/config/Fields.h"
#include "core/config/Validation.h"
#include "core/kinds/Kind.h"
#include "core/models/FrozenModel.h"
#include "core/models/InitialWeights.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace latentoscope {
namespace {

bool accepts(const ModelOptions& model, const ImageShape& shape)
{
    Configuration configuration;
    configuration.model = model;
    try {
        validate(configuration, shape);
    } catch (const Error&) {
        return false;
    }
    return true;
}

} // namespace

TEST(Autoencoder, GivesBackEverySizeItTakes)
{
    ModelOptions small;
    small.channels = {2, 3};
    small.hidden = 4;
    for (const int kernel : {2, 3, 4, 5}) {
        for (const int stride : {1, 2, 3}) {
            small.kernel = kernel;
            small.stride = std::min(stride, kernel);
            small.padding = 1;
            for (const ImageShape shape :
                 {ImageShape{8, 8, 1}, ImageShape{9, 11, 3}, ImageShape{28, 28, 1}, ImageShape{33, 31, 3}}) {
                if (!accepts(small, shape)) continue;
                const FrozenModel model(small, shape, initialWeights(parameterLayout(small, shape), 1));
                const std::vector<std::uint8_t> images(shape.values() * 3, 100);
                EXPECT_EQ(model.reconstruct(images).size(), images.size()) << kernel << " " << stride << " " << shape.height;
            }
        }
    }
}

TEST(InitialWeights, AreUniformWithinOneByRootFanIn)
{
    const auto layout = parameterLayout({}, {28, 28, 1});
    const std::vector<float> weights = initialWeights(layout, 3);
    for (const ParameterEntry& entry : layout) {
        const float bound = 1 / std::sqrt(static_cast<float>(entry.fanIn));
        double squares = 0;
        for (std::size_t i = 0; i < entry.count(); ++i) {
            const float value = weights[entry.offset + i];
            ASSERT_LE(std::abs(value), bound) << entry.name;
            squares += double{value} * double{value};
        }
        if (entry.count() < 1000) continue; // too few for their spread to tell
        EXPECT_NEAR(std::sqrt(squares / static_cast<double>(entry.count())), double{bound} / std::sqrt(3.0),
                    0.03 * double{bound});
    }
    EXPECT_EQ(weights, initialWeights(layout, 3));
    EXPECT_NE(weights, initialWeights(layout, 4));
}

} // namespace latentoscope
