#include "core/models/ImageTensor.h"

#include "core/data/ImageSet.h"
#include "core/data/ImageShape.h"
#include "core/models/Operations.h"
#include "core/models/kernels/Kernels.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>

#include <numeric>

namespace latentoscope {
namespace {

std::int64_t padded(std::size_t count)
{
    return (static_cast<std::int64_t>(count) + kernels::kImageMultiple - 1) / kernels::kImageMultiple * kernels::kImageMultiple;
}

at::Tensor gather(const ImageShape& shape, const std::uint8_t* pixels, const std::vector<std::int64_t>& items)
{
    kernels::GatherShape gathered;
    gathered.channels = shape.channels;
    gathered.height = shape.height;
    gathered.width = shape.width;
    gathered.images = padded(items.size());
    gathered.count = static_cast<std::int64_t>(items.size());
    at::Tensor batch = operations::emptyBatchInnermost({gathered.images, shape.channels, shape.height, shape.width});
    kernels::best().gather(gathered, pixels, items.data(), batch.data_ptr<float>());
    return batch;
}

} // namespace

at::Tensor gatherBatch(const ImageSet& set, std::span<const int> items)
{
    return gather(set.shape, set.pixels.data(), {items.begin(), items.end()});
}

at::Tensor gatherBatch(const ImageShape& shape, std::span<const std::uint8_t> images)
{
    std::vector<std::int64_t> items(images.size() / shape.values());
    std::iota(items.begin(), items.end(), std::int64_t{0});
    return gather(shape, images.data(), items);
}

at::Tensor gatherCodes(std::span<const float> codes, int dimension)
{
    const std::int64_t count = static_cast<std::int64_t>(codes.size()) / dimension;
    at::Tensor transposed = at::zeros({dimension, padded(static_cast<std::size_t>(count))}, at::kFloat);
    if (count > 0) {
        const at::Tensor rows = at::from_blob(const_cast<float*>(codes.data()), {count, dimension}, at::kFloat); // read only
        transposed.narrow(1, 0, count).copy_(rows.t());
    }
    return transposed.t();
}

std::vector<float> rowMajor(const at::Tensor& batch, std::int64_t count)
{
    at::Tensor rows = batch.narrow(0, 0, count);
    if (rows.dim() == 4) rows = rows.permute({0, 2, 3, 1});
    rows = rows.to(at::kCPU).contiguous();
    const float* values = rows.data_ptr<float>();
    return {values, values + rows.numel()};
}

} // namespace latentoscope
