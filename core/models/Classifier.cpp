#include "core/models/Classifier.h"

#include "core/base/Error.h"
#include "core/config/Layouts.h"
#include "core/models/Coder.h"
#include "core/models/Operations.h"

namespace latentoscope {

Classifier::Classifier(const ModelOptions& options, const ImageShape& shape)
    : m_options(options),
      m_shape(shape),
      m_convolutions(encoderGeometry(options, shape)),
      m_layout(classifierLayout(options, shape)),
      m_encoder(startOf(m_layout, "encoder.")),
      m_head(startOf(m_layout, "head."))
{
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
    result.sums = {classified.loss.item<double>(), 100.0 * static_cast<double>(classified.correct)};
    for (const std::int64_t predicted : classified.predicted) result.sums.push_back(static_cast<double>(predicted));
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
    ParameterCursor cursor(parameters, m_encoder);
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
    ParameterCursor cursor(parameters, m_head);
    at::Tensor x = codes;
    for (std::size_t layer = 0; layer < m_options.head.size(); ++layer) x = pass.dropout(hiddenLinear(cursor, x, pass));
    return linearLayer(cursor, x);
}

} // namespace latentoscope
