#include "core/models/Optimizer.h"
#include "core/config/Configuration.h"

#include "core/base/Error.h"

#include <gtest/gtest.h>

#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>

#include <cmath>
#include <memory>

namespace latentoscope {
namespace {

constexpr std::int64_t kCount = 37;

std::unique_ptr<torch::optim::Optimizer> reference(const std::string& name, std::vector<at::Tensor> parameters)
{
    constexpr double kRate = 0.01;
    constexpr double kDecay = 0.1;
    if (name == "adam") {
        return std::make_unique<torch::optim::Adam>(parameters, torch::optim::AdamOptions(kRate).weight_decay(kDecay));
    }
    if (name == "adamw") {
        return std::make_unique<torch::optim::AdamW>(parameters, torch::optim::AdamWOptions(kRate).weight_decay(kDecay));
    }
    if (name == "rmsprop") {
        return std::make_unique<torch::optim::RMSprop>(parameters, torch::optim::RMSpropOptions(kRate).weight_decay(kDecay));
    }
    return std::make_unique<torch::optim::SGD>(parameters, torch::optim::SGDOptions(kRate).weight_decay(kDecay).momentum(0.9));
}

class OptimizerTest : public testing::TestWithParam<std::string> {};

} // namespace

TEST_P(OptimizerTest, ProducesPyTorchValues)
{
    const at::Tensor start = at::linspace(-1, 1, kCount);
    at::Tensor theirs = start.clone().requires_grad_(true);
    const auto torchs = reference(GetParam(), {theirs});
    TrainingOptions options;
    options.optimizer = choiceOf<OptimizerRule>(GetParam()).value();
    options.learningRate = 0.01;
    options.weightDecay = 0.1;
    std::vector<float> ours(start.data_ptr<float>(), start.data_ptr<float>() + kCount);
    Optimizer optimizer(options, ours.size());
    for (int step = 0; step < 50; ++step) {
        const at::Tensor gradient = at::sin(at::arange(kCount).to(at::kFloat) + 0.3 * step);
        theirs.mutable_grad() = gradient.clone();
        torchs->step();
        optimizer.beginStep(static_cast<float>(options.learningRate));
        const std::span<const float> values(gradient.data_ptr<float>(), static_cast<std::size_t>(kCount));
        optimizer.update(0, values.first(20), ours); // in two pieces, as the engine does
        optimizer.update(20, values.subspan(20), ours);
    }
    const at::Tensor result = theirs.detach();
    for (std::int64_t i = 0; i < kCount; ++i) {
        EXPECT_NEAR(ours[static_cast<std::size_t>(i)], result[i].item<float>(), 2e-6) << GetParam() << " " << i;
    }
}

TEST_P(OptimizerTest, GoesOnFromItsMemoryAsIfItHadNeverEnded)
{
    TrainingOptions options;
    options.optimizer = choiceOf<OptimizerRule>(GetParam()).value();
    options.weightDecay = 0.1;
    const auto walk = [](Optimizer& optimizer, std::vector<float>& weights, int from, int to) {
        for (int step = from; step < to; ++step) {
            std::vector<float> gradients(weights.size());
            for (std::size_t i = 0; i < gradients.size(); ++i)
                gradients[i] = std::sin(static_cast<float>(i) + 0.3F * static_cast<float>(step));
            optimizer.beginStep(0.01F / static_cast<float>(step + 1)); // a schedule's rate, another each step
            optimizer.update(0, gradients, weights);
        }
    };
    std::vector<float> straight(kCount, 0.5F);
    Optimizer one(options, straight.size());
    walk(one, straight, 0, 20);

    std::vector<float> resumed(kCount, 0.5F);
    Optimizer first(options, resumed.size());
    walk(first, resumed, 0, 9);
    Optimizer second(options, resumed.size());
    second.restore(first.memory());
    walk(second, resumed, 9, 20);
    EXPECT_EQ(resumed, straight);

    Optimizer::Memory wrong = first.memory();
    wrong.first.push_back(0);
    EXPECT_THROW(second.restore(wrong), Error);
}

INSTANTIATE_TEST_SUITE_P(All, OptimizerTest, testing::Values("adam", "adamw", "sgd", "rmsprop"),
                         [](const auto& parameter) { return parameter.param; });

} // namespace latentoscope
