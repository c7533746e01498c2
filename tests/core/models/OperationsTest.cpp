#include "core/models/Operations.h"

#include "tests/core/models/RecordedNode.h"

#include <ATen/Functions.h>
#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <random>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

namespace latentoscope::operations {
namespace {

using Tensors = std::vector<at::Tensor>;

constexpr double kTolerance = 1e-5;

/// Largest difference over largest value.
double relativeDifference(const at::Tensor& found, const at::Tensor& expected)
{
    const at::Tensor difference = found.to(at::kDouble).sub(expected.to(at::kDouble)).abs().max();
    return difference.item<double>() / std::max(expected.abs().max().item<double>(), 1e-30);
}

class OperationsTest : public testing::Test {
protected:
    void SetUp() override { at::manual_seed(7); }

    std::int64_t one(std::initializer_list<std::int64_t> choices) { return choices.begin()[m_engine() % choices.size()]; }
    std::int64_t whole(std::int64_t least, std::int64_t most)
    {
        return least + static_cast<std::int64_t>(m_engine() % static_cast<unsigned>(most - least + 1));
    }

private:
    std::mt19937 m_engine{11};
};

at::Tensor batchInnermost(const at::Tensor& values) { return emptyBatchInnermost(values.sizes()).copy_(values); }

/// Small multiples of 1/4: all sums are exact in float, so that both paths agree on which side of 0 a value lies.
at::Tensor exact(at::IntArrayRef sizes) { return at::randint(-4, 5, sizes, at::kFloat).div(4); }

at::Tensor values(at::IntArrayRef sizes, Activation activation)
{
    return activation == Activation::Relu ? exact(sizes) : at::randn(sizes);
}

/// What a layer computes from its inputs (x, weight, bias) by a path.
using Layer = std::function<at::Tensor(const Tensors&, Path)>;

struct Result {
    at::Tensor output;
    Tensors gradients; ///< toward the inputs
};

Result compute(const Layer& layer, const Tensors& inputs, Path path, at::ScalarType type, const at::Tensor& outputGradient)
{
    Tensors leaves;
    for (const at::Tensor& input : inputs) leaves.push_back(input.detach().to(type).requires_grad_(true));
    Result result;
    result.output = layer(leaves, path);
    result.gradients = torch::autograd::grad({result.output}, leaves, {outputGradient.to(type)});
    return result;
}

/// Holds the kernels to torch's own operations in float and in double.
void expectAgreement(const Layer& layer, const Tensors& inputs, const char* operation, Activation activation)
{
    at::Tensor shape = layer(inputs, Path::Reference);
    const at::Tensor gradient = values(shape.sizes(), activation);
    const Result found = compute(layer, inputs, Path::Automatic, at::kFloat, batchInnermost(gradient));
    ASSERT_TRUE(isRecorded(found.output, operation)) << "the kernels were not taken";
    EXPECT_TRUE(isBatchInnermost(found.output));
    for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
        const Result expected = compute(layer, inputs, Path::Reference, type, gradient);
        ASSERT_EQ(found.output.sizes(), expected.output.sizes());
        EXPECT_LT(relativeDifference(found.output, expected.output), kTolerance);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            ASSERT_EQ(found.gradients[i].sizes(), expected.gradients[i].sizes());
            EXPECT_LT(relativeDifference(found.gradients[i], expected.gradients[i]), kTolerance) << "gradient toward input " << i;
        }
    }
}

TEST_F(OperationsTest, ConvolutionAgreesWithTorchOverRandomShapes)
{
    for (int round = 0; round < 60; ++round) {
        const Activation activation = round % 2 ? Activation::Relu : Activation::None;
        const std::int64_t kernel = whole(1, 5), stride = whole(1, 3), padding = whole(0, kernel - 1);
        const std::int64_t in = one({1, 2, 3, 5, 8, 16, 32}), out = one({1, 2, 3, 5, 8, 16, 32});
        const at::Tensor x = values({one({16, 32, 48, 64}), in, whole(kernel, 13), whole(kernel, 11)}, activation);
        SCOPED_TRACE(testing::Message() << x.sizes() << " kernel " << kernel << " stride " << stride << " padding " << padding
                                        << " channels " << out);
        const Layer layer = [&](const Tensors& t, Path path) {
            return convolution(t[0], t[1], t[2], stride, padding, activation, path);
        };
        expectAgreement(layer, {batchInnermost(x), values({out, in, kernel, kernel}, activation), values({out}, activation)},
                        "Convolution", activation);
    }
}

