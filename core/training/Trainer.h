/// Walks through epochs and batches with an engine; knows nothing of threads, files or listeners.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/Split.h"
#include "core/kinds/Kind.h"
#include "core/storage/Metrics.h"
#include "core/training/Engine.h"
#include "core/training/TimedModel.h"

#include <cstdint>
#include <optional>
#include <stop_token>

namespace latentoscope {

struct DataSet;
struct DividedData;

class Trainer {
public:
    /// Construct and call on one thread.
    Trainer(const Configuration& configuration, const DividedData& data, const EngineSetup& engine);

    /// What one advance() did.
    struct Advance {
        std::optional<LossPoint> loss;     ///< a step was made
        std::optional<EpochMetrics> epoch; ///< an epoch was completed, its validation included
    };

    /// The next optimizer step or, after an epoch's last one, its validation. Where it is asked to stop meanwhile, nothing
    /// has happened and the result is empty: the same call later does the same work. Throws Error(Numeric) with the step and
    /// what to try; the engine then holds the last good weights.
    Advance advance(const std::stop_token& stop);

    /// How many epochs there will be in all (at first training.epochs): what schedules go by.
    void setEpochs(int epochs) { m_configuration.training.epochs = epochs; }

    /// Holds the present weights against a batch: a step's loss is that of the weights before it, so nothing has judged the
    /// last step's. Throws as advance(). Called before weights are kept or a training is called done.
    void judge();

    int epochsDone() const { return m_epochsDone; }
    int stepsPerEpoch() const { return m_stepsPerEpoch; }
    std::int64_t stepsDone() const { return std::int64_t{m_epochsDone} * m_stepsPerEpoch + m_stepInEpoch; }
    /// Epochs and steps that made the present weights.
    TrainedTo trainedTo() const { return {static_cast<int>(m_engine.steps() / m_stepsPerEpoch), m_engine.steps()}; }
    int lastBatchImages() const { return static_cast<int>(batch(m_lastBatch).size()); }
    int trainingImages() const { return static_cast<int>(m_split->train.size()); }
    const Engine& engine() const { return m_engine; }
    /// How far the present weights are trained, within an epoch too.
    double epoch() const { return static_cast<double>(stepsDone()) / m_stepsPerEpoch; }
    /// A copy of the present weights.
    TimedModel weights() const;

private:
    Advance step(const std::stop_token& stop);
    Advance finishEpoch(const std::stop_token& stop);
    std::span<const int> batch(int step) const;
    [[noreturn]] void failed(std::int64_t step, const std::string& what) const;

    Configuration m_configuration;
    std::shared_ptr<const DataSet> m_set;
    std::shared_ptr<const Split> m_split;
    Engine m_engine;
    std::vector<int> m_order;
    int m_stepsPerEpoch;
    int m_epochsDone = 0;
    int m_stepInEpoch = 0;
    int m_lastBatch = 0;
    std::int64_t m_judged = 0; ///< Engine::steps() of the newest weights known to be good
    std::vector<Measure> m_measures;
    std::vector<double> m_sums; ///< of this epoch's steps: means times images, by measure
    double m_seconds = 0;       ///< of this epoch's steps
};

} // namespace latentoscope
