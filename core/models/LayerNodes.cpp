#include "core/models/LayerNodes.h"

#include "core/models/KernelNode.h"
#include "core/models/Operations.h"
#include "core/models/kernels/Scratch.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/mul.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>

namespace latentoscope::operations {
namespace {

using kernels::Activation;
using kernels::ConvolutionShape;
using kernels::LinearShape;
using kernels::PlaneShape;
using torch::autograd::SavedVariable;
using torch::autograd::variable_list;

/// y = activation(layer(x, weight) + bias): next edges toward x, weight and bias, in this order.
class LayerNode : public KernelNode {
public:
    LayerNode(Activation activation, const PlaneShape& output) : m_activation(activation), m_output(output) {}

    void save(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& y)
    {
        m_x = SavedVariable(x, false);
        m_weight = SavedVariable(weight, false);
        if (m_activation == Activation::Relu) m_y = SavedVariable(y, true);
    }

    void release_variables() override
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        m_x.reset_data();
        m_weight.reset_data();
        m_y.reset_data();
    }

private:
    enum Edge : std::size_t { Input, Weight, Bias, Edges };

    virtual void inputGradient(const float* gradient, const float* weight, float* result) const = 0;
    virtual void weightGradient(const float* x, const float* gradient, float* result) const = 0;

    bool asked(Edge edge) const { return task_should_compute_output(edge); }

    variable_list backward(const variable_list& gradients) final
    {
        const at::Tensor& incoming = gradients[0];
        variable_list results(Edges);
        at::Tensor gradient = incoming;
        if (!isBatchInnermost(gradient)) {
            gradient = emptyBatchInnermost(incoming.sizes());
            gradient.copy_(incoming);
        }
        const float* values = gradient.data_ptr<float>();
        float* biasSums = nullptr;
        if (asked(Bias)) {
            results[Bias] = at::empty({m_output.channels}, at::kFloat);
            biasSums = results[Bias].data_ptr<float>();
        }
        if (m_activation == Activation::Relu) {
            // Not in place: another branch of the graph may hold the same gradient. One buffer for all layers stays cached.
            const auto bytes = static_cast<std::size_t>(m_output.channels * m_output.values) * sizeof(float);
            auto* masked = static_cast<float*>(kernels::scratchBytes(kernels::ScratchSlot::Gradient, bytes));
            const at::Tensor y = m_y.unpack(shared_from_this());
            kernels::best().reluGradient(m_output, y.data_ptr<float>(), values, masked, biasSums);
            values = masked;
        } else if (biasSums) {
            kernels::best().channelSums(m_output, values, biasSums);
        }
        const at::Tensor x = m_x.unpack(), weight = m_weight.unpack();
        if (asked(Input)) {
            results[Input] = emptyBatchInnermost(x.sizes());
            inputGradient(values, weight.data_ptr<float>(), results[Input].data_ptr<float>());
        }
        if (asked(Weight)) {
            results[Weight] = at::empty(weight.sizes(), at::kFloat);
            weightGradient(x.data_ptr<float>(), values, results[Weight].data_ptr<float>());
        }
        return results;
    }

    Activation m_activation;
    PlaneShape m_output; ///< planes of y
    SavedVariable m_x, m_weight, m_y;
};

class ConvolutionNode final : public LayerNode {
public:
    ConvolutionNode(const ConvolutionShape& s, Activation activation)
        : LayerNode(activation, {s.narrowChannels, s.narrowHeight * s.narrowWidth * s.images}), m_shape(s)
    {
    }
    std::string name() const override { return "LatentoscopeConvolution"; }

private:
    void inputGradient(const float* gradient, const float* weight, float* result) const override
    {
        kernels::best().convolveTransposed(m_shape, gradient, weight, nullptr, Activation::None, result);
    }
    void weightGradient(const float* x, const float* gradient, float* result) const override
    {
        kernels::best().weightGradient(m_shape, x, gradient, result);
    }

    ConvolutionShape m_shape;
};

class TransposedConvolutionNode final : public LayerNode {
public:
    TransposedConvolutionNode(const ConvolutionShape& s, Activation activation)
        : LayerNode(activation, {s.wideChannels, s.wideHeight * s.wideWidth * s.images}), m_shape(s)
    {
    }
    std::string name() const override { return "LatentoscopeTransposedConvolution"; }

private:
    void inputGradient(const float* gradient, const float* weight, float* result) const override
    {
        kernels::best().convolve(m_shape, gradient, weight, nullptr, Activation::None, result);
    }
    void weightGradient(const float* x, const float* gradient, float* result) const override
    {
        kernels::best().weightGradient(m_shape, gradient, x, result);
    }

    ConvolutionShape m_shape;
};

class LinearNode final : public LayerNode {
public:
    LinearNode(const LinearShape& s, Activation activation) : LayerNode(activation, {s.outputs, s.images}), m_shape(s) {}
    std::string name() const override { return "LatentoscopeLinear"; }

private:
    void inputGradient(const float* gradient, const float* weight, float* result) const override
    {
        kernels::best().linearInputGradient(m_shape, gradient, weight, result);
    }
    void weightGradient(const float* x, const float* gradient, float* result) const override
    {
        kernels::best().linearWeightGradient(m_shape, x, gradient, result);
    }

    LinearShape m_shape;
};

class LossNode final : public KernelNode {
public:
    LossNode(const char* name, const at::Tensor& gradient) : m_name(name), m_gradient(gradient, false) {}
    std::string name() const override { return m_name; }

    void release_variables() override
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        m_gradient.reset_data();
    }

private:
    variable_list backward(const variable_list& scale) override { return {at::mul(m_gradient.unpack(), scale[0])}; }

    const char* m_name;
    SavedVariable m_gradient;
};

template <class NodeType, class Shape>
void recordLayer(const Shape& shape, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, Activation activation,
                 at::Tensor& y)
{
    if (!torch::autograd::compute_requires_grad(x, weight, bias)) return;
    const std::shared_ptr<NodeType> node(new NodeType(shape, activation), torch::autograd::deleteNode);
    node->set_next_edges(torch::autograd::collect_next_edges(x, weight, bias));
    torch::autograd::set_history(y, node);
    node->save(x, weight, y);
}

} // namespace

bool needsGraph(const at::Tensor& tensor) { return torch::autograd::compute_requires_grad(tensor); }

void recordConvolution(const ConvolutionShape& shape, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                       Activation activation, at::Tensor& y)
{
    recordLayer<ConvolutionNode>(shape, x, weight, bias, activation, y);
}

void recordTransposedConvolution(const ConvolutionShape& shape, const at::Tensor& x, const at::Tensor& weight,
                                 const at::Tensor& bias, Activation activation, at::Tensor& y)
{
    recordLayer<TransposedConvolutionNode>(shape, x, weight, bias, activation, y);
}

void recordLinear(const LinearShape& shape, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                  Activation activation, at::Tensor& y)
{
    recordLayer<LinearNode>(shape, x, weight, bias, activation, y);
}

void recordLoss(const char* name, const at::Tensor& logits, const at::Tensor& gradient, at::Tensor& loss)
{
    const std::shared_ptr<LossNode> node(new LossNode(name, gradient), torch::autograd::deleteNode);
    node->set_next_edges(torch::autograd::collect_next_edges(logits));
    torch::autograd::set_history(loss, node);
}

} // namespace latentoscope::operations