TEST_F(OperationsTest, TransposedConvolutionAgreesWithTorchOverRandomShapes)
{
    for (int round = 0; round < 60; ++round) {
        const Activation activation = round % 2 ? Activation::Relu : Activation::None;
        const std::int64_t kernel = whole(1, 5), stride = whole(1, 3), padding = whole(0, (kernel - 1) / 2);
        const std::int64_t in = one({1, 2, 3, 5, 8, 16, 32}), out = one({1, 2, 3, 5, 8, 16, 32});
        const std::int64_t height = whole(1, 7), width = whole(1, 6);
        const std::int64_t outputHeight = (height - 1) * stride - 2 * padding + kernel + whole(0, stride - 1);
        const std::int64_t outputWidth = (width - 1) * stride - 2 * padding + kernel + whole(0, stride - 1);
        const at::Tensor x = values({one({16, 32, 48, 64}), in, height, width}, activation);
        SCOPED_TRACE(testing::Message() << x.sizes() << " kernel " << kernel << " stride " << stride << " padding " << padding
                                        << " channels " << out << " to " << outputHeight << 'x' << outputWidth);
        const Layer layer = [&](const Tensors& t, Path path) {
            return transposedConvolution(t[0], t[1], t[2], stride, padding, outputHeight, outputWidth, activation, path);
        };
        expectAgreement(layer, {batchInnermost(x), values({in, out, kernel, kernel}, activation), values({out}, activation)},
                        "TransposedConvolution", activation);
    }
}

TEST_F(OperationsTest, LinearAgreesWithTorchOverRandomShapes)
{
    for (int round = 0; round < 40; ++round) {
        const Activation activation = round % 2 ? Activation::Relu : Activation::None;
        const std::int64_t in = one({1, 2, 3, 10, 64, 512}), out = one({1, 2, 3, 10, 64, 512});
        const Layer layer = [&](const Tensors& t, Path path) { return linear(t[0], t[1], t[2], activation, path); };
        SCOPED_TRACE(testing::Message() << in << " to " << out);
        expectAgreement(layer,
                        {batchInnermost(values({one({16, 48, 64}), in}, activation)), values({out, in}, activation),
                         values({out}, activation)},
                        "Linear", activation);
    }
}

TEST_F(OperationsTest, SquaredErrorAgreesWithTorchForRaggedBatches)
{
    for (const std::int64_t count : {1, 17, 48, 64}) {
        const at::Tensor target = batchInnermost(at::rand({64, 3, 5, 4}));
        const Layer layer = [&](const Tensors& t, Path path) {
            return sigmoidSquaredError(t[0], target.to(t[0].scalar_type()), count, path);
        };
        const Tensors inputs = {batchInnermost(at::randn({64, 3, 5, 4}).mul(4))};
        const at::Tensor scale = at::scalar_tensor(0.125);
        const Result found = compute(layer, inputs, Path::Automatic, at::kFloat, scale);
        const Result expected = compute(layer, inputs, Path::Reference, at::kDouble, scale);
        ASSERT_TRUE(isRecorded(found.output, "Loss"));
        EXPECT_LT(relativeDifference(found.output, expected.output), kTolerance);
        EXPECT_LT(relativeDifference(found.gradients[0], expected.gradients[0]), kTolerance);
        EXPECT_TRUE(isBatchInnermost(found.gradients[0]));
        EXPECT_EQ(found.gradients[0].narrow(0, count, 64 - count).abs().sum().item<float>(), 0.0f);
    }
}

