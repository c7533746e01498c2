#include "core/models/LayerNodes.h"

#include "core/models/Operations.h"
#include "core/models/Recording.h"
#include "core/simd/Scratch.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/mul.h>

namespace latentoscope::operations {
namespace {

using kernels::Activation;
using kernels::ConvolutionShape;
using kernels::LinearShape;
using kernels::PlaneShape;

enum LayerInput : std::size_t { X, Weight, Bias, LayerInputs };

/// The gradients of y = activation(layer(x, weight) + bias) toward x, weight and bias. A Layer has inputGradient(gradient,
/// weight, result) and weightGradient(x, gradient, result). Saved are x, weight and, where there is a ReLU, y.
template <class Layer>
Tensors layerGradients(const Layer& layer, Activation activation, const PlaneShape& output, const BackwardCall& call)
{
    const at::Tensor& x = call.saved[0];
    const at::Tensor& weight = call.saved[1];
    const at::Tensor gradient = asBatchInnermost(call.gradients[0]);
    Tensors results(LayerInputs);
    const float* values = gradient.data_ptr<float>();
    float* biasSums = nullptr;
    if (call.asked(Bias)) {
        results[Bias] = at::empty({output.channels}, at::kFloat);
        biasSums = results[Bias].data_ptr<float>();
    }
    if (activation == Activation::Relu) {
        // Not in place: another branch of the graph may hold the same gradient. One buffer for all layers stays cached.
        const auto bytes = static_cast<std::size_t>(output.channels * output.values) * sizeof(float);
        auto* masked = static_cast<float*>(kernels::scratchBytes(kernels::ScratchSlot::Gradient, bytes));
        kernels::best().reluGradient(output, call.saved[2].data_ptr<float>(), values, masked, biasSums);
        values = masked;
    } else if (biasSums) {
        kernels::best().channelSums(output, values, biasSums);
    }
    if (call.asked(X)) {
        results[X] = emptyBatchInnermost(x.sizes());
        layer.inputGradient(values, weight.data_ptr<float>(), results[X].data_ptr<float>());
    }
    if (call.asked(Weight)) {
        results[Weight] = at::empty(weight.sizes(), at::kFloat);
        layer.weightGradient(x.data_ptr<float>(), values, results[Weight].data_ptr<float>());
    }
    return results;
}

struct ConvolutionBackward {
    ConvolutionShape shape;
    Activation activation;

    Tensors backward(const BackwardCall& call) const
    {
        const PlaneShape output{shape.narrowChannels, shape.narrowHeight * shape.narrowWidth * shape.images};
        return layerGradients(*this, activation, output, call);
    }
    void inputGradient(const float* gradient, const float* weight, float* result) const
    {
        kernels::best().convolveTransposed(shape, gradient, weight, nullptr, Activation::None, result);
    }
    void weightGradient(const float* x, const float* gradient, float* result) const
    {
        kernels::best().weightGradient(shape, x, gradient, result);
    }
};

struct TransposedConvolutionBackward {
    ConvolutionShape shape;
    Activation activation;

    Tensors backward(const BackwardCall& call) const
    {
        const PlaneShape output{shape.wideChannels, shape.wideHeight * shape.wideWidth * shape.images};
        return layerGradients(*this, activation, output, call);
    }
    void inputGradient(const float* gradient, const float* weight, float* result) const
    {
        kernels::best().convolve(shape, gradient, weight, nullptr, Activation::None, result);
    }
    void weightGradient(const float* x, const float* gradient, float* result) const
    {
        kernels::best().weightGradient(shape, gradient, x, result);
    }
};

struct LinearBackward {
    LinearShape shape;
    Activation activation;

    Tensors backward(const BackwardCall& call) const
    {
        return layerGradients(*this, activation, {shape.outputs, shape.images}, call);
    }
    void inputGradient(const float* gradient, const float* weight, float* result) const
    {
        kernels::best().linearInputGradient(shape, gradient, weight, result);
    }
    void weightGradient(const float* x, const float* gradient, float* result) const
    {
        kernels::best().linearWeightGradient(shape, x, gradient, result);
    }
};

/// Saved is the gradient toward the logits.
struct LossBackward {
    Tensors backward(const BackwardCall& call) const { return {at::mul(call.saved[0], call.gradients[0])}; }
};

template <class Backward, class Shape>
void recordLayer(const Shape& shape, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, Activation activation,
                 const at::Tensor& y)
{
    Tensors saved{x, weight};
    if (activation == Activation::Relu) saved.push_back(y);
    record(Backward{shape, activation}, {x, weight, bias}, saved, {y});
}

} // namespace

void recordConvolution(const ConvolutionShape& shape, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                       Activation activation, at::Tensor& y)
{
    recordLayer<ConvolutionBackward>(shape, x, weight, bias, activation, y);
}

void recordTransposedConvolution(const ConvolutionShape& shape, const at::Tensor& x, const at::Tensor& weight,
                                 const at::Tensor& bias, Activation activation, at::Tensor& y)
{
    recordLayer<TransposedConvolutionBackward>(shape, x, weight, bias, activation, y);
}

void recordLinear(const LinearShape& shape, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                  Activation activation, at::Tensor& y)
{
    recordLayer<LinearBackward>(shape, x, weight, bias, activation, y);
}

void recordLoss(const at::Tensor& logits, const at::Tensor& gradient, at::Tensor& loss)
{
    record(LossBackward{}, {logits}, {gradient}, {loss});
}

} // namespace latentoscope::operations
