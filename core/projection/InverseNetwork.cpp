#include "core/projection/InverseNetwork.h"

#include "core/base/Random.h"
#include "core/models/ComputeThread.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/grad_mode.h>

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
constexpr double kFirstMoment = 0.9, kSecondMoment = 0.999, kSmall = 1e-8;

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

/// x · weight + bias, weight (inputs, outputs).
struct Layer {
    Layer(int inputs, int outputs, RandomStream& random)
        : weight(at::empty({inputs, outputs}, at::kFloat)), bias(at::zeros({outputs}, at::kFloat))
    {
        // He's, for ReLU.
        random.fillNormal({weight.data_ptr<float>(), static_cast<std::size_t>(weight.numel())});
        weight.mul_(std::sqrt(2.0 / inputs));
    }
    at::Tensor weight, bias;
};

/// Adam (Kingma & Ba 2015) for a list of tensors.
class Adam {
public:
    void step(const std::vector<at::Tensor>& parameters, const std::vector<at::Tensor>& gradients, double rate)
    {
        ++m_steps;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (m_first.size() <= i) {
                m_first.push_back(at::zeros_like(parameters[i]));
                m_second.push_back(at::zeros_like(parameters[i]));
            }
            m_first[i].mul_(kFirstMoment).add_(gradients[i], 1 - kFirstMoment);
            m_second[i].mul_(kSecondMoment).addcmul_(gradients[i], gradients[i], 1 - kSecondMoment);
            const at::Tensor size = m_second[i].div(1 - std::pow(kSecondMoment, m_steps)).sqrt_().add_(kSmall);
            parameters[i].addcdiv_(m_first[i], size, -rate / (1 - std::pow(kFirstMoment, m_steps)));
        }
    }

private:
    int m_steps = 0;
    std::vector<at::Tensor> m_first, m_second;
};

/// One step on a batch of inputs and targets.
void learn(std::array<Layer, 3>& layers, Adam& adam, const at::Tensor& x, const at::Tensor& wanted, double rate)
{
    const at::Tensor first = at::addmm(layers[0].bias, x, layers[0].weight).relu_();
    const at::Tensor second = at::addmm(layers[1].bias, first, layers[1].weight).relu_();
    const at::Tensor found = at::addmm(layers[2].bias, second, layers[2].weight);
    const at::Tensor third = found.sub(wanted).mul_(2.0 / static_cast<double>(found.numel()));
    const at::Tensor behind = third.mm(layers[2].weight.t()).mul_(second.gt(0));
    const at::Tensor front = behind.mm(layers[1].weight.t()).mul_(first.gt(0));
    adam.step({layers[0].weight, layers[0].bias, layers[1].weight, layers[1].bias, layers[2].weight, layers[2].bias},
              {x.t().mm(front), front.sum(0), first.t().mm(behind), behind.sum(0), second.t().mm(third), third.sum(0)}, rate);
}

/// The layers as plain numbers, for any thread.
class MapOfNetwork : public PlaneMap {
public:
    MapOfNetwork(const std::array<Layer, 3>& layers, Scale codes, Scale places, std::unique_ptr<const PlaneMap> forward)
        : m_codes(std::move(codes)), m_places(std::move(places)), m_forward(std::move(forward))
    {
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const auto* weight = layers[i].weight.data_ptr<float>();
            const auto* bias = layers[i].bias.data_ptr<float>();
            m_weights[i].assign(weight, weight + layers[i].weight.numel());
            m_biases[i].assign(bias, bias + layers[i].bias.numel());
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
    const at::NoGradGuard noGradients;
    Scale codeScale(*codes), placeScale(*places);
    const at::Tensor inputs = standardised(*places, placeScale), targets = standardised(*codes, codeScale);
    RandomStream random(seed, RandomPurpose::InverseNetwork);
    std::array<Layer, 3> layers{Layer(2, kHidden, random), Layer(kHidden, kHidden, random),
                                Layer(kHidden, codes->dimension, random)};
    Adam adam;
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