TEST_F(OperationsTest, CrossEntropyAgreesWithTorchForRaggedBatches)
{
    for (const std::int64_t count : {1, 17, 48, 64}) {
        const at::Tensor target = batchInnermost(at::rand({64, 3, 5, 4}));
        double squared[2] = {};
        const Layer layer = [&](const Tensors& t, Path path) {
            const Judged judged = crossEntropy(t[0], target.to(t[0].scalar_type()), count, path);
            squared[path == Path::Reference] = judged.squaredError;
            return judged.loss;
        };
        const Tensors inputs = {batchInnermost(at::randn({64, 3, 5, 4}).mul(6))};
        const at::Tensor scale = at::scalar_tensor(0.125);
        const Result found = compute(layer, inputs, Path::Automatic, at::kFloat, scale);
        const Result expected = compute(layer, inputs, Path::Reference, at::kDouble, scale);
        ASSERT_TRUE(isRecorded(found.output, "Loss"));
        EXPECT_LT(relativeDifference(found.output, expected.output), kTolerance);
        EXPECT_LT(relativeDifference(found.gradients[0], expected.gradients[0]), kTolerance);
        EXPECT_TRUE(isBatchInnermost(found.gradients[0]));
        EXPECT_NEAR(squared[0], squared[1], 1e-5 * squared[1]);
        const at::Tensor each = crossEntropyOfImages(inputs[0], target);
        EXPECT_LT(
            relativeDifference(each, crossEntropyOfImages(inputs[0].to(at::kDouble), target.to(at::kDouble), Path::Reference)),
            kTolerance);
    }
}

TEST_F(OperationsTest, SamplingAPosteriorAgreesWithTorch)
{
    for (const std::int64_t count : {1, 17, 32}) {
        const at::Tensor noise = batchInnermost(at::randn({32, 5})), pull = batchInnermost(at::randn({32, 5}));
        // The code's own gradient is of any size in the padding; only the divergence stops at `count`.
        const Layer layer = [&](const Tensors& t, Path path) {
            const Sampled s = samplePosterior(t[0], t[1], noise.to(t[0].scalar_type()), count, path);
            return s.code.mul(pull.to(t[0].scalar_type())).sum().add(s.kl, 0.3);
        };
        const Tensors inputs = {batchInnermost(at::randn({32, 5})), batchInnermost(at::randn({32, 5}).mul(2))};
        const at::Tensor scale = at::scalar_tensor(0.5);
        const Result found = compute(layer, inputs, Path::Automatic, at::kFloat, scale);
        const Result expected = compute(layer, inputs, Path::Reference, at::kDouble, scale);
        EXPECT_LT(relativeDifference(found.output, expected.output), kTolerance);
        for (std::size_t i = 0; i < 2; ++i) EXPECT_LT(relativeDifference(found.gradients[i], expected.gradients[i]), kTolerance);

        const at::Tensor mean = inputs[0].clone().requires_grad_(true);
        const Sampled own = samplePosterior(mean, inputs[1], noise, count),
                      torchs = samplePosterior(mean, inputs[1], noise, count, Path::Reference);
        ASSERT_TRUE(isRecorded(own.code, "Posterior"));
        EXPECT_LT(relativeDifference(own.code, torchs.code), kTolerance);
        EXPECT_LT(relativeDifference(own.kl, torchs.kl), kTolerance);
        for (std::size_t d = 0; d < 5; ++d) {
            EXPECT_NEAR(own.sums[d].kl, torchs.sums[d].kl, 1e-4);
            EXPECT_NEAR(own.sums[d].meanSquare, torchs.sums[d].meanSquare, 1e-4);
        }
        // Each of the two results alone.
        const at::Tensor onlyKl = torch::autograd::grad({own.kl}, {mean})[0];
        EXPECT_LT(relativeDifference(onlyKl.narrow(0, 0, count), mean.narrow(0, 0, count)), kTolerance);
        EXPECT_EQ(onlyKl.narrow(0, count, 32 - count).abs().sum().item<float>(), 0.0f);
        const Sampled again = samplePosterior(mean, inputs[1], noise, count);
        EXPECT_LT(relativeDifference(torch::autograd::grad({again.code.sum()}, {mean})[0], at::ones({32, 5})), kTolerance);
    }
}

