#include "core/models/Operations.h"

#include "core/models/LayerNodes.h"

#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_strided.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/sigmoid.h>
#include <c10/core/GradMode.h>

#include <algorithm>

namespace latentoscope::operations {
namespace {

using kernels::ConvolutionShape;
using kernels::LinearShape;

bool isPlainFloat(const at::Tensor& tensor)
{
    return tensor.layout() == at::kStrided && tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat;
}

/// What the kernels take as a batch: (N, …) of `dimensions` dimensions, batch innermost, N a multiple of theirs.
bool suitsKernels(const at::Tensor& batch, std::int64_t dimensions)
{
    return batch.dim() == dimensions && isPlainFloat(batch) && batch.numel() > 0 &&
           batch.size(0) % kernels::kImageMultiple == 0 && isBatchInnermost(batch);
}

bool suitsKernels(const at::Tensor& weight, const at::Tensor& bias, std::int64_t outputs)
{
    return isPlainFloat(weight) && weight.is_contiguous() &&
           (!bias.defined() || (isPlainFloat(bias) && bias.is_contiguous() && bias.dim() == 1 && bias.size(0) == outputs));
}

bool isSquareKernel(const at::Tensor& weight, std::int64_t inputDimension, std::int64_t inputs)
{
    return weight.dim() == 4 && weight.size(2) == weight.size(3) && weight.size(inputDimension) == inputs;
}

c10::optional<at::Tensor> optional(const at::Tensor& bias)
{
    return bias.defined() ? c10::optional<at::Tensor>(bias) : c10::nullopt;
}

at::Tensor activated(const at::Tensor& y, Activation activation) { return activation == Activation::Relu ? at::relu(y) : y; }

const float* pointer(const at::Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; }

/// Output padding of a transposed convolution along one side.
std::int64_t outputPadding(std::int64_t input, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
                           std::int64_t output)
{
    const std::int64_t surplus = output - ((input - 1) * stride - 2 * padding + kernel);
    TORCH_CHECK(output > 0 && surplus >= 0 && surplus < stride, "transposed convolution: a side of ", input,
                " cannot become one of ", output, " with kernel ", kernel, ", stride ", stride, ", padding ", padding);
    return surplus;
}

} // namespace

bool isBatchInnermost(const at::Tensor& tensor)
{
    if (tensor.dim() < 1 || tensor.layout() != at::kStrided || (tensor.size(0) != 1 && tensor.stride(0) != 1)) return false;
    std::int64_t step = tensor.size(0);
    for (std::int64_t d = tensor.dim() - 1; d > 0; --d) {
        if (tensor.size(d) != 1 && tensor.stride(d) != step) return false; // torch gives sides of 1 any stride
        step *= tensor.size(d);
    }
    return true;
}

at::Tensor emptyBatchInnermost(at::IntArrayRef sizes)
{
    c10::SmallVector<std::int64_t, 4> strides(sizes.size(), 1);
    std::int64_t step = sizes[0];
    for (std::size_t d = sizes.size() - 1; d > 0; --d) {
        strides[d] = step;
        step *= sizes[d];
    }
    return at::empty_strided(sizes, strides, at::kFloat);
}

at::Tensor asBatchInnermost(const at::Tensor& tensor)
{
    return isBatchInnermost(tensor) ? tensor : emptyBatchInnermost(tensor.sizes()).copy_(tensor);
}

bool needsGraph(at::TensorList tensors)
{
    return c10::GradMode::is_enabled() &&
           std::any_of(tensors.begin(), tensors.end(), [](const at::Tensor& t) { return t.defined() && t.requires_grad(); });
}

at::Tensor convolution(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, std::int64_t stride,
                       std::int64_t padding, Activation activation, Path path)
{
    if (path == Path::Automatic && suitsKernels(x, 4) && isSquareKernel(weight, 1, x.size(1)) &&
        suitsKernels(weight, bias, weight.size(0)) && stride > 0 && padding >= 0) {
        const std::int64_t kernel = weight.size(2);
        const std::int64_t height = (x.size(2) + 2 * padding - kernel) / stride + 1;
        const std::int64_t width = (x.size(3) + 2 * padding - kernel) / stride + 1;
        if (x.size(2) + 2 * padding >= kernel && x.size(3) + 2 * padding >= kernel && weight.numel() > 0) {
            const ConvolutionShape shape = {x.size(0), x.size(1), x.size(2), x.size(3), weight.size(0),
                                            height,    width,     kernel,    stride,    padding};
            at::Tensor y = emptyBatchInnermost({shape.images, shape.narrowChannels, height, width});
            kernels::best().convolve(shape, x.data_ptr<float>(), weight.data_ptr<float>(), pointer(bias), activation,
                                     y.data_ptr<float>());
            recordConvolution(shape, x, weight, bias, activation, y);
            return y;
        }
    }
    return activated(at::conv2d(x, weight, optional(bias), stride, padding), activation);
}

at::Tensor transposedConvolution(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, std::int64_t stride,
                                 std::int64_t padding, std::int64_t outputHeight, std::int64_t outputWidth, Activation activation,
                                 Path path)
{
    TORCH_CHECK(x.dim() == 4 && weight.dim() == 4, "transposed convolution: images and weight must have 4 dimensions, not ",
                x.dim(), " and ", weight.dim());
    const std::int64_t paddingHeight = outputPadding(x.size(2), weight.size(2), stride, padding, outputHeight);
    const std::int64_t paddingWidth = outputPadding(x.size(3), weight.size(3), stride, padding, outputWidth);
    if (path == Path::Automatic && suitsKernels(x, 4) && isSquareKernel(weight, 0, x.size(1)) &&
        suitsKernels(weight, bias, weight.size(1)) && padding >= 0 && weight.numel() > 0) {
        const ConvolutionShape shape = {x.size(0), weight.size(1), outputHeight,   outputWidth, x.size(1),
                                        x.size(2), x.size(3),      weight.size(2), stride,      padding};
        at::Tensor y = emptyBatchInnermost({shape.images, shape.wideChannels, outputHeight, outputWidth});
        kernels::best().convolveTransposed(shape, x.data_ptr<float>(), weight.data_ptr<float>(), pointer(bias), activation,
                                           y.data_ptr<float>());
        recordTransposedConvolution(shape, x, weight, bias, activation, y);
        return y;
    }
    return activated(
        at::conv_transpose2d(x, weight, optional(bias), stride, padding, c10::IntArrayRef{paddingHeight, paddingWidth}),
        activation);
}

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, Activation activation, Path path)
{
    if (path == Path::Automatic && suitsKernels(x, 2) && weight.dim() == 2 && weight.size(1) == x.size(1) && weight.numel() > 0 &&
        suitsKernels(weight, bias, weight.size(0))) {
        const LinearShape shape = {x.size(0), x.size(1), weight.size(0)};
        at::Tensor y = emptyBatchInnermost({shape.images, shape.outputs});
        kernels::best().linear(shape, x.data_ptr<float>(), weight.data_ptr<float>(), pointer(bias), activation,
                               y.data_ptr<float>());
        recordLinear(shape, x, weight, bias, activation, y);
        return y;
    }
    return activated(at::linear(x, weight, optional(bias)), activation);
}

