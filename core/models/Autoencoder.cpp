#include "core/models/Autoencoder.h"

#include "core/models/Operations.h"

namespace latentoscope {

using operations::Activation;

Autoencoder::Autoencoder(const ModelOptions& options, const ImageShape& shape)
    : m_options(options),
      m_shape(shape),
      m_convolutions(encoderGeometry(options, shape)),
      m_layout(autoencoderLayout(options, shape))
{
}

BatchResult Autoencoder::compute(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey&) const
{
    const at::Tensor loss =
        operations::sigmoidSquaredError(logits(parameters, encode(parameters, batch.input)), batch.target, batch.count);
    return {loss, {loss.item<double>()}};
}

at::Tensor Autoencoder::decode(std::span<const at::Tensor> parameters, const at::Tensor& codes) const
{
    return logits(parameters, codes).sigmoid();
}

at::Tensor Autoencoder::encode(std::span<const at::Tensor> parameters, const at::Tensor& images) const
{
    std::size_t next = 0;
    const auto take = [&]() -> const at::Tensor& { return parameters[next++]; };
    at::Tensor x = images;
    for (const ConvolutionGeometry& layer : m_convolutions) {
        const at::Tensor& weight = take();
        x = operations::convolution(x, weight, take(), layer.stride, layer.padding, Activation::Relu);
    }
    x = x.flatten(1);
    const at::Tensor& hidden = take();
    x = operations::linear(x, hidden, take(), Activation::Relu);
    const at::Tensor& code = take();
    return operations::linear(x, code, take(), Activation::None);
}

at::Tensor Autoencoder::logits(std::span<const at::Tensor> parameters, const at::Tensor& codes) const
{
    std::size_t next = 2 * (m_convolutions.size() + 2); // the encoder's
    const auto take = [&]() -> const at::Tensor& { return parameters[next++]; };
    const at::Tensor& hidden = take();
    at::Tensor x = operations::linear(codes, hidden, take(), Activation::Relu);
    const at::Tensor& wide = take();
    x = operations::linear(x, wide, take(), Activation::Relu);
    const ConvolutionGeometry& last = m_convolutions.back();
    x = x.unflatten(1, {last.outChannels, last.outHeight, last.outWidth});
    for (auto layer = m_convolutions.rbegin(); layer != m_convolutions.rend(); ++layer) {
        const at::Tensor& weight = take();
        const bool isLogits = std::next(layer) == m_convolutions.rend();
        x = operations::transposedConvolution(x, weight, take(), layer->stride, layer->padding, layer->inHeight, layer->inWidth,
                                              isLogits ? Activation::None : Activation::Relu);
    }
    return x;
}

} // namespace latentoscope
