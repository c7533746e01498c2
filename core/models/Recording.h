/// Hangs the backward half of an own operation into torch's autograd graph: the only file that knows torch's internal nodes.
///
/// torch's public way, torch::autograd::Function, costs a microsecond an operation more and, with two threads, three hundredths
/// of the training speed of the smallest network (docs/measured.md).
#pragma once

#include "core/models/Operations.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

namespace latentoscope::operations {

using Tensors = std::vector<at::Tensor>;

/// What the backward half of an operation is given.
struct BackwardCall {
    const Tensors& gradients; ///< of the outputs, in their order; at least one is defined
    const Tensors& saved;     ///< as handed to record
    const torch::autograd::Node& node;

    /// Whether the gradient of this input is wanted.
    bool asked(std::size_t input) const { return node.task_should_compute_output(input); }
};

/// How this libtorch holds nodes: std::shared_ptr up to 2.6 at least, c10::intrusive_ptr in 2.13.
using NodePointer = decltype(torch::autograd::Edge::function);

template <class Pointer = NodePointer>
constexpr bool kSharesNodes = std::is_same_v<Pointer, std::shared_ptr<torch::autograd::Node>>;

template <class Node, class... Arguments> auto makeNode(Arguments&&... arguments)
{
    if constexpr (kSharesNodes<>) {
        // torch's own deleter, which takes long graphs apart without recursion; it has none where it counts by itself.
        return std::shared_ptr<Node>(new Node(std::forward<Arguments>(arguments)...), [](auto* node) { deleteNode(node); });
    } else {
        return c10::make_intrusive<Node>(std::forward<Arguments>(arguments)...);
    }
}

/// One more owner of a node that has one.
template <class Pointer, class Node> Pointer pointerTo(Node* node)
{
    if constexpr (kSharesNodes<Pointer>)
        return node->shared_from_this();
    else
        return Pointer::reclaim_copy(node);
}

/// The node of an Operation, a value with `Tensors backward(const BackwardCall&) const`.
template <class Operation> class Recorded : public torch::autograd::Node {
public:
    explicit Recorded(Operation operation) : m_operation(std::move(operation)) {}

    /// After the outputs know this node.
    void save(const Tensors& saved, const Tensors& outputs)
    {
        for (const at::Tensor& one : saved) {
            const bool isOutput =
                std::any_of(outputs.begin(), outputs.end(), [&](const at::Tensor& y) { return y.is_same(one); });
            m_saved.emplace_back(one, isOutput);
        }
    }

    Tensors apply(Tensors&& gradients) override
    {
        TORCH_CHECK(!c10::GradMode::is_enabled(),
                    "the own kernels have no second derivative; take Path::Reference for create_graph");
        const std::lock_guard<std::mutex> lock(mutex_);
        if (std::none_of(gradients.begin(), gradients.end(), [](const at::Tensor& g) { return g.defined(); }))
            return Tensors(num_outputs());
        Tensors saved;
        saved.reserve(m_saved.size());
        for (const torch::autograd::SavedVariable& one : m_saved) saved.push_back(one.unpack(pointerTo<NodePointer>(this)));
        return m_operation.backward({gradients, saved, *this});
    }

    void release_variables() override
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (torch::autograd::SavedVariable& one : m_saved) one.reset_data();
    }

private:
    Operation m_operation;
    std::vector<torch::autograd::SavedVariable> m_saved;
};

/// Hangs `operation` behind the freshly computed outputs if a gradient can be asked for; does nothing otherwise. Its `backward`
/// gives for each input a gradient or an undefined tensor. Inputs may be undefined. `saved` may hold inputs, outputs and whatever
/// else was computed. torch cannot look into the arithmetic: a gradient is taken once, not differentiated again.
template <class Operation> void record(Operation operation, const Tensors& inputs, const Tensors& saved, const Tensors& outputs)
{
    if (!needsGraph(inputs)) return;
    const auto node = makeNode<Recorded<Operation>>(std::move(operation));
    node->set_next_edges(torch::autograd::collect_next_edges(inputs));
    for (at::Tensor output : outputs) torch::autograd::set_history(output, node);
    node->save(saved, outputs);
}

} // namespace latentoscope::operations