at::Tensor sigmoidSquaredError(const at::Tensor& logits, const at::Tensor& target, std::int64_t count, Path path)
{
    TORCH_CHECK(logits.dim() > 0 && logits.sizes() == target.sizes(), "squared error: logits ", logits.sizes(), " and target ",
                target.sizes(), " differ in shape");
    TORCH_CHECK(count >= 0 && count <= logits.size(0), "squared error: ", count, " of ", logits.size(0), " images");
    if (path == Path::Automatic && suitsKernels(logits, logits.dim()) && suitsKernels(target, target.dim()) &&
        !needsGraph(target)) {
        const kernels::LossShape shape = {logits.numel() / logits.size(0), logits.size(0), count};
        at::Tensor gradient = needsGraph(logits) ? emptyBatchInnermost(logits.sizes()) : at::Tensor();
        const double sum = kernels::best().sigmoidSquaredError(shape, logits.data_ptr<float>(), target.data_ptr<float>(),
                                                               gradient.defined() ? gradient.data_ptr<float>() : nullptr);
        at::Tensor loss = at::scalar_tensor(sum, at::kFloat);
        if (gradient.defined()) recordLoss(logits, gradient, loss);
        return loss;
    }
    return at::sigmoid(logits.narrow(0, 0, count)).sub(target.narrow(0, 0, count)).square().sum();
}

} // namespace latentoscope::operations
