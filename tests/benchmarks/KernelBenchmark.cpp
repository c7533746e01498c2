// Each kernel at the layers of the report's auto-encoder, by instruction set, and its whole step on one thread.
#include "core/data/ImageSet.h"
#include "core/models/Autoencoder.h"
#include "core/models/ComputeThread.h"
#include "core/models/ImageTensor.h"
#include "core/models/InitialWeights.h"
#include "core/models/Operations.h"

#include <ATen/Functions.h>
#include <benchmark/benchmark.h>
#include <functional>
#include <random>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

namespace latentoscope {
namespace {

using kernels::Activation;
using kernels::ConvolutionShape;
using kernels::InstructionSet;
using kernels::Kernels;

at::Tensor numbers(std::int64_t count) { return at::rand({count}).sub(0.5); }

std::int64_t taps(const ConvolutionShape& s)
{
    const auto along = [&](std::int64_t narrow, std::int64_t wide) {
        std::int64_t count = 0;
        for (std::int64_t y = 0; y < narrow; ++y)
            for (std::int64_t k = 0; k < s.kernel; ++k) {
                const std::int64_t at = y * s.stride + k - s.padding;
                count += at >= 0 && at < wide;
            }
        return count;
    };
    return along(s.narrowHeight, s.wideHeight) * along(s.narrowWidth, s.wideWidth);
}

/// Images and arithmetic a second, the latter without taps that fall outside.
void setRates(benchmark::State& state, std::int64_t images, std::int64_t multiplyAdds)
{
    state.SetItemsProcessed(state.iterations() * images);
    if (multiplyAdds > 0)
        state.counters["GFLOP/s"] =
            benchmark::Counter(2e-9 * static_cast<double>(multiplyAdds * state.iterations()), benchmark::Counter::kIsRate);
}

enum class Pass { Convolve, Transposed, WeightGradient };

void convolutionPass(benchmark::State& state, const Kernels* table, Pass pass, ConvolutionShape s)
{
    const ComputeThread thread;
    s.images = state.range(0);
    const at::Tensor wide = numbers(s.wideChannels * s.wideHeight * s.wideWidth * s.images);
    const at::Tensor narrow = numbers(s.narrowChannels * s.narrowHeight * s.narrowWidth * s.images);
    const at::Tensor weight = numbers(s.narrowChannels * s.wideChannels * s.kernel * s.kernel), bias = numbers(64);
    float *w = wide.data_ptr<float>(), *n = narrow.data_ptr<float>(), *k = weight.data_ptr<float>();
    for (auto iteration : state) {
        static_cast<void>(iteration);
        if (pass == Pass::Convolve) table->convolve(s, w, k, bias.data_ptr<float>(), Activation::Relu, n);
        if (pass == Pass::Transposed) table->convolveTransposed(s, n, k, bias.data_ptr<float>(), Activation::Relu, w);
        if (pass == Pass::WeightGradient) table->weightGradient(s, w, n, k);
        benchmark::ClobberMemory();
    }
    setRates(state, s.images, taps(s) * s.wideChannels * s.narrowChannels * s.images);
}

enum class Product { Forward, InputGradient, WeightGradient };

void linearPass(benchmark::State& state, const Kernels* table, Product product, kernels::LinearShape s)
{
    const ComputeThread thread;
    s.images = state.range(0);
    const at::Tensor x = numbers(s.inputs * s.images), y = numbers(s.outputs * s.images), weight = numbers(s.inputs * s.outputs);
    float *px = x.data_ptr<float>(), *py = y.data_ptr<float>(), *k = weight.data_ptr<float>();
    for (auto iteration : state) {
        static_cast<void>(iteration);
        if (product == Product::Forward) table->linear(s, px, k, nullptr, Activation::Relu, py);
        if (product == Product::InputGradient) table->linearInputGradient(s, py, k, px);
        if (product == Product::WeightGradient) table->linearWeightGradient(s, px, py, k);
        benchmark::ClobberMemory();
    }
    setRates(state, s.images, s.inputs * s.outputs * s.images);
}

void reluGradientPass(benchmark::State& state, const Kernels* table)
{
    const ComputeThread thread;
    const kernels::PlaneShape s = {8, 14 * 14 * state.range(0)};
    const at::Tensor y = numbers(s.channels * s.values), gradient = numbers(s.channels * s.values), sums = numbers(s.channels);
    const at::Tensor masked = numbers(s.channels * s.values);
    for (auto iteration : state) {
        static_cast<void>(iteration);
        table->reluGradient(s, y.data_ptr<float>(), gradient.data_ptr<float>(), masked.data_ptr<float>(), sums.data_ptr<float>());
        benchmark::ClobberMemory();
    }
    setRates(state, state.range(0), 0);
}

void lossPass(benchmark::State& state, const Kernels* table)
{
    const ComputeThread thread;
    const kernels::LossShape s = {784, state.range(0), state.range(0)};
    const at::Tensor logits = numbers(784 * s.images), target = numbers(784 * s.images), gradient = numbers(784 * s.images);
    for (auto iteration : state) {
        static_cast<void>(iteration);
        benchmark::DoNotOptimize(
            table->sigmoidSquaredError(s, logits.data_ptr<float>(), target.data_ptr<float>(), gradient.data_ptr<float>()));
    }
    setRates(state, s.images, 0);
}

/// As many random images as Fashion-MNIST trains on, so that a gather misses the caches as it does in training.
const ImageSet& manyImages()
{
    static const ImageSet set = [] {
        ImageSet images;
        images.shape = {28, 28, 1};
        std::vector<std::uint8_t> pixels(60000 * 784);
        std::mt19937 engine(1);
        for (auto& pixel : pixels) pixel = static_cast<std::uint8_t>(engine() >> 24);
        images.pixels = std::move(pixels);
        return images;
    }();
    return set;
}

std::vector<int> randomItems(std::mt19937& engine, std::int64_t count)
{
    std::vector<int> items(static_cast<std::size_t>(count));
    for (int& item : items) item = static_cast<int>(engine() % 60000);
    return items;
}

void gatherPass(benchmark::State& state, const Kernels* table)
{
    const ComputeThread thread;
    const kernels::GatherShape s = {1, 28, 28, state.range(0), state.range(0)};
    const at::Tensor batch = numbers(784 * s.images);
    std::mt19937 engine(2);
    for (auto iteration : state) {
        static_cast<void>(iteration);
        const std::vector<int> items = randomItems(engine, s.images);
        const std::vector<std::int64_t> indices(items.begin(), items.end());
        table->gather(s, manyImages().pixels.data(), indices.data(), batch.data_ptr<float>());
        benchmark::ClobberMemory();
    }
    setRates(state, s.images, 0);
}

/// The report's auto-encoder with its gradients' one flat buffer, as a worker of the engine has it.
class Step {
public:
    Step()
        : m_network(ModelOptions{}, ImageShape{28, 28, 1}),
          m_weights(initialWeights(m_network.layout(), 1)),
          m_flat(at::from_blob(m_weights.data(), {static_cast<std::int64_t>(m_weights.size())}, at::kFloat))
    {
        for (const at::Tensor& view : parameterViews(m_network.layout(), m_flat))
            m_parameters.push_back(view.detach().requires_grad_(true));
    }