TEST_F(OperationsTest, NegativeLogLikelihoodAgreesWithTorch)
{
    for (const std::size_t count : {1U, 17U, 32U}) {
        std::vector<Label> labels;
        for (std::size_t i = 0; i < count; ++i) labels.push_back(static_cast<std::uint8_t>(whole(0, 9)));
        std::vector<std::int64_t> predicted[2];
        std::int64_t correct[2] = {};
        const Layer layer = [&](const Tensors& t, Path path) {
            const Classified found = negativeLogLikelihood(t[0], labels, path);
            predicted[path == Path::Reference] = found.predicted;
            correct[path == Path::Reference] = found.correct;
            return found.loss;
        };
        const Tensors inputs = {batchInnermost(at::randn({32, 10}).mul(3))};
        const at::Tensor scale = at::scalar_tensor(0.25);
        const Result found = compute(layer, inputs, Path::Automatic, at::kFloat, scale);
        const Result expected = compute(layer, inputs, Path::Reference, at::kDouble, scale);
        ASSERT_TRUE(isRecorded(found.output, "Loss"));
        EXPECT_LT(relativeDifference(found.output, expected.output), kTolerance);
        EXPECT_LT(relativeDifference(found.gradients[0], expected.gradients[0]), kTolerance);
        EXPECT_EQ(predicted[0], predicted[1]);
        EXPECT_EQ(correct[0], correct[1]);
        EXPECT_LT(relativeDifference(logProbabilities(inputs[0]), logProbabilities(inputs[0], Path::Reference)), kTolerance);
    }
    const std::vector<Label> beyond{10};
    EXPECT_THROW(negativeLogLikelihood(batchInnermost(at::randn({32, 10})), beyond), c10::Error);
}

TEST_F(OperationsTest, DropoutAgreesWithTorchOnTheSameRandomWords)
{
    const Layer layer = [](const Tensors& t, Path path) {
        RandomStream random(3, RandomPurpose::Dropout, 1);
        return dropout(t[0], 0.3, random, path);
    };
    const at::Tensor x = batchInnermost(at::randn({32, 64}));
    expectAgreement(layer, {x}, "Dropout", Activation::None);
    const at::Tensor y = layer({x}, Path::Automatic);
    const double dropped = y.eq(0).to(at::kDouble).mean().item<double>();
    EXPECT_NEAR(dropped, 0.3, 0.04);
    EXPECT_LT(relativeDifference(y.masked_select(y.ne(0)), x.masked_select(y.ne(0)).div(0.7)), kTolerance);
    RandomStream random(3, RandomPurpose::Dropout, 1);
    EXPECT_TRUE(at::equal(dropout(x, 0, random), x));
    EXPECT_THROW(dropout(x, 1, random), c10::Error);
}

/// A small auto-encoder of all four operations: the squared error of 3-channel images.
at::Tensor autoencoderLoss(const Tensors& p, const at::Tensor& images, std::int64_t count, Path path)
{
    at::Tensor x = convolution(images, p[0], p[1], 2, 1, Activation::Relu, path);
    x = linear(x.flatten(1), p[2], p[3], Activation::None, path);
    x = linear(x, p[4], p[5], Activation::Relu, path).unflatten(1, {8, 5, 6});
    x = transposedConvolution(x, p[6], p[7], 2, 1, images.size(2), images.size(3), Activation::None, path);
    return sigmoidSquaredError(x, images, count, path);
}

Tensors autoencoderParameters()
{
    return {at::randn({8, 3, 3, 3}).mul(0.3),
            at::randn({8}),
            at::randn({2, 240}).mul(0.1),
            at::randn({2}),
            at::randn({240, 2}),
            at::randn({240}),
            at::randn({8, 3, 3, 3}).mul(0.3),
            at::randn({3})};
}

