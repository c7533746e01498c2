#include "core/projection/InverseNetwork.h"

#include "core/base/Random.h"
#include "core/config/Configuration.h"
#include "core/models/ComputeThread.h"
#include "core/models/Optimizer.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

namespace latentoscope {
namespace {

constexpr int kHidden = 128;
constexpr int kBatch = 256;
constexpr int kEpochs = 60;
constexpr int kLeastSteps = 1500;      ///< few points are gone through more often
constexpr double kLearningRate = 3e-3; ///< at first; falls to nothing along a cosine

/// Means and standard deviations, 1 where nothing varies.
struct Scale {
    explicit Scale(const Points& points)
        : mean(static_cast<std::size_t>(points.dimension)), deviation(static_cast<std::size_t>(points.dimension))
    {
        for (std::size_t d = 0; d < mean.size(); ++d) {
            double sum = 0, squares = 0;
            for (int row = 0; row < points.count(); ++row) sum += static_cast<double>(points.row(row)[d]);
            const double middle = sum / points.count();
            for (int row = 0; row < points.count(); ++row)
                squares += std::pow(static_cast<double>(points.row(row)[d]) - middle, 2);
            mean[d] = static_cast<float>(middle);
            const double spread = std::sqrt(squares / points.count());
            deviation[d] = spread > 0 ? static_cast<float>(spread) : 1;
        }
    }
    std::vector<float> mean, deviation;
};

at::Tensor standardised(const Points& points, const Scale& scale)
{
    const at::Tensor values = at::empty({points.count(), points.dimension}, at::kFloat);
    auto* to = values.data_ptr<float>();
    for (int row = 0; row < points.count(); ++row)
        for (std::size_t d = 0; d < scale.mean.size(); ++d) *to++ = (points.row(row)[d] - scale.mean[d]) / scale.deviation[d];
    return values;
}

/// Three layers of x · weight + bias, weight (inputs, outputs), with ReLU between them, in one buffer.
class Layers {
public:
    Layers(int outputs, RandomStream& random)
    {
        const std::array<std::int64_t, 4> widths{2, kHidden, kHidden, outputs};
        std::size_t values = 0;
        for (std::size_t i = 0; i < 3; ++i) values += static_cast<std::size_t>((widths[i] + 1) * widths[i + 1]);
        m_values.resize(values);
        float* at = m_values.data();
        for (std::size_t i = 0; i < 3; ++i) {
            const std::int64_t inputs = widths[i], own = widths[i + 1];
            // He's, for ReLU.
            const std::span<float> weight(at, static_cast<std::size_t>(inputs * own));
            random.fillNormal(weight);
            m_tensors.push_back(at::from_blob(at, {inputs, own}, at::kFloat));
            m_tensors.back().mul_(std::sqrt(2.0 / static_cast<double>(inputs)));
            m_tensors.push_back(at::from_blob(at + inputs * own, {own}, at::kFloat));
            at += (inputs + 1) * own;
        }
        for (at::Tensor& tensor : m_tensors) tensor.requires_grad_(true);
    }

    Layers(const Layers&) = delete;
    Layers& operator=(const Layers&) = delete;

    at::Tensor operator()(at::Tensor x) const
    {
        for (std::size_t i = 0; i < m_tensors.size(); i += 2) {
            x = at::addmm(m_tensors[i + 1], x, m_tensors[i]);
            if (i + 2 < m_tensors.size()) x = x.relu();
        }
        return x;
    }

