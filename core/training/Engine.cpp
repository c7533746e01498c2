#include "core/training/Engine.h"

#include "core/base/Error.h"
#include "core/base/WorkerPool.h"
#include "core/models/Autoencoder.h"
#include "core/models/ComputeThread.h"
#include "core/models/ImageTensor.h"
#include "core/models/InitialWeights.h"
#include "core/models/Operations.h"
#include "core/training/Optimizer.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <optional>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace latentoscope {
namespace {

constexpr std::size_t kPiece = 8192;        ///< parameters updated together; fixed, so that nothing depends on threads
constexpr std::size_t kEvaluateShard = 256; ///< images

/// Linux gives each thread its own niceness, and setpriority on a thread's number changes that one alone.
void lowerPriority(int niceness)
{
    if (niceness > 0) setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
}

int pieces(std::size_t count, std::size_t piece) { return static_cast<int>((count + piece - 1) / piece); }

std::span<const int> part(std::span<const int> items, std::size_t index, std::size_t length)
{
    return items.subspan(index * length, std::min(length, items.size() - index * length));
}

} // namespace

struct Engine::State {
    explicit State(const EngineSetup& s)
        : setup(s),
          network(s.model, s.shape),
          device(s.device),
          flat(initialWeights(network.layout(), s.training.seed)),
          previous(flat),
          gradients(flat.size()),
          optimizer(s.training, flat.size()),
          pool(device.is_cuda() ? 1 : s.threads, [niceness = s.niceness] {
              static thread_local std::optional<ComputeThread> thread; // for as long as the worker lives
              thread.emplace();
              lowerPriority(niceness);
          })
    {
        lowerPriority(s.niceness);
        const at::Tensor host = at::from_blob(flat.data(), {static_cast<std::int64_t>(flat.size())}, at::kFloat);
        deviceWeights = device.is_cpu() ? host : host.to(device);
        for (int worker = 0; worker < pool.threads(); ++worker) {
            std::vector<at::Tensor> replica = parameterViews(network.layout(), deviceWeights);
            for (at::Tensor& parameter : replica) parameter = parameter.detach().requires_grad_(true);
            replicas.push_back(std::move(replica));
        }
    }

    /// Batch innermost on the CPU; a GPU gets the same images where its own operations like them.
    at::Tensor batch(const ImageSet& images, std::span<const int> items) const
    {
        at::Tensor x = gatherBatch(images, items);
        return device.is_cpu() ? x : x.to(device).contiguous();
    }

    /// Sum of squared errors over the shard's pixels.
    at::Tensor squaredError(std::span<const at::Tensor> parameters, const at::Tensor& x, std::size_t count) const
    {
        const at::Tensor logits = network.decode(parameters, network.encode(parameters, x));
        return operations::sigmoidSquaredError(logits, x, static_cast<std::int64_t>(count));
    }

    void computeShard(int worker, std::size_t shard, const ImageSet& images, std::span<const int> items, double scale);
    void addAndUpdate(std::size_t piece, std::size_t shards);
    void pushWeights();

    EngineSetup setup;
    Autoencoder network;
    at::Device device;
    std::vector<float> flat;      ///< the weights; replicas on the CPU are views of it
    std::vector<float> previous;  ///< the weights before the last step
    std::vector<float> gradients; ///< of the whole batch
    std::vector<std::vector<float>> shardGradients;
    std::vector<double> shardLosses;
    std::atomic<bool> finite{true};
    std::int64_t steps = 0;
    bool mayTakeBack = false;
    Optimizer optimizer;
    at::Tensor deviceWeights;
    std::vector<std::vector<at::Tensor>> replicas;
    mutable WorkerPool pool;
};

void Engine::State::computeShard(int worker, std::size_t shard, const ImageSet& images, std::span<const int> items, double scale)
{
    const std::vector<at::Tensor>& replica = replicas[static_cast<std::size_t>(worker)];
    const at::Tensor x = batch(images, items);
    const at::Tensor loss = squaredError(replica, x, items.size());
    const torch::autograd::variable_list found = torch::autograd::grad({loss}, replica, {at::full({}, scale, loss.options())});
    std::vector<float>& into = shardGradients[shard];
    for (std::size_t i = 0; i < found.size(); ++i) {
        const at::Tensor gradient = found[i].to(at::kCPU).contiguous();
        std::memcpy(into.data() + network.layout()[i].offset, gradient.data_ptr<float>(),
                    network.layout()[i].count() * sizeof(float));
    }
    shardLosses[shard] = loss.item<double>();
}

