#include "core/training/Engine.h"

#include "core/base/Error.h"
#include "core/base/Niceness.h"
#include "core/base/WorkerPool.h"
#include "core/data/ImageSet.h"
#include "core/models/ComputeThread.h"
#include "core/models/ImageTensor.h"
#include "core/models/InitialWeights.h"
#include "core/models/Network.h"
#include "core/training/Augmentation.h"
#include "core/training/GradientSum.h"
#include "core/training/RunningStatistics.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

namespace latentoscope {
namespace {

constexpr std::size_t kPiece = 8192;        ///< parameters updated together; fixed, so that nothing depends on threads
constexpr std::size_t kEvaluateShard = 256; ///< images
/// Buffers of gradients a worker: one that is ahead of its turn goes on with the next shard.
constexpr std::size_t kWindow = 2;

int pieces(std::size_t count, std::size_t piece) { return static_cast<int>((count + piece - 1) / piece); }

std::span<const int> part(std::span<const int> items, std::size_t index, std::size_t length)
{
    return items.subspan(index * length, std::min(length, items.size() - index * length));
}

/// A batch with the memory that it points into.
struct GatheredBatch {
    std::vector<Label> labels;
    Batch batch;
};

/// With normal noise on every value, kept within [0, 1].
at::Tensor noisy(const at::Tensor& images, double deviation, RandomStream& random)
{
    const at::Tensor noise = at::empty_like(images, images.options().device(at::kCPU));
    random.fillNormal({noise.data_ptr<float>(), static_cast<std::size_t>(noise.numel())});
    return images.add(noise.to(images.device()), deviation).clamp_(0, 1);
}

} // namespace

struct Engine::State {
    explicit State(const EngineSetup& s)
        : setup(s),
          noise(uses(s.model, "training.input_noise") ? s.training.inputNoise : 0),
          network(makeNetwork(s.model, s.shape)),
          measures(measuresOf(s.model, s.shape)),
          device(s.device),
          flat(s.weights.empty() ? initialWeights(network->layout(), s.training.seed) : s.weights),
          trained(weightCount(network->layout())),
          previous(flat),
          optimizer(s.training, trained),
          pool(device.is_cuda() ? 1 : s.threads,
               [niceness = s.niceness] {
                   static thread_local std::optional<ComputeThread> thread; // for as long as the worker lives
                   thread.emplace();
                   giveWay(niceness);
               }),
          gradients(trained, kWindow * static_cast<std::size_t>(pool.threads()))
    {
        giveWay(s.niceness);
        const at::Tensor host = at::from_blob(flat.data(), {static_cast<std::int64_t>(flat.size())}, at::kFloat);
        deviceWeights = device.is_cpu() ? host : host.to(device);
        const std::vector<ParameterEntry>& layout = network->layout();
        for (int worker = 0; worker < pool.threads(); ++worker) {
            std::vector<at::Tensor> replica = parameterViews(layout, deviceWeights);
            std::vector<at::Tensor> learning;
            for (std::size_t i = 0; i < replica.size(); ++i) {
                if (layout[i].role != ParameterEntry::Role::Weight) continue;
                replica[i] = replica[i].detach().requires_grad_(true);
                learning.push_back(replica[i]);
            }
            replicas.push_back(std::move(replica));
            learned.push_back(std::move(learning));
        }
    }

    /// Batch innermost on the CPU; a GPU gets the same images where its own operations like them.
    GatheredBatch gather(const ImageSet& images, std::span<const int> items, const ShardKey& key) const
    {
        GatheredBatch gathered;
        RandomStream random(key.seed, RandomPurpose::Augmentation, key.epoch, key.step, key.shard);
        const TrainingOptions& options = setup.training;
        const at::Tensor x = key.training && augments(options)
                                 ? gatherBatch(images.shape, augmentedImages(images, items, options, random))
                                 : gatherBatch(images, items);
        for (const int item : items) gathered.labels.push_back(images.labels[static_cast<std::size_t>(item)]);
        gathered.batch.input = device.is_cpu() ? x : x.to(device).contiguous();
        gathered.batch.target = gathered.batch.input;
        if (key.training && noise > 0) gathered.batch.input = noisy(gathered.batch.target, noise, random);
        gathered.batch.labels = gathered.labels;
        gathered.batch.count = static_cast<std::int64_t>(items.size());
        return gathered;
    }

    bool computeShard(int worker, const GatheredBatch& gathered, const ShardKey& key, double scale);
    void update(std::size_t piece);
    void pushWeights();

