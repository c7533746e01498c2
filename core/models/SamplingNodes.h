/// The backward halves of the operations that draw random numbers, as nodes of torch's autograd graph (see LayerNodes.h).
#pragma once

#include "core/models/kernels/Kernels.h"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace latentoscope::operations {

/// code = mean + deviation · noise and the sum kl of divergences from the standard normal, both toward mean and log-variance.
void recordPosterior(const kernels::PosteriorShape& shape, const at::Tensor& mean, const at::Tensor& logVariance,
                     const at::Tensor& deviation, const at::Tensor& noise, at::Tensor& code, at::Tensor& kl);

/// y = dropout(x) with these random words (int32, as many as x has values).
void recordDropout(const at::Tensor& x, const at::Tensor& words, std::uint32_t threshold, float scale, at::Tensor& y);

} // namespace latentoscope::operations
