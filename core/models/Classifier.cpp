#include "core/models/Classifier.h"

#include "core/base/Error.h"
#include "core/kinds/Layouts.h"
#include "core/models/Coder.h"
#include "core/models/Operations.h"

namespace latentoscope {

Classifier::Classifier(const ModelOptions& options, const ImageShape& shape)
    : m_options(options),
      m_shape(shape),
      m_convolutions(encoderGeometry(options, shape)),
      m_layout(classifierLayout(options, shape)),
      m_encoder(layersOf(m_layout, "encoder.", m_convolutions.size() + 2)),
      m_head(layersOf(m_layout, "head.", options.head.size() + 1)),
      m_slots(MeasureSlots(measuresOf(options, shape)), options)
{
}

Classifier::Slots::Slots(MeasureSlots slots, const ModelOptions& options)
    : count(slots.count()),
      nll(slots.take("nll")),
      accuracy(slots.take("accuracy")),
      predicted(slots.takeNumbered("predicted_", options.classes))
{
    slots.requireAllTaken();
}

BatchResult Classifier::compute(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey& key) const
{
    Pass pass(m_options, key, batch.count);
    if (m_options.freezeEncoder) pass.freeze();
    const at::Tensor codes = encoded(parameters, batch.input, pass);
    pass.thaw();
    const at::Tensor found = logits(parameters, codes, pass);
    const operations::Classified classified = operations::negativeLogLikelihood(found, batch.labels);
    BatchResult result;
    result.loss = classified.loss;
    result.sums.resize(m_slots.count);
    result.sums[m_slots.nll] = classified.loss.item<double>();
    result.sums[m_slots.accuracy] = 100.0 * static_cast<double>(classified.correct);
    for (std::size_t c = 0; c < m_slots.predicted.size(); ++c)
        result.sums[m_slots.predicted[c]] = static_cast<double>(classified.predicted[c]);
    result.moments = pass.takeMoments();
    return result;
}

at::Tensor Classifier::encode(std::span<const at::Tensor> parameters, const at::Tensor& images) const
{
    Pass use(m_options);
    return encoded(parameters, images, use);
}

at::Tensor Classifier::encoded(std::span<const at::Tensor> parameters, const at::Tensor& images, Pass& pass) const
{
    LayerCursor cursor(parameters, m_encoder);
    return linearLayer(cursor, encodeTrunk(m_convolutions, cursor, images, pass)); // dropout is the head's
}

at::Tensor Classifier::decode(std::span<const at::Tensor>, const at::Tensor&) const
{
    throw Error(Error::Kind::InvalidArgument, "a classifier makes no images from codes; choose a run of another kind");
}

at::Tensor Classifier::logProbabilities(std::span<const at::Tensor> parameters, const at::Tensor& codes) const
{
    Pass use(m_options);
    return operations::logProbabilities(logits(parameters, codes, use));
}

at::Tensor Classifier::logits(std::span<const at::Tensor> parameters, const at::Tensor& codes, Pass& pass) const
{
    LayerCursor cursor(parameters, m_head);
    at::Tensor x = codes;
    for (std::size_t layer = 0; layer < m_options.head.size(); ++layer) x = pass.dropout(hiddenLinear(cursor, x, pass));
    return linearLayer(cursor, x);
}

} // namespace latentoscope
