#include "core/models/Coder.h"

#include <algorithm>
#include <iterator>

namespace latentoscope {

using operations::Activation;

LayoutStart startOf(const std::vector<ParameterEntry>& layout, const char* prefix)
{
    const auto first = [&](bool running) {
        const auto found = std::find_if(layout.begin(), layout.end(), [&](const ParameterEntry& entry) {
            return (entry.role == ParameterEntry::Role::Running) == running && entry.name.starts_with(prefix);
        });
        return static_cast<std::size_t>(found - layout.begin());
    };
    return {first(false), first(true)};
}

Pass::Pass(const ModelOptions& options, const ShardKey& key, std::int64_t count)
    : m_dropout(key.training ? options.dropout : 0),
      m_normalises(options.batchNorm),
      m_learns(key.training),
      m_count(count),
      m_random(key.seed, RandomPurpose::Dropout, key.epoch, key.step, key.shard)
{
}

at::Tensor Pass::dropout(const at::Tensor& x) { return m_dropout > 0 ? operations::dropout(x, m_dropout, m_random) : x; }

at::Tensor Pass::normalised(ParameterCursor& parameters, const at::Tensor& x)
{
    const at::Tensor& scale = parameters.take();
    const at::Tensor& shift = parameters.take();
    const at::Tensor& mean = parameters.takeRunning();
    const at::Tensor& variance = parameters.takeRunning();
    const std::int64_t values = m_count * (x.numel() / (x.size(0) * x.size(1)));
    // A single value is its own mean: nothing would be left of it. A batch's last shard may be one image.
    if (!m_learns || m_frozen || values < 2) {
        if (m_learns) m_moments.emplace_back();
        return operations::normaliseBy({mean, variance}, x, scale, shift, Activation::Relu);
    }
    const operations::Normalised found = operations::normaliseByBatch(x, scale, shift, m_count, Activation::Relu);
    const auto copied = [](const at::Tensor& moments) {
        const at::Tensor host = moments.to(at::kCPU).contiguous();
        return std::vector<float>(host.data_ptr<float>(), host.data_ptr<float>() + host.numel());
    };
    m_moments.push_back({copied(found.moments.mean), copied(found.moments.variance), values});
    return found.y;
}

at::Tensor encodeTrunk(const std::vector<ConvolutionGeometry>& convolutions, ParameterCursor& parameters,
                       const at::Tensor& images, Pass& pass)
{
    at::Tensor x = images;
    for (const ConvolutionGeometry& layer : convolutions) {
        x = pass.hidden(parameters, [&](const at::Tensor& weight, const at::Tensor& bias, Activation activation) {
            return operations::convolution(x, weight, bias, layer.stride, layer.padding, activation);
        });
    }
    return hiddenLinear(parameters, x.flatten(1), pass);
}

at::Tensor decodeLogits(const std::vector<ConvolutionGeometry>& convolutions, ParameterCursor& parameters,
                        const at::Tensor& codes, Pass& pass)
{
    at::Tensor x = pass.dropout(hiddenLinear(parameters, codes, pass));
    x = hiddenLinear(parameters, x, pass);
    const ConvolutionGeometry& last = convolutions.back();
    x = x.unflatten(1, {last.outChannels, last.outHeight, last.outWidth});
    for (auto layer = convolutions.rbegin(); layer != convolutions.rend(); ++layer) {
        const auto convolve = [&](const at::Tensor& weight, const at::Tensor& bias, Activation activation) {
            return operations::transposedConvolution(x, weight, bias, layer->stride, layer->padding, layer->inHeight,
                                                     layer->inWidth, activation);
        };
        if (std::next(layer) == convolutions.rend()) {
            const at::Tensor& weight = parameters.take();
            return convolve(weight, parameters.take(), Activation::None);
        }
        x = pass.hidden(parameters, convolve);
    }
    return x;
}

at::Tensor hiddenLinear(ParameterCursor& parameters, const at::Tensor& x, Pass& pass)
{
    return pass.hidden(parameters, [&](const at::Tensor& weight, const at::Tensor& bias, Activation activation) {
        return operations::linear(x, weight, bias, activation);
    });
}

at::Tensor linearLayer(ParameterCursor& parameters, const at::Tensor& x)
{
    const at::Tensor& weight = parameters.take();
    return operations::linear(x, weight, parameters.take(), Activation::None);
}

Likelihood judge(const std::string& likelihood, const at::Tensor& logits, const at::Tensor& target, std::int64_t count)
{
    if (likelihood == "bernoulli") {
        const operations::Judged judged = operations::crossEntropy(logits, target, count);
        return {judged.loss, judged.squaredError};
    }
    const at::Tensor loss = operations::sigmoidSquaredError(logits, target, count);
    return {loss, loss.item<double>()};
}

} // namespace latentoscope
