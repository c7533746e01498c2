#include "core/models/VariationalAutoencoder.h"

#include "core/kinds/Layouts.h"
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
      m_encoder(layersOf(m_layout, "encoder.", m_convolutions.size() + 1)),
      m_posterior{layersOf(m_layout, "posterior.mean", 1).front(), layersOf(m_layout, "posterior.log_variance", 1).front()},
      m_decoder(layersOf(m_layout, "decoder.", m_convolutions.size() + 2)),
      m_slots(MeasureSlots(measuresOf(options, shape)), options)
{
}

VariationalAutoencoder::Slots::Slots(MeasureSlots slots, const ModelOptions& options)
    : count(slots.count()),
      loss(isWeighted(options) ? std::optional(slots.take("loss")) : std::nullopt),
      bound(slots.take("negative_elbo")),
      reconstruction(slots.take("reconstruction")),
      kl(slots.take("kl")),
      mse(slots.take("mse")),
      kls(slots.takeNumbered("kl_", options.latent)),
      means(slots.takeNumbered("posterior_mean_", options.latent)),
      meanSquares(slots.takeNumbered("posterior_mean_square_", options.latent))
{
    slots.requireAllTaken();
}

Posterior VariationalAutoencoder::encoded(std::span<const at::Tensor> parameters, const at::Tensor& images, Pass& pass) const
{
    LayerCursor trunk(parameters, m_encoder);
    const at::Tensor hidden = pass.dropout(encodeTrunk(m_convolutions, trunk, images, pass));
    LayerCursor posterior(parameters, m_posterior);
    const at::Tensor mean = linearLayer(posterior, hidden);
    return {mean, linearLayer(posterior, hidden)};
}

at::Tensor VariationalAutoencoder::logits(std::span<const at::Tensor> parameters, const at::Tensor& codes, Pass& pass) const
{
    LayerCursor cursor(parameters, m_decoder);
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
    result.sums.resize(m_slots.count);
    if (m_slots.loss) result.sums[*m_slots.loss] = reconstruction + weight * kl;
    result.sums[m_slots.bound] = reconstruction + kl;
    result.sums[m_slots.reconstruction] = reconstruction;
    result.sums[m_slots.kl] = kl;
    result.sums[m_slots.mse] = found.squaredError;
    for (std::size_t d = 0; d < z.sums.size(); ++d) {
        result.sums[m_slots.kls[d]] = z.sums[d].kl;
        result.sums[m_slots.means[d]] = z.sums[d].mean;
        result.sums[m_slots.meanSquares[d]] = z.sums[d].meanSquare;
    }
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
        const at::Tensor nats = m_options.likelihood == PixelLikelihood::Bernoulli
                                    ? operations::crossEntropyOfImages(x, batch.target)
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
