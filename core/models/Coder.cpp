#include "core/models/Coder.h"

#include "core/base/Error.h"
#include "core/config/Configuration.h"

#include <iterator>
#include <map>

namespace latentoscope {

using operations::Activation;

std::vector<Layer> layersOf(const std::vector<ParameterEntry>& layout, const std::string& part, std::size_t count)
{
    std::vector<std::string> names; // in their order
    std::map<std::string, std::map<std::string, std::size_t>> tensors;
    for (std::size_t i = 0; i < layout.size(); ++i) {
        const std::string& name = layout[i].name;
        if (!name.starts_with(part)) continue;
        const std::size_t dot = name.rfind('.');
        const auto [found, isNew] = tensors.try_emplace(name.substr(0, dot));
        if (isNew) names.push_back(found->first);
        found->second[name.substr(dot + 1)] = i;
    }
    std::vector<Layer> layers;
    for (const std::string& name : names) {
        const std::map<std::string, std::size_t>& own = tensors.at(name);
        if (own.contains("running_mean") && !layers.empty()) { // it normalises the one before
            layers.back().norm = {own.at("weight"), own.at("bias"), own.at("running_mean"), own.at("running_var")};
            continue;
        }
        Layer layer{name, own.at("weight"), std::nullopt, std::nullopt};
        if (const auto bias = own.find("bias"); bias != own.end()) layer.bias = bias->second;
        layers.push_back(std::move(layer));
    }
    if (layers.size() != count) {
        throw Error(Error::Kind::InvalidArgument, "layout: found " + std::to_string(layers.size()) + " layers of " + part +
                                                      ", expected " + std::to_string(count));
    }
    for (const Layer& layer : layers) {
        if (layer.bias.has_value() == layer.norm.has_value())
            throw Error(Error::Kind::InvalidArgument, "layout: " + layer.name + " needs either a bias or a normalisation");
    }
    return layers;
}

Pass::Pass(const ModelOptions& options, const ShardKey& key, std::int64_t count)
    : m_dropout(key.training ? options.dropout : 0),
      m_learns(key.training),
      m_count(count),
      m_random(key.seed, RandomPurpose::Dropout, key.epoch, key.step, key.shard)
{
}

at::Tensor Pass::dropout(const at::Tensor& x) { return m_dropout > 0 ? operations::dropout(x, m_dropout, m_random) : x; }

at::Tensor Pass::normalised(const LayerCursor& layers, const Layer::Norm& norm, const at::Tensor& x)
{
    const at::Tensor& scale = layers.tensor(norm.scale);
    const at::Tensor& shift = layers.tensor(norm.shift);
    const std::int64_t values = m_count * (x.numel() / (x.size(0) * x.size(1)));
    // A single value is its own mean: nothing would be left of it. A batch's last shard may be one image.
    if (!m_learns || m_frozen || values < 2) {
        if (m_learns) m_moments.emplace_back();
        return operations::normaliseBy({layers.tensor(norm.mean), layers.tensor(norm.variance)}, x, scale, shift,
                                       Activation::Relu);
    }
    const operations::Normalised found = operations::normaliseByBatch(x, scale, shift, m_count, Activation::Relu);
    const auto copied = [](const at::Tensor& moments) {
        const at::Tensor host = moments.to(at::kCPU).contiguous();
        return std::vector<float>(host.data_ptr<float>(), host.data_ptr<float>() + host.numel());
    };
    m_moments.push_back({copied(found.moments.mean), copied(found.moments.variance), values});
    return found.y;
}

at::Tensor encodeTrunk(const std::vector<ConvolutionGeometry>& convolutions, LayerCursor& layers, const at::Tensor& images,
                       Pass& pass)
{
    at::Tensor x = images;
    for (const ConvolutionGeometry& layer : convolutions) {
        x = pass.hidden(layers, [&](const at::Tensor& weight, const at::Tensor& bias, Activation activation) {
            return operations::convolution(x, weight, bias, layer.stride, layer.padding, activation);
        });
    }
    return hiddenLinear(layers, x.flatten(1), pass);
}

at::Tensor decodeLogits(const std::vector<ConvolutionGeometry>& convolutions, LayerCursor& layers, const at::Tensor& codes,
                        Pass& pass)
{
    at::Tensor x = pass.dropout(hiddenLinear(layers, codes, pass));
    x = hiddenLinear(layers, x, pass);
    const ConvolutionGeometry& last = convolutions.back();
    x = x.unflatten(1, {last.outChannels, last.outHeight, last.outWidth});
    for (auto layer = convolutions.rbegin(); layer != convolutions.rend(); ++layer) {
        const auto convolve = [&](const at::Tensor& weight, const at::Tensor& bias, Activation activation) {
            return operations::transposedConvolution(x, weight, bias, layer->stride, layer->padding, layer->inHeight,
                                                     layer->inWidth, activation);
        };
        if (std::next(layer) == convolutions.rend()) {
            const Layer& own = layers.next();
            return convolve(layers.tensor(own.weight), layers.tensor(own.bias.value()), Activation::None);
        }
        x = pass.hidden(layers, convolve);
    }
    return x;
}

at::Tensor hiddenLinear(LayerCursor& layers, const at::Tensor& x, Pass& pass)
{
    return pass.hidden(layers, [&](const at::Tensor& weight, const at::Tensor& bias, Activation activation) {
        return operations::linear(x, weight, bias, activation);
    });
}

at::Tensor linearLayer(LayerCursor& layers, const at::Tensor& x)
{
    const Layer& layer = layers.next();
    return operations::linear(x, layers.tensor(layer.weight), layers.tensor(layer.bias.value()), Activation::None);
}

Likelihood judge(PixelLikelihood likelihood, const at::Tensor& logits, const at::Tensor& target, std::int64_t count)
{
    if (likelihood == PixelLikelihood::Bernoulli) {
        const operations::Judged judged = operations::crossEntropy(logits, target, count);
        return {judged.loss, judged.squaredError};
    }
    const at::Tensor loss = operations::sigmoidSquaredError(logits, target, count);
    return {loss, loss.item<double>()};
}

} // namespace latentoscope
