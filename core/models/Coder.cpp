#include "core/models/Coder.h"

#include "core/models/Operations.h"

namespace latentoscope {

using operations::Activation;

Dropout::Dropout(double rate, const ShardKey& key)
    : m_rate(key.training ? rate : 0), m_random(key.seed, RandomPurpose::Dropout, key.epoch, key.step, key.shard)
{
}

at::Tensor Dropout::operator()(const at::Tensor& x) { return m_rate > 0 ? operations::dropout(x, m_rate, m_random) : x; }

at::Tensor encodeTrunk(const std::vector<ConvolutionGeometry>& convolutions, ParameterCursor& parameters,
                       const at::Tensor& images, Dropout& dropout)
{
    at::Tensor x = images;
    for (const ConvolutionGeometry& layer : convolutions) {
        const at::Tensor& weight = parameters.take();
        x = operations::convolution(x, weight, parameters.take(), layer.stride, layer.padding, Activation::Relu);
    }
    const at::Tensor& weight = parameters.take();
    return dropout(operations::linear(x.flatten(1), weight, parameters.take(), Activation::Relu));
}

at::Tensor decodeLogits(const std::vector<ConvolutionGeometry>& convolutions, ParameterCursor& parameters,
                        const at::Tensor& codes, Dropout& dropout)
{
    const at::Tensor& hidden = parameters.take();
    at::Tensor x = dropout(operations::linear(codes, hidden, parameters.take(), Activation::Relu));
    const at::Tensor& wide = parameters.take();
    x = operations::linear(x, wide, parameters.take(), Activation::Relu);
    const ConvolutionGeometry& last = convolutions.back();
    x = x.unflatten(1, {last.outChannels, last.outHeight, last.outWidth});
    for (auto layer = convolutions.rbegin(); layer != convolutions.rend(); ++layer) {
        const at::Tensor& weight = parameters.take();
        const bool isLogits = std::next(layer) == convolutions.rend();
        x = operations::transposedConvolution(x, weight, parameters.take(), layer->stride, layer->padding, layer->inHeight,
                                              layer->inWidth, isLogits ? Activation::None : Activation::Relu);
    }
    return x;
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