void Engine::State::addAndUpdate(std::size_t piece, std::size_t shards)
{
    const std::size_t begin = piece * kPiece;
    const std::size_t count = std::min(kPiece, flat.size() - begin);
    float* sum = gradients.data() + begin;
    std::copy_n(shardGradients[0].data() + begin, count, sum);
    for (std::size_t shard = 1; shard < shards; ++shard) {
        const float* add = shardGradients[shard].data() + begin;
        for (std::size_t i = 0; i < count; ++i) sum[i] += add[i];
    }
    float check = 0; // 0 · x is 0 for every finite x and NaN for the others
    for (std::size_t i = 0; i < count; ++i) check += 0.0F * sum[i];
    if (check != 0.0F) finite = false;
    std::copy_n(flat.data() + begin, count, previous.data() + begin);
    optimizer.update(begin, {sum, count}, flat);
}

void Engine::State::pushWeights()
{
    if (device.is_cpu()) return;
    const at::NoGradGuard noGrad;
    deviceWeights.copy_(at::from_blob(flat.data(), {static_cast<std::int64_t>(flat.size())}, at::kFloat));
}

Engine::Engine(const EngineSetup& setup) : m_state(std::make_unique<State>(setup)) {}

Engine::~Engine() = default;

std::optional<double> Engine::step(const ImageSet& images, std::span<const int> items, const std::function<bool()>& interrupted)
{
    State& s = *m_state;
    const ComputeThread thread;
    const auto length = static_cast<std::size_t>(s.setup.training.shardSize);
    const int shards = pieces(items.size(), length);
    const double values = static_cast<double>(items.size() * s.setup.shape.values());
    s.shardGradients.resize(std::max(s.shardGradients.size(), static_cast<std::size_t>(shards)),
                            std::vector<float>(s.flat.size()));
    s.shardLosses.assign(static_cast<std::size_t>(shards), 0);

    std::atomic<bool> broken{false};
    s.pool.run(shards, [&](int worker, int shard) {
        if (broken || interrupted()) {
            broken = true;
            return;
        }
        const auto index = static_cast<std::size_t>(shard);
        s.computeShard(worker, index, images, part(items, index, length), 1 / values);
    });
    if (broken) return std::nullopt;

    double loss = 0;
    for (const double shard : s.shardLosses) loss += shard;
    loss /= values;
    if (!std::isfinite(loss)) {
        takeBack(); // the weights that gave this loss are of no use; those before them gave a finite one
        throw Error(Error::Kind::Numeric, "the loss became " + std::to_string(loss));
    }
    s.finite = true;
    s.optimizer.beginStep();
    s.pool.run(pieces(s.flat.size(), kPiece),
               [&](int, int piece) { s.addAndUpdate(static_cast<std::size_t>(piece), static_cast<std::size_t>(shards)); });
    if (!s.finite) {
        s.flat = s.previous;
        s.pushWeights();
        throw Error(Error::Kind::Numeric, "a gradient became NaN or infinite");
    }
    s.pushWeights();
    ++s.steps;
    s.mayTakeBack = true;
    return loss;
}

void Engine::takeBack()
{
    State& s = *m_state;
    if (!std::exchange(s.mayTakeBack, false)) return;
    s.flat = s.previous;
    s.pushWeights();
    --s.steps;
}

std::int64_t Engine::steps() const { return m_state->steps; }

std::optional<double> Engine::meanSquaredError(const ImageSet& images, std::span<const int> items,
                                               const std::function<bool()>& interrupted) const
{
    State& s = *m_state;
    const ComputeThread thread;
    std::vector<double> sums(static_cast<std::size_t>(pieces(items.size(), kEvaluateShard)));
    std::atomic<bool> broken{false};
    s.pool.run(static_cast<int>(sums.size()), [&](int worker, int shard) {
        if (broken || interrupted()) {
            broken = true;
            return;
        }
        const at::NoGradGuard noGrad;
        const auto index = static_cast<std::size_t>(shard);
        const std::span<const int> chosen = part(items, index, kEvaluateShard);
        sums[index] =
            s.squaredError(s.replicas[static_cast<std::size_t>(worker)], s.batch(images, chosen), chosen.size()).item<double>();
    });
    if (broken) return std::nullopt;
    double sum = 0;
    for (const double shard : sums) sum += shard;
    return sum / static_cast<double>(items.size() * s.setup.shape.values());
}

void Engine::inParallel(int pieces, const std::function<void(int)>& work) const
{
    m_state->pool.run(pieces, [&work](int, int piece) { work(piece); });
}

std::vector<float> Engine::weights() const { return m_state->flat; }

} // namespace latentoscope
