// Classifying: the operations at the end of a classifier (see Operations.h).
#include "core/models/Operations.h"

#include "core/models/LayerNodes.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/nll_loss.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/tensor.h>

#include <algorithm>

namespace latentoscope::operations {
namespace {

bool suitsKernels(const at::Tensor& logits)
{
    return logits.device().is_cpu() && logits.scalar_type() == at::kFloat && logits.numel() > 0 &&
           logits.size(0) % kernels::kImageMultiple == 0 && isBatchInnermost(logits);
}

} // namespace

Classified negativeLogLikelihood(const at::Tensor& logits, std::span<const Label> labels, Path path)
{
    TORCH_CHECK(logits.dim() == 2 && static_cast<std::int64_t>(labels.size()) <= logits.size(0), "classes: logits ",
                logits.sizes(), " and ", labels.size(), " labels");
    const auto count = static_cast<std::int64_t>(labels.size());
    const std::int64_t classes = logits.size(1);
    TORCH_CHECK(std::all_of(labels.begin(), labels.end(), [classes](Label label) { return label < classes; }),
                "classes: a label is not below ", classes, ", the number of classes");
    Classified result;
    result.predicted.resize(static_cast<std::size_t>(classes));
    if (path == Path::Automatic && suitsKernels(logits)) {
        at::Tensor gradient = needsGraph(logits) ? emptyBatchInnermost(logits.sizes()) : at::Tensor();
        const kernels::ClassLoss found = kernels::best().negativeLogLikelihood(
            {classes, logits.size(0), count}, logits.data_ptr<float>(), labels.data(),
            gradient.defined() ? gradient.data_ptr<float>() : nullptr, result.predicted.data());
        result.loss = at::scalar_tensor(found.nats, at::kFloat);
        result.correct = found.correct;
        if (gradient.defined()) recordLoss(logits, gradient, result.loss);
        return result;
    }
    const std::vector<std::int64_t> wide(labels.begin(), labels.end());
    const at::Tensor target = at::tensor(wide, at::kLong).to(logits.device());
    const at::Tensor own = at::log_softmax(logits.narrow(0, 0, count), 1);
    result.loss = at::nll_loss(own, target, {}, at::Reduction::Sum);
    const at::Tensor best = own.detach().argmax(1);
    result.correct = best.eq(target).sum().item<std::int64_t>();
    const at::Tensor chosen = best.to(at::kCPU).contiguous();
    for (std::int64_t i = 0; i < count; ++i) ++result.predicted[static_cast<std::size_t>(chosen.data_ptr<std::int64_t>()[i])];
    return result;
}

at::Tensor logProbabilities(const at::Tensor& logits, Path path)
{
    if (path == Path::Automatic && logits.dim() == 2 && suitsKernels(logits) && !needsGraph(logits)) {
        at::Tensor own = emptyBatchInnermost(logits.sizes());
        kernels::best().logSoftmax({logits.size(1), logits.size(0), logits.size(0)}, logits.data_ptr<float>(),
                                   own.data_ptr<float>());
        return own;
    }
    return at::log_softmax(logits, 1);
}

} // namespace latentoscope::operations
