#include "core/kinds/Geometry.h"

#include "core/base/Error.h"
#include "core/data/ImageShape.h"
#include "core/kinds/ModelOptions.h"

#include <string>

namespace latentoscope {
namespace {

int convolved(int size, const ModelOptions& options)
{
    const int span = size + 2 * options.padding - options.kernel;
    return span < 0 ? 0 : span / options.stride + 1;
}

} // namespace

std::vector<ConvolutionGeometry> encoderGeometry(const ModelOptions& options, const ImageShape& shape)
{
    std::vector<ConvolutionGeometry> layers;
    int channels = shape.channels;
    int height = shape.height;
    int width = shape.width;
    for (const int outChannels : options.channels) {
        const int outHeight = convolved(height, options);
        const int outWidth = convolved(width, options);
        if (outHeight < 1 || outWidth < 1) {
            throw Error(Error::Kind::InvalidArgument,
                        "model.channels: found " + std::to_string(options.channels.size()) + " convolutions, but number " +
                            std::to_string(layers.size() + 1) + " would get images of " + std::to_string(height) + " x " +
                            std::to_string(width) + " and give none with kernel " + std::to_string(options.kernel) +
                            "; expected fewer convolutions, a smaller kernel or more padding");
        }
        layers.push_back(
            {channels, height, width, outChannels, outHeight, outWidth, options.kernel, options.stride, options.padding});
        channels = outChannels;
        height = outHeight;
        width = outWidth;
    }
    return layers;
}

} // namespace latentoscope