    /// Weight, bias, weight, bias …, views of values().
    const std::vector<at::Tensor>& tensors() const { return m_tensors; }
    std::vector<float>& values() { return m_values; }

private:
    std::vector<float> m_values;
    std::vector<at::Tensor> m_tensors;
};

TrainingOptions adamOptions()
{
    TrainingOptions options;
    options.optimizer = OptimizerRule::Adam;
    options.weightDecay = 0;
    return options;
}

/// One step on a batch of inputs and targets.
void learn(Layers& layers, Optimizer& adam, const at::Tensor& x, const at::Tensor& wanted, double rate)
{
    const at::Tensor loss = layers(x).sub(wanted).square().mean();
    std::vector<float> gradients;
    gradients.reserve(layers.values().size());
    for (const at::Tensor& gradient : torch::autograd::grad({loss}, layers.tensors())) {
        const at::Tensor whole = gradient.contiguous();
        gradients.insert(gradients.end(), whole.data_ptr<float>(), whole.data_ptr<float>() + whole.numel());
    }
    adam.beginStep(static_cast<float>(rate));
    adam.update(0, gradients, layers.values());
}

/// The layers as plain numbers, for any thread.
class MapOfNetwork : public PlaneMap {
public:
    MapOfNetwork(const Layers& layers, Scale codes, Scale places, std::unique_ptr<const PlaneMap> forward)
        : m_codes(std::move(codes)), m_places(std::move(places)), m_forward(std::move(forward))
    {
        const auto copied = [&](std::size_t tensor) {
            const at::Tensor& from = layers.tensors()[tensor];
            return std::vector<float>(from.data_ptr<float>(), from.data_ptr<float>() + from.numel());
        };
        for (std::size_t i = 0; i < m_weights.size(); ++i) {
            m_weights[i] = copied(2 * i);
            m_biases[i] = copied(2 * i + 1);
        }
    }

    std::vector<float> codeAt(const Place& place) const override
    {
        std::vector<float> values;
        for (std::size_t d = 0; d < 2; ++d)
            values.push_back((static_cast<float>(place[d]) - m_places.mean[d]) / m_places.deviation[d]);
        for (std::size_t layer = 0; layer < m_weights.size(); ++layer) {
            std::vector<float> next = m_biases[layer];
            for (std::size_t i = 0; i < values.size(); ++i)
                for (std::size_t o = 0; o < next.size(); ++o) next[o] += values[i] * m_weights[layer][i * next.size() + o];
            if (layer + 1 < m_weights.size())
                for (float& value : next) value = std::max(0.0F, value);
            values = std::move(next);
        }
        for (std::size_t d = 0; d < values.size(); ++d) values[d] = m_codes.mean[d] + m_codes.deviation[d] * values[d];
        return values;
    }

    Place placeOf(std::span<const float> code) const override { return m_forward->placeOf(code); }

private:
    Scale m_codes, m_places;
    std::array<std::vector<float>, 3> m_weights, m_biases;
    std::unique_ptr<const PlaneMap> m_forward;
};

} // namespace

std::unique_ptr<const PlaneMap> mapOfNetwork(const std::shared_ptr<const Points>& codes,
                                             const std::shared_ptr<const Points>& places, std::uint64_t seed,
                                             const WorkProgress& progress)
{
    const ComputeThread thread;
    const c10::AutoGradMode gradients(true); // whatever the calling thread has
    Scale codeScale(*codes), placeScale(*places);
    const at::Tensor inputs = standardised(*places, placeScale), targets = standardised(*codes, codeScale);
    RandomStream random(seed, RandomPurpose::InverseNetwork);
    Layers layers(codes->dimension, random);
    Optimizer adam(adamOptions(), layers.values().size());
    std::vector<std::int64_t> order(static_cast<std::size_t>(codes->count()));
    std::iota(order.begin(), order.end(), 0);
    const std::size_t batches = (order.size() + kBatch - 1) / kBatch;
    const std::size_t steps = std::max<std::size_t>(kEpochs * batches, kLeastSteps);
    for (std::size_t step = 0; step < steps; ++step) {
        const double share = static_cast<double>(step) / static_cast<double>(steps);
        if (!progress(share)) return nullptr;
        const std::size_t batch = step % batches;
        if (batch == 0) shuffle(order, random);
        const std::size_t first = batch * kBatch;
        const auto length = static_cast<std::int64_t>(std::min<std::size_t>(kBatch, order.size() - first));
        const at::Tensor rows = at::from_blob(order.data() + first, {length}, at::kLong);
        learn(layers, adam, inputs.index_select(0, rows), targets.index_select(0, rows),
              kLearningRate * 0.5 * (1 + std::cos(std::numbers::pi * share)));
    }
    return std::make_unique<const MapOfNetwork>(layers, std::move(codeScale), std::move(placeScale),
                                                mapOfNeighbours(codes, places));
}

} // namespace latentoscope
