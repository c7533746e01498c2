/// The encoder and decoder that the kinds of networks are made of, as functions over their parameters. Needs torch's headers.
#pragma once

#include "core/base/Random.h"
#include "core/config/Geometry.h"
#include "core/models/Network.h"

#include <optional>

namespace latentoscope {

/// Walks through a network's parameters in the order of its layout.
class ParameterCursor {
public:
    explicit ParameterCursor(std::span<const at::Tensor> parameters, std::size_t first = 0)
        : m_parameters(parameters), m_next(first)
    {
    }
    const at::Tensor& take() { return m_parameters[m_next++]; }

private:
    std::span<const at::Tensor> m_parameters;
    std::size_t m_next;
};

/// Drops hidden units while a network trains, and nothing otherwise.
class Dropout {
public:
    Dropout(double rate, const ShardKey& key);
    at::Tensor operator()(const at::Tensor& x);

    static Dropout none() { return {0, {}}; }

private:
    double m_rate;
    RandomStream m_random;
};

/// Images (N, C, H, W) → (N, hidden): convolutions with ReLU, then one linear layer with ReLU. Takes two parameters a layer.
at::Tensor encodeTrunk(const std::vector<ConvolutionGeometry>& convolutions, ParameterCursor& parameters,
                       const at::Tensor& images, Dropout& dropout);

/// Codes (N, D) → logits (N, C, H, W): the trunk's mirror image. Takes two parameters a layer.
at::Tensor decodeLogits(const std::vector<ConvolutionGeometry>& convolutions, ParameterCursor& parameters,
                        const at::Tensor& codes, Dropout& dropout);

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
