#include "core/config/Geometry.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/config/Kind.h"

namespace latentoscope {
namespace {

constexpr std::size_t kMostParameters = 200'000'000;

int convolved(int size, const ModelOptions& options)
{
    const int span = size + 2 * options.padding - options.kernel;
    return span < 0 ? 0 : span / options.stride + 1;
}

std::string layerName(const char* part, std::size_t index) { return std::string(part) + "." + std::to_string(index); }

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

std::vector<ParameterEntry> autoencoderLayout(const ModelOptions& options, const ImageShape& shape)
{
    const std::vector<ConvolutionGeometry> convolutions = encoderGeometry(options, shape);
    const ConvolutionGeometry& last = convolutions.back();
    const std::int64_t flat = std::int64_t{last.outChannels} * last.outHeight * last.outWidth;
    const std::int64_t hidden = options.hidden;
    const std::int64_t latent = options.latent;
    const std::int64_t k = options.kernel;

    LayoutBuilder builder;
    std::size_t index = 0;
    for (const ConvolutionGeometry& layer : convolutions) {
        builder.addLayer(layerName("encoder", index), {layer.outChannels, layer.inChannels, k, k}, layer.outChannels,
                         layer.inChannels * k * k);
        index += 2; // its ReLU
    }
    index += 1; // flatten
    builder.addLayer(layerName("encoder", index), {hidden, flat}, hidden, flat);
    builder.addLayer(layerName("encoder", index + 2), {latent, hidden}, latent, hidden);

    builder.addLayer(layerName("decoder", 0), {hidden, latent}, hidden, latent);
    builder.addLayer(layerName("decoder", 2), {flat, hidden}, flat, hidden);
    index = 5; // linear, ReLU, linear, ReLU, unflatten
    for (auto layer = convolutions.rbegin(); layer != convolutions.rend(); ++layer) {
        // PyTorch takes the fan-in of a transposed convolution from its second size, the output channels.
        builder.addLayer(layerName("decoder", index), {layer->outChannels, layer->inChannels, k, k}, layer->inChannels,
                         layer->inChannels * k * k);
        index += 2;
    }
    return builder.take();
}

double autoencoderValuesAnImage(const ModelOptions& options, const ImageShape& shape)
{
    double values = static_cast<double>(shape.values());
    for (const ConvolutionGeometry& layer : encoderGeometry(options, shape)) {
        // Encoder and decoder hold values of this size each, and their gradients.
        values += 4.0 * layer.outChannels * layer.outHeight * layer.outWidth;
    }
    return values + 4.0 * options.hidden + 2.0 * options.latent + 2.0 * static_cast<double>(shape.values());
}

void validate(const Configuration& configuration, const ImageShape& shape)
{
    const ModelOptions& model = configuration.model;
    if (model.padding >= model.kernel) {
        throw Error(Error::Kind::InvalidArgument, "model.padding: found " + std::to_string(model.padding) +
                                                      ", expected less than model.kernel (" + std::to_string(model.kernel) +
                                                      "); a kernel that sees only padding learns nothing");
    }
    if (model.stride > model.kernel) {
        throw Error(Error::Kind::InvalidArgument, "model.stride: found " + std::to_string(model.stride) +
                                                      ", expected at most model.kernel (" + std::to_string(model.kernel) +
                                                      "); a larger stride would skip pixels");
    }
    const std::size_t parameters = parameterCount(parameterLayout(model, shape));
    if (parameters > kMostParameters) {
        throw Error(Error::Kind::InvalidArgument,
                    "model.channels, model.hidden: these make " + groupedText(static_cast<std::int64_t>(parameters)) +
                        " parameters, expected at most " + groupedText(static_cast<std::int64_t>(kMostParameters)));
    }
}

} // namespace latentoscope
