#include "core/models/Autoencoder.h"

#include "core/config/Layouts.h"
#include "core/models/Coder.h"

namespace latentoscope {

Autoencoder::Autoencoder(const ModelOptions& options, const ImageShape& shape)
    : m_options(options),
      m_shape(shape),
      m_convolutions(encoderGeometry(options, shape)),
      m_layout(autoencoderLayout(options, shape))
{
}

BatchResult Autoencoder::compute(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey& key) const
{
    Dropout dropout(m_options.dropout, key);
    ParameterCursor cursor(parameters);
    const at::Tensor codes = linearLayer(cursor, encodeTrunk(m_convolutions, cursor, batch.input, dropout));
    const at::Tensor logits = decodeLogits(m_convolutions, cursor, codes, dropout);
    const Likelihood found = judge(m_options.likelihood, logits, batch.target, batch.count);
    if (m_options.likelihood == "gaussian") return {found.loss, {found.squaredError}};
    return {found.loss, {found.loss.item<double>(), found.squaredError}};
}

at::Tensor Autoencoder::encode(std::span<const at::Tensor> parameters, const at::Tensor& images) const
{
    Dropout none = Dropout::none();
    ParameterCursor cursor(parameters);
    return linearLayer(cursor, encodeTrunk(m_convolutions, cursor, images, none));
}

at::Tensor Autoencoder::decode(std::span<const at::Tensor> parameters, const at::Tensor& codes) const
{
    Dropout none = Dropout::none();
    ParameterCursor cursor(parameters, 2 * (m_convolutions.size() + 2)); // after the encoder's
    return decodeLogits(m_convolutions, cursor, codes, none).sigmoid();
}

} // namespace latentoscope