    at::Tensor loss(std::int64_t images)
    {
        const at::Tensor x = gatherBatch(manyImages(), randomItems(m_engine, images));
        const at::Tensor logits = m_network.decode(m_parameters, m_network.encode(m_parameters, x));
        return operations::sigmoidSquaredError(logits, x, images);
    }

    void forwardAndBackward(std::int64_t images)
    {
        const at::Tensor sum = loss(images);
        benchmark::DoNotOptimize(torch::autograd::grad({sum}, m_parameters, {at::full({}, 1.0 / 784 / 256, sum.options())}));
    }

private:
    Autoencoder m_network;
    std::vector<float> m_weights;
    at::Tensor m_flat;
    std::vector<at::Tensor> m_parameters;
    std::mt19937 m_engine{3};
};

void wholeStep(benchmark::State& state)
{
    const ComputeThread thread;
    Step step;
    for (auto iteration : state) {
        static_cast<void>(iteration);
        step.forwardAndBackward(state.range(0));
    }
    setRates(state, state.range(0), 0);
}

void forwardWithoutGradients(benchmark::State& state)
{
    const ComputeThread thread;
    const at::NoGradGuard guard;
    Step step;
    for (auto iteration : state) {
        static_cast<void>(iteration);
        benchmark::DoNotOptimize(step.loss(state.range(0)));
    }
    setRates(state, state.range(0), 0);
}

void registerAll(const std::string& name, const std::function<void(benchmark::State&)>& body)
{
    benchmark::RegisterBenchmark(name.c_str(), body)->Arg(64)->Arg(128)->Unit(benchmark::kMicrosecond);
}

void registerKernels(const Kernels* table)
{
    const std::string set = kernels::name(table->instructionSet);
    const std::vector<std::pair<std::string, ConvolutionShape>> layers = {{"1x28-8x14", {0, 1, 28, 28, 8, 14, 14, 3, 2, 1}},
                                                                          {"8x14-16x7", {0, 8, 14, 14, 16, 7, 7, 3, 2, 1}},
                                                                          {"16x7-32x4", {0, 16, 7, 7, 32, 4, 4, 3, 2, 1}}};
    for (const auto& [layer, shape] : layers)
        for (const auto& [pass, kind] : {std::pair{"convolve", Pass::Convolve}, std::pair{"transposed", Pass::Transposed},
                                         std::pair{"weightGradient", Pass::WeightGradient}})
            registerAll(set + "/" + pass + "/" + layer,
                        [=, s = shape, p = kind](benchmark::State& state) { convolutionPass(state, table, p, s); });
    for (const auto& [layer, shape] :
         {std::pair{"512-64", kernels::LinearShape{0, 512, 64}}, std::pair{"64-512", kernels::LinearShape{0, 64, 512}}})
        for (const auto& [pass, kind] :
             {std::pair{"linear", Product::Forward}, std::pair{"linearInputGradient", Product::InputGradient},
              std::pair{"linearWeightGradient", Product::WeightGradient}})
            registerAll(set + "/" + pass + "/" + layer,
                        [=, s = shape, p = kind](benchmark::State& state) { linearPass(state, table, p, s); });
    registerAll(set + "/reluGradient/8x14", [=](benchmark::State& state) { reluGradientPass(state, table); });
    registerAll(set + "/sigmoidSquaredError/1x28", [=](benchmark::State& state) { lossPass(state, table); });
    registerAll(set + "/gather/1x28", [=](benchmark::State& state) { gatherPass(state, table); });
}

} // namespace
} // namespace latentoscope

int main(int argc, char** argv)
{
    using namespace latentoscope;
    prepareProcess();
    registerAll("step/forwardAndBackward", wholeStep);
    registerAll("step/forwardWithoutGradients", forwardWithoutGradients);
    for (const InstructionSet set : {InstructionSet::Avx512, InstructionSet::Avx2, InstructionSet::Baseline})
        if (const Kernels* table = kernels::find(set)) registerKernels(table);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
