#include "core/models/Classifier.h"

#include "core/base/Error.h"
#include "core/config/Layouts.h"
#include "core/models/Coder.h"
#include "core/models/Operations.h"

#include <algorithm>

namespace latentoscope {
namespace {

std::size_t firstOf(const std::vector<ParameterEntry>& layout, const char* prefix)
{
    const auto found =
        std::find_if(layout.begin(), layout.end(), [&](const auto& entry) { return entry.name.starts_with(prefix); });
    return static_cast<std::size_t>(found - layout.begin());
}

} // namespace

Classifier::Classifier(const ModelOptions& options, const ImageShape& shape)
    : m_options(options),
      m_shape(shape),
      m_convolutions(encoderGeometry(options, shape)),
      m_layout(classifierLayout(options, shape)),
      m_encoder(firstOf(m_layout, "encoder.")),
      m_head(firstOf(m_layout, "head."))
{
}

BatchResult Classifier::compute(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey& key) const
{
    Dropout dropout(m_options.dropout, key);
    const at::Tensor found = logits(parameters, encode(parameters, batch.input), dropout);
    const operations::Classified classified = operations::negativeLogLikelihood(found, batch.labels);
    BatchResult result{classified.loss, {classified.loss.item<double>(), 100.0 * static_cast<double>(classified.correct)}};
    for (const std::int64_t predicted : classified.predicted) result.sums.push_back(static_cast<double>(predicted));
    return result;
}

at::Tensor Classifier::encode(std::span<const at::Tensor> parameters, const at::Tensor& images) const
{
    Dropout none = Dropout::none();
    ParameterCursor cursor(parameters, m_encoder);
    return linearLayer(cursor, encodeTrunk(m_convolutions, cursor, images, none));
}

at::Tensor Classifier::decode(std::span<const at::Tensor>, const at::Tensor&) const
{
    throw Error(Error::Kind::InvalidArgument, "a classifier makes no images from codes; choose a run of another kind");
}

at::Tensor Classifier::logProbabilities(std::span<const at::Tensor> parameters, const at::Tensor& codes) const
{
    Dropout none = Dropout::none();
    return operations::logProbabilities(logits(parameters, codes, none));
}

at::Tensor Classifier::logits(std::span<const at::Tensor> parameters, const at::Tensor& codes, Dropout& dropout) const
{
    ParameterCursor cursor(parameters, m_head);
    at::Tensor x = codes;
    for (std::size_t layer = 0; layer < m_options.head.size(); ++layer) {
        const at::Tensor& weight = cursor.take();
        x = dropout(operations::linear(x, weight, cursor.take(), operations::Activation::Relu));
    }
    return linearLayer(cursor, x);
}

} // namespace latentoscope
