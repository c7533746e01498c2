/// The encoder and decoder that the kinds of networks are made of, as functions over their parameters. Needs torch's headers.
#pragma once

#include "core/base/Random.h"
#include "core/config/Geometry.h"
#include "core/models/Network.h"
#include "core/models/Operations.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace latentoscope {

/// Where a part of a network begins in its layout.
struct LayoutStart {
    std::size_t parameter = 0; ///< its first weight or buffer
    std::size_t running = 0;   ///< its first running statistic
};

/// Of the entries whose names begin with `prefix`, such as "decoder.".
LayoutStart startOf(const std::vector<ParameterEntry>& layout, const char* prefix);

/// Walks through a network's parameters in the order of its layout.
class ParameterCursor {
public:
    ParameterCursor(std::span<const at::Tensor> parameters, const LayoutStart& start) : m_parameters(parameters), m_at(start) {}
    const at::Tensor& take() { return m_parameters[m_at.parameter++]; }
    const at::Tensor& takeRunning() { return m_parameters[m_at.running++]; }

private:
    std::span<const at::Tensor> m_parameters;
    LayoutStart m_at;
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
    template <class Layer> at::Tensor hidden(ParameterCursor& parameters, Layer layer)
    {
        const at::Tensor& weight = parameters.take();
        if (!m_normalises) return layer(weight, parameters.take(), operations::Activation::Relu);
        return normalised(parameters, layer(weight, at::Tensor(), operations::Activation::None));
    }

    at::Tensor dropout(const at::Tensor& x);

    /// Until thaw(), layers are those of a part that does not learn.
    void freeze() { m_frozen = true; }
    void thaw() { m_frozen = false; }

    /// Of every normalised layer passed so far, in order.
    std::vector<LayerMoments> takeMoments() { return std::move(m_moments); }

private:
    at::Tensor normalised(ParameterCursor& parameters, const at::Tensor& x);

    double m_dropout;
    bool m_normalises;
    bool m_learns;
    bool m_frozen = false;
    std::int64_t m_count;
    RandomStream m_random;
    std::vector<LayerMoments> m_moments;
};

/// A linear layer as hidden layer.
at::Tensor hiddenLinear(ParameterCursor& parameters, const at::Tensor& x, Pass& pass);

/// Images (N, C, H, W) → (N, hidden): convolutions, then one linear layer, all of them hidden layers.
at::Tensor encodeTrunk(const std::vector<ConvolutionGeometry>& convolutions, ParameterCursor& parameters,
                       const at::Tensor& images, Pass& pass);

/// Codes (N, D) → logits (N, C, H, W): the trunk's mirror image, with dropout after its first layer.
at::Tensor decodeLogits(const std::vector<ConvolutionGeometry>& convolutions, ParameterCursor& parameters,
                        const at::Tensor& codes, Pass& pass);

/// A linear layer without activation; takes two parameters.
at::Tensor linearLayer(ParameterCursor& parameters, const at::Tensor& x);

/// How well images are given back, summed over the first `count`.
struct Likelihood {
    at::Tensor loss; ///< squared error or, for Bernoulli, binary cross-entropy in nats; one number
    double squaredError = 0;
};

/// `likelihood` as ModelOptions has it.
Likelihood judge(const std::string& likelihood, const at::Tensor& logits, const at::Tensor& target, std::int64_t count);

} // namespace latentoscope
