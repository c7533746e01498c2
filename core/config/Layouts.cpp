#include "core/config/Layouts.h"

namespace latentoscope {
namespace {

std::string layerName(const char* part, std::size_t index) { return std::string(part) + "." + std::to_string(index); }

LayoutBuilder builderOf(const ModelOptions& options)
{
    return options.initialWeights == "kaiming"
               ? LayoutBuilder(ParameterEntry::Initial::KaimingNormal, ParameterEntry::Initial::Zero)
               : LayoutBuilder(ParameterEntry::Initial::UniformFanIn, ParameterEntry::Initial::UniformFanIn);
}

/// Values that the last convolution gives.
std::int64_t flatSize(const std::vector<ConvolutionGeometry>& convolutions)
{
    const ConvolutionGeometry& last = convolutions.back();
    return std::int64_t{last.outChannels} * last.outHeight * last.outWidth;
}

/// The convolutions and the hidden layer; returns the index that the next layer of the sequence would have.
std::size_t addTrunk(LayoutBuilder& builder, const ModelOptions& options, const std::vector<ConvolutionGeometry>& convolutions)
{
    const std::int64_t k = options.kernel;
    const std::int64_t flat = flatSize(convolutions);
    std::size_t index = 0;
    for (const ConvolutionGeometry& layer : convolutions) {
        builder.addLayer(layerName("encoder", index), {layer.outChannels, layer.inChannels, k, k}, layer.outChannels,
                         layer.inChannels * k * k);
        index += 2; // its ReLU
    }
    index += 1; // flatten
    builder.addLayer(layerName("encoder", index), {options.hidden, flat}, options.hidden, flat);
    return index + 2;
}

void addDecoder(LayoutBuilder& builder, const ModelOptions& options, const std::vector<ConvolutionGeometry>& convolutions)
{
    const std::int64_t k = options.kernel;
    const std::int64_t flat = flatSize(convolutions);
    builder.addLayer(layerName("decoder", 0), {options.hidden, options.latent}, options.hidden, options.latent);
    builder.addLayer(layerName("decoder", 2), {flat, options.hidden}, flat, options.hidden);
    std::size_t index = 5; // linear, ReLU, linear, ReLU, unflatten
    for (auto layer = convolutions.rbegin(); layer != convolutions.rend(); ++layer) {
        // PyTorch takes the fan-in of a transposed convolution from its second size, the output channels.
        builder.addLayer(layerName("decoder", index), {layer->outChannels, layer->inChannels, k, k}, layer->inChannels,
                         layer->inChannels * k * k);
        index += 2;
    }
}

} // namespace

std::vector<ParameterEntry> autoencoderLayout(const ModelOptions& options, const ImageShape& shape)
{
    const std::vector<ConvolutionGeometry> convolutions = encoderGeometry(options, shape);
    LayoutBuilder builder = builderOf(options);
    const std::size_t code = addTrunk(builder, options, convolutions);
    builder.addLayer(layerName("encoder", code), {options.latent, options.hidden}, options.latent, options.hidden);
    addDecoder(builder, options, convolutions);
    return builder.take();
}

std::vector<ParameterEntry> variationalLayout(const ModelOptions& options, const ImageShape& shape)
{
    const std::vector<ConvolutionGeometry> convolutions = encoderGeometry(options, shape);
    LayoutBuilder builder = builderOf(options);
    addTrunk(builder, options, convolutions);
    for (const char* layer : {"posterior.mean", "posterior.log_variance"})
        builder.addLayer(layer, {options.latent, options.hidden}, options.latent, options.hidden);
    addDecoder(builder, options, convolutions);
    return builder.take();
}

std::vector<ParameterEntry> classifierLayout(const ModelOptions& options, const ImageShape& shape)
{
    LayoutBuilder builder = builderOf(options);
    if (options.freezeEncoder) builder.freeze();
    const std::size_t code = addTrunk(builder, options, encoderGeometry(options, shape));
    builder.addLayer(layerName("encoder", code), {options.latent, options.hidden}, options.latent, options.hidden);
    builder.thaw();
    std::int64_t inputs = options.latent;
    std::size_t index = 0;
    for (const int units : options.head) {
        builder.addLayer(layerName("head", index), {units, inputs}, units, inputs);
        inputs = units;
        index += 3; // its ReLU and dropout
    }
    builder.addLayer(layerName("head", index), {options.classes, inputs}, options.classes, inputs);
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

double variationalValuesAnImage(const ModelOptions& options, const ImageShape& shape)
{
    // Mean, log-variance, deviation, noise and code, each with its gradient.
    return autoencoderValuesAnImage(options, shape) + 8.0 * options.latent;
}

double classifierValuesAnImage(const ModelOptions& options, const ImageShape& shape)
{
    double values = static_cast<double>(shape.values()) + 2.0 * options.hidden + 2.0 * options.latent + 3.0 * options.classes;
    for (const ConvolutionGeometry& layer : encoderGeometry(options, shape))
        values += 2.0 * layer.outChannels * layer.outHeight * layer.outWidth;
    for (const int units : options.head) values += 5.0 * units; // the random words of dropout too
    return values;
}

} // namespace latentoscope