TEST_F(OperationsTest, AWholeAutoencoderAgreesWithTorchInDouble)
{
    const Tensors parameters = autoencoderParameters();
    for (const std::int64_t images : {16, 64, 13}) { // 13: not the kernels', but the same values
        const at::Tensor batch = batchInnermost(at::rand({images, 3, 9, 11}));
        const std::int64_t count = images - 3;
        const auto loss = [&](const Tensors& t, Path path) {
            return autoencoderLoss(t, batch.to(t[0].scalar_type()), count, path);
        };
        const Result found = compute(loss, parameters, Path::Automatic, at::kFloat, at::scalar_tensor(1));
        const Result expected = compute(loss, parameters, Path::Reference, at::kDouble, at::scalar_tensor(1));
        EXPECT_LT(relativeDifference(found.output, expected.output), kTolerance);
        for (std::size_t i = 0; i < parameters.size(); ++i)
            EXPECT_LT(relativeDifference(found.gradients[i], expected.gradients[i]), kTolerance) << "parameter " << i;
    }
}

TEST_F(OperationsTest, TensorsThatTheKernelsCannotTakeGoToTorch)
{
    const at::Tensor weight = at::randn({8, 3, 3, 3}), bias = at::randn({8});
    const at::Tensor contiguous = at::randn({16, 3, 8, 8}), ragged = batchInnermost(at::randn({10, 3, 8, 8}));
    for (const at::Tensor& x : {contiguous, ragged}) {
        const at::Tensor y = convolution(x.clone().requires_grad_(true), weight, bias, 1, 1, Activation::None);
        EXPECT_FALSE(isRecorded(y, "Convolution"));
        EXPECT_LT(relativeDifference(y, at::conv2d(x, weight, bias, 1, 1)), kTolerance);
    }
    const at::Tensor wide = batchInnermost(contiguous).to(at::kDouble);
    EXPECT_EQ(convolution(wide, weight.to(at::kDouble), bias.to(at::kDouble), 1, 1, Activation::Relu).scalar_type(), at::kDouble);
    EXPECT_THROW(convolution(batchInnermost(contiguous), at::randn({8, 4, 3, 3}), bias, 1, 1, Activation::None), c10::Error);
    EXPECT_THROW(convolution(batchInnermost(contiguous), at::randn({8, 3, 9, 9}), bias, 1, 0, Activation::None), c10::Error);
}

TEST_F(OperationsTest, LayersNeedNoBias)
{
    const at::Tensor x = batchInnermost(at::randn({16, 3, 8, 8})).requires_grad_(true), weight = at::randn({8, 3, 3, 3});
    const at::Tensor y = convolution(x, weight, {}, 1, 1, Activation::None);
    EXPECT_LT(relativeDifference(y, at::conv2d(x, weight, {}, 1, 1)), kTolerance);
    EXPECT_NO_THROW(y.sum().backward());
    EXPECT_TRUE(x.grad().defined());
}

TEST_F(OperationsTest, OnlyTheGradientsAskedForAreComputed)
{
    const at::Tensor x = batchInnermost(at::randn({16, 3, 8, 8})), weight = at::randn({8, 3, 3, 3}).requires_grad_(true);
    const at::Tensor bias = at::randn({8});
    convolution(x, weight, bias, 1, 1, Activation::Relu).sum().backward();
    EXPECT_TRUE(weight.grad().defined());
    EXPECT_FALSE(x.grad().defined());
    EXPECT_FALSE(bias.grad().defined());
    EXPECT_FALSE(convolution(x, weight.detach(), bias, 1, 1, Activation::Relu).requires_grad());
    const at::NoGradGuard guard;
    EXPECT_FALSE(convolution(x, weight, bias, 1, 1, Activation::Relu).requires_grad());
}

TEST_F(OperationsTest, AGradientSharedByTwoBranchesIsLeftAsItIs)
{
    const at::Tensor weight = exact({4, 3, 3, 3}), bias = exact({4});
    const Layer sum = [&](const Tensors& t, Path path) {
        const at::Tensor a =
            convolution(t[0], weight.to(t[0].scalar_type()), bias.to(t[0].scalar_type()), 1, 1, Activation::Relu, path);
        const at::Tensor b = convolution(t[0], weight.neg().to(t[0].scalar_type()), {}, 1, 1, Activation::Relu, path);
        return a.add(b);
    };
    const Tensors inputs = {batchInnermost(exact({16, 3, 6, 5}))};
    const at::Tensor gradient = batchInnermost(exact({16, 4, 6, 5})), before = gradient.clone();
    const Result found = compute(sum, inputs, Path::Automatic, at::kFloat, gradient);
    const Result expected = compute(sum, inputs, Path::Reference, at::kDouble, gradient);
    EXPECT_TRUE(at::equal(gradient, before));
    EXPECT_LT(relativeDifference(found.gradients[0], expected.gradients[0]), kTolerance);
}

