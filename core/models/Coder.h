/// The encoder and decoder that the kinds of networks are made of, as functions over their parameters. Needs torch's headers.
#pragma once

#include "core/base/Random.h"
#include "core/kinds/Geometry.h"
#include "core/kinds/ModelOptions.h"
#include "core/models/Network.h"
#include "core/models/Operations.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace latentoscope {

struct ModelOptions;
struct ParameterEntry;

/// Where a layer's tensors lie among a network's parameters, found by their names.
struct Layer {
    /// Of the batch normalisation after it.
    struct Norm {
        std::size_t scale = 0;    ///< "NORM.weight"
        std::size_t shift = 0;    ///< "NORM.bias"
        std::size_t mean = 0;     ///< "NORM.running_mean"
        std::size_t variance = 0; ///< "NORM.running_var"
    };

    std::string name;                ///< "encoder.0"
    std::size_t weight = 0;          ///< "LAYER.weight"
    std::optional<std::size_t> bias; ///< "LAYER.bias"; none where it is normalised
    std::optional<Norm> norm;
};

/// The layers whose names begin with `part`, such as "decoder.", in the order of computing. Throws Error(InvalidArgument) where
/// they are not `count`, or one has neither bias nor normalisation: the layout is then another network's.
std::vector<Layer> layersOf(const std::vector<ParameterEntry>& layout, const std::string& part, std::size_t count);

/// Walks through the layers of a part of a network.
class LayerCursor {
public:
    LayerCursor(std::span<const at::Tensor> parameters, std::span<const Layer> layers)
        : m_parameters(parameters), m_layers(layers)
    {
    }
    const Layer& next() { return m_layers[m_at++]; }
    const at::Tensor& tensor(std::size_t parameter) const { return m_parameters[parameter]; }

private:
    std::span<const at::Tensor> m_parameters;
    std::span<const Layer> m_layers;
    std::size_t m_at = 0;
};

/// How a batch goes through a network's hidden layers: as it learns (dropout; normalised by the batch's own moments) or as it is
/// used (neither; normalised by running statistics).
class Pass {
public:
    /// As it learns, where key says so. The batch's first `count` images are real.
    Pass(const ModelOptions& options, const ShardKey& key, std::int64_t count);
    /// As it is used.
    explicit Pass(const ModelOptions& options) : Pass(options, {}, 0) {}

    /// ReLU of layer(weight, bias or undefined, activation), with batch normalisation in between where the model has it.
    template <class Compute> at::Tensor hidden(LayerCursor& layers, Compute compute)
    {
        const Layer& layer = layers.next();
        const at::Tensor& weight = layers.tensor(layer.weight);
        if (!layer.norm) return compute(weight, layers.tensor(layer.bias.value()), operations::Activation::Relu);
        return normalised(layers, *layer.norm, compute(weight, at::Tensor(), operations::Activation::None));
    }

    at::Tensor dropout(const at::Tensor& x);

    /// Until thaw(), layers are those of a part that does not learn.
    void freeze() { m_frozen = true; }
    void thaw() { m_frozen = false; }

    /// Of every normalised layer passed so far, in order.
    std::vector<LayerMoments> takeMoments() { return std::move(m_moments); }

private:
    at::Tensor normalised(const LayerCursor& layers, const Layer::Norm& norm, const at::Tensor& x);

    double m_dropout;
    bool m_learns;
    bool m_frozen = false;
    std::int64_t m_count;
    RandomStream m_random;
    std::vector<LayerMoments> m_moments;
};

/// A linear layer as hidden layer.
at::Tensor hiddenLinear(LayerCursor& layers, const at::Tensor& x, Pass& pass);

/// Images (N, C, H, W) → (N, hidden): convolutions, then one linear layer, all of them hidden layers.
at::Tensor encodeTrunk(const std::vector<ConvolutionGeometry>& convolutions, LayerCursor& layers, const at::Tensor& images,
                       Pass& pass);

/// Codes (N, D) → logits (N, C, H, W): the trunk's mirror image, with dropout after its first layer.
at::Tensor decodeLogits(const std::vector<ConvolutionGeometry>& convolutions, LayerCursor& layers, const at::Tensor& codes,
                        Pass& pass);

/// A linear layer without activation.
at::Tensor linearLayer(LayerCursor& layers, const at::Tensor& x);

/// How well images are given back, summed over the first `count`.
struct Likelihood {
    at::Tensor loss; ///< squared error or, for Bernoulli, binary cross-entropy in nats; one number
    double squaredError = 0;
};

Likelihood judge(PixelLikelihood likelihood, const at::Tensor& logits, const at::Tensor& target, std::int64_t count);

} // namespace latentoscope
