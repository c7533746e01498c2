/// Hangs the backward half of an own operation into torch's autograd graph, through torch's public interface alone
/// (torch::autograd::Function): one code for every libtorch. It costs about a microsecond an operation more than a node of
/// torch's internal kind, less than a hundredth of a training step of the smallest network.
#pragma once

#include "core/models/Operations.h"

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace latentoscope::operations {

using Tensors = std::vector<at::Tensor>;

/// What the backward half of an operation is given.
struct BackwardCall {
    const Tensors& gradients; ///< of the outputs, in their order; at least one is defined
    const Tensors& saved;     ///< as handed to record
    const torch::autograd::AutogradContext& context;
    std::size_t inputs; ///< how many were defined

    /// Whether the gradient of this input is wanted.
    bool asked(std::size_t input) const { return input < inputs && context.needs_input_grad(input); }
};

/// The node of an Operation, a value with `Tensors backward(const BackwardCall&) const`, in the terms of
/// torch::autograd::Function.
template <class Operation> class Recorded : public torch::autograd::Function<Recorded<Operation>> {
public:
    struct Held : torch::CustomClassHolder {
        Held(Operation value, std::size_t count) : operation(std::move(value)), inputs(count) {}
        Operation operation;
        std::size_t inputs;
    };

    static Tensors forward(torch::autograd::AutogradContext* context, at::TensorList /*inputs*/,
                           const c10::intrusive_ptr<Held>& held, const Tensors* saved, const Tensors* outputs)
    {
        context->saved_data["operation"] = at::IValue::make_capsule(held);
        context->set_materialize_grads(false);
        context->save_for_backward(*saved);
        return *outputs;
    }

    static Tensors backward(torch::autograd::AutogradContext* context, const Tensors& gradients)
    {
        TORCH_CHECK(!c10::GradMode::is_enabled(),
                    "the own kernels have no second derivative; take Path::Reference for create_graph");
        constexpr std::size_t kOtherArguments = 3; // of forward, behind the inputs
        const auto capsule = context->saved_data["operation"].toCapsule();
        const Held& held = static_cast<const Held&>(*capsule);
        const Tensors saved = context->get_saved_variables();
        Tensors results;
        if (std::any_of(gradients.begin(), gradients.end(), [](const at::Tensor& g) { return g.defined(); }))
            results = held.operation.backward({gradients, saved, *context, held.inputs});
        results.resize(held.inputs);
        results.resize(held.inputs + kOtherArguments);
        return results;
    }
};

/// Hangs `operation` behind the freshly computed outputs if a gradient can be asked for; does nothing otherwise. Its `backward`
/// gives for each input a gradient or an undefined tensor. The last inputs may be undefined. `saved` may hold inputs, outputs
/// and whatever else was computed. torch cannot look into the arithmetic: a gradient is taken once, not differentiated again.
template <class Operation> void record(Operation operation, Tensors inputs, const Tensors& saved, const Tensors& outputs)
{
    if (!needsGraph(inputs)) return;
    while (!inputs.back().defined()) inputs.pop_back();
    using Node = Recorded<Operation>;
    (void)Node::apply(at::TensorList(inputs), c10::make_intrusive<typename Node::Held>(std::move(operation), inputs.size()),
                      &saved, &outputs);
}

} // namespace latentoscope::operations
