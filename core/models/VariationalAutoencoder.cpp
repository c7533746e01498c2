#include "core/models/VariationalAutoencoder.h"

#include "core/config/Layouts.h"
#include "core/models/Coder.h"
#include "core/models/Operations.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>

namespace latentoscope {
namespace {

/// How much the divergence counts: all of beta but while it grows.
double weightOf(const ModelOptions& options, const ShardKey& key)
{
    if (!key.training || options.klWarmup <= 0) return options.beta;
    return options.beta * std::min(1.0, key.passed / options.klWarmup);
}

/// log Σ eˣ of numbers that come one after the other.
class LogSum {
public:
    void add(double x)
    {
        if (x <= m_largest) {
            m_sum += std::exp(x - m_largest);
        } else {
            m_sum = m_sum * std::exp(m_largest - x) + 1;
            m_largest = x;
        }
    }
    double value() const { return m_largest + std::log(m_sum); }

private:
    double m_largest = -INFINITY;
    double m_sum = 0;
};

} // namespace

VariationalAutoencoder::VariationalAutoencoder(const ModelOptions& options, const ImageShape& shape)
    : m_options(options),
      m_shape(shape),
      m_convolutions(encoderGeometry(options, shape)),
      m_layout(variationalLayout(options, shape)),
      m_encoder(startOf(m_layout, "encoder.")),
      m_decoder(startOf(m_layout, "decoder."))
{
}

Posterior VariationalAutoencoder::encoded(std::span<const at::Tensor> parameters, const at::Tensor& images, Pass& pass) const
{
    ParameterCursor cursor(parameters, m_encoder);
    const at::Tensor hidden = pass.dropout(encodeTrunk(m_convolutions, cursor, images, pass));
    const at::Tensor mean = linearLayer(cursor, hidden);
    return {mean, linearLayer(cursor, hidden)};
}

at::Tensor VariationalAutoencoder::logits(std::span<const at::Tensor> parameters, const at::Tensor& codes, Pass& pass) const
{
    ParameterCursor cursor(parameters, m_decoder);
    return decodeLogits(m_convolutions, cursor, codes, pass);
}

BatchResult VariationalAutoencoder::compute(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey& key) const
{
    Pass pass(m_options, key, batch.count);
    const Posterior q = encoded(parameters, batch.input, pass);
    RandomStream random(key.seed, RandomPurpose::Noise, key.epoch, key.step, key.shard);
    const at::Tensor noise = operations::normalNoise(random, batch.input.size(0), m_options.latent, batch.count);
    const operations::Sampled z = operations::samplePosterior(q.mean, q.logVariance, noise.to(q.mean.device()), batch.count);
    const Likelihood found = judge(m_options.likelihood, logits(parameters, z.code, pass), batch.target, batch.count);

    const double weight = weightOf(m_options, key);
    BatchResult result;
    result.loss = found.loss + weight * z.kl;
    const double reconstruction = found.loss.item<double>();
    double kl = 0;
    for (const auto& sums : z.sums) kl += sums.kl;
    if (isWeighted(m_options)) result.sums.push_back(reconstruction + weight * kl);
    for (const double sum : {reconstruction + kl, reconstruction, kl, found.squaredError}) result.sums.push_back(sum);
    for (const auto& sums : z.sums) result.sums.push_back(sums.kl);
    for (const auto& sums : z.sums) result.sums.push_back(sums.mean);
    for (const auto& sums : z.sums) result.sums.push_back(sums.meanSquare);
    result.moments = pass.takeMoments();
    return result;
}

at::Tensor VariationalAutoencoder::encode(std::span<const at::Tensor> parameters, const at::Tensor& images) const
{
    Pass use(m_options);
    return encoded(parameters, images, use).mean;
}

Posterior VariationalAutoencoder::posterior(std::span<const at::Tensor> parameters, const at::Tensor& images) const
{
    Pass use(m_options);
    return encoded(parameters, images, use);
}

at::Tensor VariationalAutoencoder::decode(std::span<const at::Tensor> parameters, const at::Tensor& codes) const
{
    Pass use(m_options);
    return logits(parameters, codes, use).sigmoid();
}

double VariationalAutoencoder::importanceWeightedBound(std::span<const at::Tensor> parameters, const Batch& batch,
                                                       const ShardKey& key, int samples) const
{
    Pass use(m_options);
    const Posterior q = encoded(parameters, batch.input, use);
    const auto count = static_cast<std::size_t>(batch.count);
    std::vector<LogSum> weights(count);
    for (int k = 0; k < samples; ++k) {
        RandomStream random(key.seed, RandomPurpose::Noise, 0, static_cast<std::uint32_t>(k + 1), key.shard);
        const at::Tensor noise = operations::normalNoise(random, batch.input.size(0), m_options.latent, batch.count);
        const operations::Sampled z = operations::samplePosterior(q.mean, q.logVariance, noise.to(q.mean.device()), batch.count);
        const at::Tensor x = logits(parameters, z.code, use);
        const at::Tensor nats = m_options.likelihood == "bernoulli" ? operations::crossEntropyOfImages(x, batch.target)
                                                                    : x.sigmoid().sub(batch.target).square().flatten(1).sum(1);
        // log p(z) − log q(z | x): the constants of both normal densities cancel.
        const at::Tensor prior = (0.5 * (noise.to(q.mean.device()).square() + q.logVariance - z.code.square())).sum(1);
        const at::Tensor logWeight = prior.sub(nats).to(at::kCPU).contiguous();
        for (std::size_t n = 0; n < count; ++n) weights[n].add(double{logWeight.data_ptr<float>()[n]});
    }
    double sum = 0;
    for (const LogSum& weight : weights) sum += weight.value() - std::log(static_cast<double>(samples));
    return sum;
}

} // namespace latentoscope
