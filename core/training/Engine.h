/// The training step: a batch cut into shards, computed by replicas on several threads, added up in shard order.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/ImageShape.h"
#include "core/models/Optimizer.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace latentoscope {

struct ImageSet;

struct EngineSetup {
    ModelOptions model;
    TrainingOptions training;
    ImageShape shape;
    int threads = 1;            ///< workers, ≥ 1; a GPU is driven by one
    std::string device = "cpu"; ///< as resolvedDevice gives it
    int niceness = 0;           ///< the workers' and the caller's niceness is set to this
    std::vector<float> weights; ///< to begin with, in parameterLayout's order; empty: initialWeights of the seed
};

/// Which step of a training this is: what the network's noise depends on, and how far the optimizer goes.
struct StepKey {
    std::uint32_t epoch = 1; ///< 1, 2, …
    std::uint32_t step = 0;  ///< within the epoch
    double passed = 0;       ///< passes over the training images so far, in parts too
    float learningRate = 0;
};

/// What a network measures over some images.
struct Measured {
    std::vector<double> means; ///< of the kind's measures, in their order

    double loss() const { return means.front(); } ///< the one that training makes small
};

/// Owns weights and optimizer of one network. Construct it on the thread that calls it: that thread computes too. The same
/// setup and the same calls give the same bytes of weights at any thread count.
class Engine {
public:
    explicit Engine(const EngineSetup& setup);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// One optimizer step on the chosen items; returns what the network measured on them with the weights before the step.
    /// Throws Error(Numeric) where the loss or a gradient is NaN or infinite; the weights are then those before the step that
    /// spoilt them. Where it is asked to stop, between two shards, nothing is changed and nothing comes back.
    std::optional<Measured> step(const ImageSet& images, std::span<const int> items, const StepKey& key,
                                 const std::stop_token& stop);

    /// Measures the chosen items (at least one) with the present weights; none where it is asked to stop.
    std::optional<Measured> evaluate(const ImageSet& images, std::span<const int> items, const std::stop_token& stop) const;

    /// Back to the weights before the last step, which gave a finite loss. One step only; the optimizer's memory stays.
    void takeBack();

    /// How many optimizer steps made the present weights.
    std::int64_t steps() const;

    /// Calls work(piece) for 0 … pieces - 1 on the workers. Only between the other calls, from the thread that makes them.
    void inParallel(int pieces, const std::function<void(int piece)>& work) const;

    /// A copy of the flat parameter buffer, in parameterLayout's order.
    std::vector<float> weights() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace latentoscope
