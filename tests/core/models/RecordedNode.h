/// Tells which of the own operations a tensor comes from.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/autograd/function.h>

#include <string>

namespace latentoscope {

/// Whether the graph behind `y` begins with the recorded backward half of the own `operation`, for example "Convolution".
inline bool isRecorded(const at::Tensor& y, const std::string& operation)
{
    const std::string name = y.grad_fn() ? y.grad_fn()->name() : "";
    return name.find("Recorded<") != std::string::npos && name.find("::" + operation + "Backward>") != std::string::npos;
}

} // namespace latentoscope
