/// What training, views and evaluation know of a network, whatever its kind. Needs torch's headers.
#pragma once

#include "core/data/Label.h"
#include "core/kinds/Kind.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace latentoscope {

struct ImageShape;
struct ModelOptions;
struct ParameterEntry;

/// Which part of a computation this is: all that noise (dropout, sampling) may depend on, so that any thread draws the same.
struct ShardKey {
    std::uint64_t seed = 0;
    std::uint32_t epoch = 0; ///< 1, 2, …; 0 outside training
    std::uint32_t step = 0;  ///< within the epoch
    std::uint32_t shard = 0; ///< within the step
    bool training = false;   ///< false: as it is used, without dropout and augmentation
    double passed = 0;       ///< passes over the training images before this step, in parts too: what warm-up goes by
};

/// Some images, and what the network is to make of them. The batch may be padded: only the first `count` are meant.
struct Batch {
    at::Tensor input;              ///< (N', C, H, W) in [0, 1], batch innermost on the CPU
    at::Tensor target;             ///< as input; another tensor where the input was changed (noise, shifts)
    std::span<const Label> labels; ///< (count)
    std::int64_t count = 0;        ///< N ≤ N'
};

/// What batch normalisation found in one layer's channels, in a shard of a batch.
struct LayerMoments {
    std::vector<float> mean;     ///< (channels)
    std::vector<float> variance; ///< (channels), of the values themselves
    std::int64_t values = 0;     ///< a channel; 0: the layer went by its running statistics
};

/// Sums over a batch's images.
struct BatchResult {
    at::Tensor loss;          ///< one number, differentiable: the sum that training makes small
    std::vector<double> sums; ///< of each of the kind's measures, each in its slot (MeasureSlots)
    std::vector<LayerMoments>
        moments{}; ///< while training, of every layer that the layout has running statistics of, in its order
};

/// Normal posteriors over codes, one an image.
struct Posterior {
    at::Tensor mean;        ///< (N, D)
    at::Tensor logVariance; ///< (N, D)
};

/// A network as functions over a list of parameters, so that any replica brings its own. Holds sizes only; all functions are
/// const and safe from any thread. Parameters come in layout()'s order.
class Network {
public:
    virtual ~Network() = default;

    virtual const std::vector<ParameterEntry>& layout() const = 0;
    virtual const ImageShape& imageShape() const = 0;
    virtual int latentDimension() const = 0;

    virtual BatchResult compute(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey& key) const = 0;

    /// images (N, C, H, W) in [0, 1] → codes (N, D).
    virtual at::Tensor encode(std::span<const at::Tensor> parameters, const at::Tensor& images) const = 0;

    /// codes (N, D) → images (N, C, H, W) in [0, 1]. Throws Error(InvalidArgument) where the kind makes no images.
    virtual at::Tensor decode(std::span<const at::Tensor> parameters, const at::Tensor& codes) const = 0;

    /// images (N, C, H, W) in [0, 1] → their posteriors, whose means are the codes. Throws Error(InvalidArgument) where the kind
    /// has none.
    virtual Posterior posterior(std::span<const at::Tensor> parameters, const at::Tensor& images) const;

    /// codes (N, D) → log-probabilities of classes (N, C). Throws Error(InvalidArgument) where the kind does not classify.
    virtual at::Tensor logProbabilities(std::span<const at::Tensor> parameters, const at::Tensor& codes) const;

    /// Σ over the batch's images of log 1/K Σ p(x, z) / q(z | x) over K samples z of each posterior (Burda et al. 2016): a lower
    /// bound of log p(x) in nats that rises with K. Memory does not grow with K. Throws as posterior().
    virtual double importanceWeightedBound(std::span<const at::Tensor> parameters, const Batch& batch, const ShardKey& key,
                                           int samples) const;
};

/// The network of model.kind. Throws Error(InvalidArgument) as parameterLayout.
std::unique_ptr<const Network> makeNetwork(const ModelOptions& options, const ImageShape& shape);

using NetworkFactory = std::unique_ptr<const Network> (*)(const ModelOptions& options, const ImageShape& shape);

/// The network of a kind added by addKind; under the same rule.
void addNetwork(const std::string& kind, NetworkFactory factory);

/// One tensor a parameter, each a view of `flat` (P), which must outlive them.
std::vector<at::Tensor> parameterViews(const std::vector<ParameterEntry>& layout, const at::Tensor& flat);

} // namespace latentoscope
