/// What the nodes of the own operations in torch's autograd graph have in common. Needs torch's headers.
#pragma once

#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/function.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace latentoscope::operations {

/// A node whose arithmetic torch cannot look into: its gradient is taken once.
class KernelNode : public torch::autograd::Node {
public:
    torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) final
    {
        TORCH_CHECK(!c10::GradMode::is_enabled(), name(),
                    ": the own kernels have no second derivative; take Path::Reference for create_graph");
        const std::lock_guard<std::mutex> lock(mutex_);
        const bool any = std::any_of(gradients.begin(), gradients.end(), [](const at::Tensor& g) { return g.defined(); });
        return any ? backward(gradients) : torch::autograd::variable_list(num_outputs());
    }

private:
    /// At least one of the gradients is defined.
    virtual torch::autograd::variable_list backward(const torch::autograd::variable_list& gradients) = 0;
};

} // namespace latentoscope::operations
