/// Bytes of images into float tensors and back. Needs torch's headers.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace latentoscope {

struct ImageSet;
struct ImageShape;

/// The chosen items (H, W, C bytes each) as a CPU float tensor (N', C, H, W) in [0, 1], batch innermost in memory, N' being
/// the number of items rounded up to a multiple of 16; the surplus images are black.
at::Tensor gatherBatch(const ImageSet& set, std::span<const int> items);

/// As gatherBatch, for images lying one after the other (M, H, W, C).
at::Tensor gatherBatch(const ImageShape& shape, std::span<const std::uint8_t> images);

/// Codes (M, D) row-major as a CPU tensor (M', D) with the batch innermost, M' rounded up to a multiple of 16 with zeros.
at::Tensor gatherCodes(std::span<const float> codes, int dimension);

/// The first `count` rows of (N', …) with the batch anywhere, as row-major values; images become (count, H, W, C).
std::vector<float> rowMajor(const at::Tensor& batch, std::int64_t count);

} // namespace latentoscope
