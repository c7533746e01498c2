#include "core/kinds/Layouts.h"

#include "core/data/ImageShape.h"
#include "core/kinds/ModelOptions.h"

#include <iterator>
#include <utility>

namespace latentoscope {
namespace {

LayoutBuilder builderOf(const ModelOptions& options)
{
    return options.initialWeights == WeightInitialisation::Kaiming
               ? LayoutBuilder(ParameterEntry::Initial::KaimingNormal, ParameterEntry::Initial::Zero)
               : LayoutBuilder(ParameterEntry::Initial::UniformFanIn, ParameterEntry::Initial::UniformFanIn);
}

/// Values that the last convolution gives.
std::int64_t flatSize(const std::vector<ConvolutionGeometry>& convolutions)
{
    const ConvolutionGeometry& last = convolutions.back();
    return std::int64_t{last.outChannels} * last.outHeight * last.outWidth;
}

/// Adds the layers of one torch.nn.Sequential, counting those without parameters.
class Sequence {
public:
    Sequence(LayoutBuilder& builder, const char* part, bool normalised)
        : m_builder(builder), m_part(part), m_normalised(normalised)
    {
    }

    /// A layer with its normalisation, if there is one, and its ReLU.
    void addHidden(std::vector<std::int64_t> weightShape, std::int64_t outputs, std::int64_t fanIn)
    {
        if (m_normalised) {
            const std::string layer = name();
            m_builder.addNormalisedLayer(layer, name(), std::move(weightShape), outputs, fanIn);
        } else {
            m_builder.addLayer(name(), std::move(weightShape), outputs, fanIn);
        }
        skip(1);
    }
    void addLast(std::vector<std::int64_t> weightShape, std::int64_t outputs, std::int64_t fanIn)
    {
        m_builder.addLayer(name(), std::move(weightShape), outputs, fanIn);
    }
    /// Layers without parameters.
    void skip(std::size_t layers) { m_index += layers; }

private:
    std::string name() { return std::string(m_part) + "." + std::to_string(m_index++); }

    LayoutBuilder& m_builder;
    const char* m_part;
    bool m_normalised;
    std::size_t m_index = 0;
};

/// The convolutions and the hidden layer; the returned sequence goes on from there.
Sequence addTrunk(LayoutBuilder& builder, const ModelOptions& options, const std::vector<ConvolutionGeometry>& convolutions)
{
    const std::int64_t k = options.kernel;
    const std::int64_t flat = flatSize(convolutions);
    Sequence encoder(builder, "encoder", options.batchNorm);
    for (const ConvolutionGeometry& layer : convolutions)
        encoder.addHidden({layer.outChannels, layer.inChannels, k, k}, layer.outChannels, layer.inChannels * k * k);
    encoder.skip(1); // flatten
    encoder.addHidden({options.hidden, flat}, options.hidden, flat);
    return encoder;
}

void addDecoder(LayoutBuilder& builder, const ModelOptions& options, const std::vector<ConvolutionGeometry>& convolutions)
{
    const std::int64_t k = options.kernel;
    const std::int64_t flat = flatSize(convolutions);
    Sequence decoder(builder, "decoder", options.batchNorm);
    decoder.addHidden({options.hidden, options.latent}, options.hidden, options.latent);
    decoder.addHidden({flat, options.hidden}, flat, options.hidden);
    decoder.skip(1); // unflatten
    for (auto layer = convolutions.rbegin(); layer != convolutions.rend(); ++layer) {
        // PyTorch takes the fan-in of a transposed convolution from its second size, the output channels.
        const std::vector<std::int64_t> weight{layer->outChannels, layer->inChannels, k, k};
        const std::int64_t fanIn = layer->inChannels * k * k;
        if (std::next(layer) == convolutions.rend()) {
            decoder.addLast(weight, layer->inChannels, fanIn);
        } else {
            decoder.addHidden(weight, layer->inChannels, fanIn);
        }
    }
}

/// A hidden layer's values and their gradients, before normalisation too.
double copiesOfHidden(const ModelOptions& options) { return options.batchNorm ? 4 : 2; }

} // namespace

std::vector<ParameterEntry> autoencoderLayout(const ModelOptions& options, const ImageShape& shape)
{
    const std::vector<ConvolutionGeometry> convolutions = encoderGeometry(options, shape);
    LayoutBuilder builder = builderOf(options);
    addTrunk(builder, options, convolutions).addLast({options.latent, options.hidden}, options.latent, options.hidden);
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
    addTrunk(builder, options, encoderGeometry(options, shape))
        .addLast({options.latent, options.hidden}, options.latent, options.hidden);
    builder.thaw();
    Sequence head(builder, "head", options.batchNorm);
    std::int64_t inputs = options.latent;
    for (const int units : options.head) {
        head.addHidden({units, inputs}, units, inputs);
        head.skip(1); // dropout
        inputs = units;
    }
    head.addLast({options.classes, inputs}, options.classes, inputs);
    return builder.take();
}

double autoencoderValuesAnImage(const ModelOptions& options, const ImageShape& shape)
{
    const double copies = copiesOfHidden(options);
    double values = static_cast<double>(shape.values());
    for (const ConvolutionGeometry& layer : encoderGeometry(options, shape)) {
        // Encoder and decoder hold values of this size each.
        values += 2 * copies * layer.outChannels * layer.outHeight * layer.outWidth;
    }
    return values + 2 * copies * options.hidden + 2.0 * options.latent + 2.0 * static_cast<double>(shape.values());
}

double variationalValuesAnImage(const ModelOptions& options, const ImageShape& shape)
{
    // Mean, log-variance, deviation, noise and code, each with its gradient.
    return autoencoderValuesAnImage(options, shape) + 8.0 * options.latent;
}

double classifierValuesAnImage(const ModelOptions& options, const ImageShape& shape)
{
    const double copies = copiesOfHidden(options);
    double values = static_cast<double>(shape.values()) + copies * options.hidden + 2.0 * options.latent + 3.0 * options.classes;
    for (const ConvolutionGeometry& layer : encoderGeometry(options, shape))
        values += copies * layer.outChannels * layer.outHeight * layer.outWidth;
    for (const int units : options.head) values += (3 + copies) * units; // dropout's and its random words too
    return values;
}

} // namespace latentoscope
