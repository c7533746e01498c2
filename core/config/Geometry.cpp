#include "core/config/Geometry.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"

namespace latentoscope {
namespace {

constexpr std::size_t kMostParameters = 200'000'000;

int convolved(int size, const ModelOptions& options)
{
    const int span = size + 2 * options.padding - options.kernel;
    return span < 0 ? 0 : span / options.stride + 1;
}

/// Appends weight and bias of one layer.
class LayoutBuilder {
public:
    void add(const std::string& layer, std::vector<std::int64_t> weightShape, std::int64_t biasLength, std::int64_t fanIn)
    {
        push({layer + ".weight", std::move(weightShape), m_offset, fanIn});
        push({layer + ".bias", {biasLength}, m_offset, fanIn});
    }
    std::vector<ParameterEntry> take() { return std::move(m_layout); }

private:
    void push(ParameterEntry entry)
    {
        m_offset += entry.count();
        m_layout.push_back(std::move(entry));
    }
    std::vector<ParameterEntry> m_layout;
    std::size_t m_offset = 0;
};

std::string layerName(const char* part, std::size_t index) { return std::string(part) + "." + std::to_string(index); }

} // namespace

std::size_t ParameterEntry::count() const
{
    std::size_t product = 1;
    for (const std::int64_t size : shape) product *= static_cast<std::size_t>(size);
    return product;
}

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

std::vector<ParameterEntry> parameterLayout(const ModelOptions& options, const ImageShape& shape)
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
        builder.add(layerName("encoder", index), {layer.outChannels, layer.inChannels, k, k}, layer.outChannels,
                    layer.inChannels * k * k);
        index += 2; // its ReLU
    }
    index += 1; // flatten
    builder.add(layerName("encoder", index), {hidden, flat}, hidden, flat);
    builder.add(layerName("encoder", index + 2), {latent, hidden}, latent, hidden);

    builder.add(layerName("decoder", 0), {hidden, latent}, hidden, latent);
    builder.add(layerName("decoder", 2), {flat, hidden}, flat, hidden);
    index = 5; // linear, ReLU, linear, ReLU, unflatten
    for (auto layer = convolutions.rbegin(); layer != convolutions.rend(); ++layer) {
        // PyTorch takes the fan-in of a transposed convolution from its second size, the output channels.
        builder.add(layerName("decoder", index), {layer->outChannels, layer->inChannels, k, k}, layer->inChannels,
                    layer->inChannels * k * k);
        index += 2;
    }
    return builder.take();
}

std::size_t parameterCount(const std::vector<ParameterEntry>& layout)
{
    return layout.empty() ? 0 : layout.back().offset + layout.back().count();
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