    EngineSetup setup;
    double noise; ///< on inputs; none for a kind that has no use for it
    std::unique_ptr<const Network> network;
    std::vector<Measure> measures;
    at::Device device;
    std::vector<float> flat;     ///< the weights; replicas on the CPU are views of it
    std::size_t trained;         ///< how many of them, from the first, the optimizer changes
    std::vector<float> previous; ///< the weights before the last step
    std::vector<std::vector<double>> shardSums;
    std::vector<std::vector<LayerMoments>> shardMoments;
    std::atomic<bool> finite{true};
    std::int64_t steps = 0;
    bool mayTakeBack = false;
    Optimizer optimizer;
    at::Tensor deviceWeights;
    std::vector<std::vector<at::Tensor>> replicas; ///< a worker's parameters
    std::vector<std::vector<at::Tensor>> learned;  ///< those of them that get gradients
    mutable WorkerPool pool;
    GradientSum gradients;
};

/// False where another shard has given up.
bool Engine::State::computeShard(int worker, const GatheredBatch& gathered, const ShardKey& key, double scale)
{
    const auto own = static_cast<std::size_t>(worker);
    BatchResult result = network->compute(replicas[own], gathered.batch, key);
    shardSums[key.shard] = std::move(result.sums);
    shardMoments[key.shard] = std::move(result.moments);
    const torch::autograd::variable_list found =
        torch::autograd::grad({result.loss}, learned[own], {at::full({}, scale, result.loss.options())});
    const std::span<float> into = gradients.buffer(key.shard);
    if (into.empty()) return false;
    std::size_t next = 0;
    for (const ParameterEntry& entry : network->layout()) {
        if (entry.role != ParameterEntry::Role::Weight) continue;
        const at::Tensor gradient = found[next++].to(at::kCPU).contiguous();
        std::memcpy(into.data() + entry.offset, gradient.data_ptr<float>(), entry.count() * sizeof(float));
    }
    gradients.done(key.shard);
    return true;
}

void Engine::State::update(std::size_t piece)
{
    const std::size_t begin = piece * kPiece;
    const std::span<const float> sum = gradients.total().subspan(begin, std::min(kPiece, trained - begin));
    float check = 0; // 0 · x is 0 for every finite x and NaN for the others
    for (const float value : sum) check += 0.0F * value;
    if (check != 0.0F) finite = false;
    std::copy_n(flat.data() + begin, sum.size(), previous.data() + begin);
    optimizer.update(begin, sum, flat);
}

void Engine::State::pushWeights()
{
    if (device.is_cpu()) return;
    const c10::NoGradGuard noGrad;
    deviceWeights.copy_(at::from_blob(flat.data(), {static_cast<std::int64_t>(flat.size())}, at::kFloat));
}

Engine::Engine(const EngineSetup& setup) : m_state(std::make_unique<State>(setup)) {}

Engine::~Engine() = default;

std::optional<Measured> Engine::step(const ImageSet& images, std::span<const int> items, const StepKey& key,
                                     const std::stop_token& stop)
{
    State& s = *m_state;
    const ComputeThread thread;
    const auto length = static_cast<std::size_t>(s.setup.training.shardSize);
    const int shards = pieces(items.size(), length);
    const double scale = 1 / (static_cast<double>(items.size()) * s.measures.front().partsAnImage);
    s.shardSums.assign(static_cast<std::size_t>(shards), {});
    s.shardMoments.assign(static_cast<std::size_t>(shards), {});
    s.gradients.begin();

    std::atomic<bool> broken{false};
    s.pool.run(shards, [&](int worker, int shard) {
        if (broken || stop.stop_requested()) {
            broken = true;
            s.gradients.abort();
            return;
        }
        try {
            const ShardKey shardKey{
                s.setup.training.seed, key.epoch, key.step, static_cast<std::uint32_t>(shard), true, key.passed};
            const GatheredBatch gathered = s.gather(images, part(items, static_cast<std::size_t>(shard), length), shardKey);
            if (!s.computeShard(worker, gathered, shardKey, scale)) broken = true;
        } catch (...) {
            s.gradients.abort(); // or the other workers would wait for this shard's turn
            throw;
        }
    });
    if (broken) return std::nullopt;

    Measured result{meansOf(s.measures, s.shardSums, items.size())};
    if (!std::isfinite(result.loss())) {
        takeBack(); // the weights that gave this loss are of no use; those before them gave a finite one
        throw Error(Error::Kind::Numeric, "the loss became " + std::to_string(result.loss()));
    }
    s.finite = true;
    s.optimizer.beginStep(key.learningRate);
    s.pool.run(pieces(s.trained, kPiece), [&](int, int piece) { s.update(static_cast<std::size_t>(piece)); });
    std::copy(s.flat.begin() + static_cast<std::ptrdiff_t>(s.trained), s.flat.end(),
              s.previous.begin() + static_cast<std::ptrdiff_t>(s.trained));
    const bool finiteStatistics = mergeMoments(s.network->layout(), s.shardMoments, s.flat);
    if (!s.finite || !finiteStatistics) {
        s.flat = s.previous;
        s.pushWeights();
        throw Error(Error::Kind::Numeric,
                    s.finite ? "the statistics of a normalised layer became infinite" : "a gradient became NaN or infinite");
    }
    s.pushWeights();
    ++s.steps;
    s.mayTakeBack = true;
    return result;
}

std::optional<Measured> Engine::evaluate(const ImageSet& images, std::span<const int> items, const std::stop_token& stop) const
{
    State& s = *m_state;
    const ComputeThread thread;
    s.shardSums.assign(static_cast<std::size_t>(pieces(items.size(), kEvaluateShard)), {});
    std::atomic<bool> broken{false};
    s.pool.run(static_cast<int>(s.shardSums.size()), [&](int worker, int shard) {
        if (broken || stop.stop_requested()) {
            broken = true;
            return;
        }
        const c10::NoGradGuard noGrad;
        const auto index = static_cast<std::size_t>(shard);
        const ShardKey key{.seed = s.setup.training.seed, .shard = static_cast<std::uint32_t>(shard)};
        const GatheredBatch gathered = s.gather(images, part(items, index, kEvaluateShard), key);
        s.shardSums[index] = s.network->compute(s.replicas[static_cast<std::size_t>(worker)], gathered.batch, key).sums;
    });
    if (broken) return std::nullopt;
    return Measured{meansOf(s.measures, s.shardSums, items.size())};
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

void Engine::inParallel(int pieces, const std::function<void(int)>& work) const
{
    m_state->pool.run(pieces, [&work](int, int piece) { work(piece); });
}

std::vector<float> Engine::weights() const { return m_state->flat; }

} // namespace latentoscope
