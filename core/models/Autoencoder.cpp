#include "core/models/Autoencoder.h"

#include "core/kinds/Layouts.h"
#include "core/models/Coder.h"

namespace latentoscope {

Autoencoder::Autoencoder(const ModelOptions& options, const ImageShape& shape)
    : m_options(options),
      m_shape(shape),
      m_convolutions(encoderGeometry(options, shape)),
      m_layout(autoencoderLayout(options, shape)),
      m_encoder(layersOf(m_layout, "encoder.", m_convolutions.size() + 2)),
      m_decoder(layersOf(m_layout, "decoder.", m_convolutions.size() + 2)),
      m_slots(MeasureSlots(measuresOf(options, shape)), options)
{
}

Autoencoder::Slots::Slots(MeasureSlots slots, const ModelOptions& options)
    : count(slots.count()),
      bce(options.likelihood == PixelLikelihood::Gaussian ? std::nullopt : std::optional(slots.take("bce"))),
      mse(slots.take("mse"))
{
    slots.requireAllTaken();
}

BatchResult Autoencoder::compute(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey& key) const
{
    Pass pass(m_options, key, batch.count);
    const at::Tensor codes = encoded(parameters, batch.input, pass);
    const Likelihood found = judge(m_options.likelihood, logits(parameters, codes, pass), batch.target, batch.count);
    BatchResult result{found.loss, std::vector<double>(m_slots.count), pass.takeMoments()};
    result.sums[m_slots.mse] = found.squaredError;
    if (m_slots.bce) result.sums[*m_slots.bce] = found.loss.item<double>();
    return result;
}

at::Tensor Autoencoder::encode(std::span<const at::Tensor> parameters, const at::Tensor& images) const
{
    Pass use(m_options);
    return encoded(parameters, images, use);
}

at::Tensor Autoencoder::decode(std::span<const at::Tensor> parameters, const at::Tensor& codes) const
{
    Pass use(m_options);
    return logits(parameters, codes, use).sigmoid();
}

at::Tensor Autoencoder::encoded(std::span<const at::Tensor> parameters, const at::Tensor& images, Pass& pass) const
{
    LayerCursor cursor(parameters, m_encoder);
    return linearLayer(cursor, pass.dropout(encodeTrunk(m_convolutions, cursor, images, pass)));
}

at::Tensor Autoencoder::logits(std::span<const at::Tensor> parameters, const at::Tensor& codes, Pass& pass) const
{
    LayerCursor cursor(parameters, m_decoder);
    return decodeLogits(m_convolutions, cursor, codes, pass);
}

} // namespace latentoscope