TEST_F(OperationsTest, AGradientInAnyLayoutIsUnderstood)
{
    const at::Tensor weight = exact({4, 3, 3, 3});
    const Layer layer = [&](const Tensors& t, Path path) {
        return convolution(t[0], weight.to(t[0].scalar_type()), {}, 2, 1, Activation::Relu, path);
    };
    const Tensors inputs = {batchInnermost(exact({16, 3, 6, 5}))};
    for (const at::Tensor& gradient : {exact({16, 4, 3, 3}), at::ones({}).expand({16, 4, 3, 3})}) {
        const Result found = compute(layer, inputs, Path::Automatic, at::kFloat, gradient);
        const Result expected = compute(layer, inputs, Path::Reference, at::kDouble, gradient);
        EXPECT_LT(relativeDifference(found.gradients[0], expected.gradients[0]), kTolerance);
    }
}

TEST_F(OperationsTest, AGraphIsWalkedOnceUnlessKeptAndNeverDifferentiatedTwice)
{
    const at::Tensor x = batchInnermost(at::randn({16, 3, 8, 8})), weight = at::randn({8, 3, 3, 3}).requires_grad_(true);
    const auto loss = [&] { return convolution(x, weight, {}, 1, 1, Activation::Relu).sum(); };
    const at::Tensor kept = loss();
    const at::Tensor first = torch::autograd::grad({kept}, {weight}, {}, true)[0];
    EXPECT_TRUE(at::equal(first, torch::autograd::grad({kept}, {weight})[0]));
    EXPECT_THROW(torch::autograd::grad({kept}, {weight}), c10::Error);
    EXPECT_THROW(torch::autograd::grad({loss()}, {weight}, {}, c10::nullopt, true), c10::Error);
}

TEST_F(OperationsTest, WrongSizesAreRefusedWithTheirNumbers)
{
    const at::Tensor x = at::randn({2, 4, 5, 5}), weight = at::randn({4, 3, 3, 3});
    EXPECT_THROW(transposedConvolution(x, weight, {}, 2, 1, 12, 9, Activation::None), c10::Error);
    EXPECT_THROW(transposedConvolution(x, weight, {}, 2, 1, 9, 8, Activation::None), c10::Error);
    EXPECT_THROW(sigmoidSquaredError(at::rand({4, 2}), at::rand({4, 3}), 4), c10::Error);
    EXPECT_THROW(sigmoidSquaredError(at::rand({4, 2}), at::rand({4, 2}), 5), c10::Error);
}

TEST_F(OperationsTest, BatchInnermostIsAboutStridesThatMatter)
{
    EXPECT_TRUE(isBatchInnermost(emptyBatchInnermost({16, 3, 4, 5})));
    EXPECT_TRUE(isBatchInnermost(emptyBatchInnermost({16, 512}).unflatten(1, {32, 4, 4})));
    EXPECT_TRUE(isBatchInnermost(emptyBatchInnermost({16, 32, 4, 4}).flatten(1)));
    EXPECT_TRUE(isBatchInnermost(at::empty({7, 16}).t()));
    EXPECT_FALSE(isBatchInnermost(at::empty({16, 7})));
    EXPECT_FALSE(isBatchInnermost(emptyBatchInnermost({32, 3, 4, 5}).narrow(0, 0, 16)));
    EXPECT_TRUE(isBatchInnermost(at::empty({16, 1}))); // one column: both at once
    EXPECT_FALSE(isBatchInnermost(at::scalar_tensor(1)));
}

} // namespace
} // namespace latentoscope::operations
