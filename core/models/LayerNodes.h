/// The backward halves of the own operations, as nodes of torch's autograd graph.
///
/// Each record… function hangs a node behind a freshly computed tensor if a gradient can be asked for, and does nothing
/// otherwise (see Recording.h).
#pragma once

#include "core/models/kernels/Kernels.h"

#include <ATen/core/Tensor.h>

namespace latentoscope::operations {

/// y (batch innermost, as x) = convolve(shape, x, weight, bias, activation); bias may be undefined.
void recordConvolution(const kernels::ConvolutionShape& shape, const at::Tensor& x, const at::Tensor& weight,
                       const at::Tensor& bias, kernels::Activation activation, at::Tensor& y);

/// y = convolveTransposed(shape, x, weight, bias, activation).
void recordTransposedConvolution(const kernels::ConvolutionShape& shape, const at::Tensor& x, const at::Tensor& weight,
                                 const at::Tensor& bias, kernels::Activation activation, at::Tensor& y);

/// y = linear(shape, x, weight, bias, activation).
void recordLinear(const kernels::LinearShape& shape, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                  kernels::Activation activation, at::Tensor& y);

/// loss (one number) has this gradient toward the logits.
void recordLoss(const at::Tensor& logits, const at::Tensor& gradient, at::Tensor& loss);

} // namespace latentoscope::operations
