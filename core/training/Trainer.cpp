#include "core/training/Trainer.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/data/DataSet.h"
#include "core/data/Selection.h"
#include "core/data/Split.h"
#include "core/models/FrozenModel.h"
#include "core/training/Schedule.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace latentoscope {

Trainer::Trainer(const Configuration& configuration, const DividedData& data, const EngineSetup& engine)
    : m_configuration(configuration),
      m_set(data.set),
      m_split(data.split),
      m_engine(engine),
      m_stepsPerEpoch((static_cast<int>(m_split->train.size()) + configuration.training.batchSize - 1) /
                      configuration.training.batchSize),
      m_measures(measuresOf(configuration.model, data.set->train.shape)),
      m_sums(m_measures.size(), 0)
{
}

Trainer::Advance Trainer::advance(const std::stop_token& stop)
{
    return m_stepInEpoch < m_stepsPerEpoch ? step(stop) : finishEpoch(stop);
}

std::span<const int> Trainer::batch(int step) const
{
    const auto size = static_cast<std::size_t>(m_configuration.training.batchSize);
    const std::size_t begin = static_cast<std::size_t>(step) * size;
    return std::span(m_order).subspan(begin, std::min(size, m_order.size() - begin));
}

void Trainer::failed(std::int64_t step, const std::string& what) const
{
    throw Error(Error::Kind::Numeric, "training stopped at step " + groupedText(step) + " (epoch " +
                                          std::to_string((step - 1) / m_stepsPerEpoch + 1) + "): " + what +
                                          "; the last good weights are kept; try a learning rate below " +
                                          numberText(m_configuration.training.learningRate));
}

Trainer::Advance Trainer::step(const std::stop_token& stop)
{
    if (m_stepInEpoch == 0) m_order = epochOrder(m_split->train, m_configuration.training.seed, m_epochsDone + 1);
    m_lastBatch = m_stepInEpoch;
    const std::span<const int> items = batch(m_stepInEpoch);

    const auto start = std::chrono::steady_clock::now();
    const TrainingOptions& options = m_configuration.training;
    const StepKey key{static_cast<std::uint32_t>(m_epochsDone + 1), static_cast<std::uint32_t>(m_stepInEpoch),
                      static_cast<double>(stepsDone()) / m_stepsPerEpoch,
                      static_cast<float>(learningRateAt(options, stepsDone(), m_stepsPerEpoch, options.epochs))};
    std::optional<Measured> found;
    try {
        found = m_engine.step(m_set->train, items, key, stop);
    } catch (const Error& error) {
        if (error.kind() != Error::Kind::Numeric) throw;
        failed(stepsDone() + 1, error.what());
    }
    if (!found) return {};
    m_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ++m_stepInEpoch;
    LossPoint point;
    point.epoch = m_epochsDone + static_cast<double>(m_stepInEpoch) / m_stepsPerEpoch;
    point.loss = static_cast<float>(found->loss());
    for (std::size_t m = 0; m < m_measures.size(); ++m) {
        m_sums[m] += found->means[m] * static_cast<double>(items.size());
        if (m > 0 && m_measures[m].detail == Measure::Detail::Step) point.terms.push_back(static_cast<float>(found->means[m]));
    }
    return {std::move(point), std::nullopt};
}

TimedModel Trainer::weights() const
{
    return {std::make_shared<FrozenModel>(m_configuration.model, m_set->train.shape, m_engine.weights()), epoch()};
}

void Trainer::judge()
{
    if (m_judged == m_engine.steps()) return;
    const double loss = m_engine.evaluate(m_set->train, batch(m_lastBatch), {})->loss();
    if (!std::isfinite(loss)) {
        m_engine.takeBack();
        failed(stepsDone(), "the weights it gave make the loss " + std::to_string(loss));
    }
    m_judged = m_engine.steps();
}

Trainer::Advance Trainer::finishEpoch(const std::stop_token& stop)
{
    std::optional<Measured> validation;
    if (!m_split->validation.empty()) {
        validation = m_engine.evaluate(m_set->train, m_split->validation, stop);
        if (!validation) return {};
        if (!std::isfinite(validation->loss())) {
            m_engine.takeBack();
            failed(stepsDone(), "the weights it gave make the validation loss " + std::to_string(validation->loss()));
        }
    }
    const auto images = static_cast<double>(m_split->train.size());
    EpochMetrics metrics;
    metrics.epoch = ++m_epochsDone;
    for (double& sum : m_sums) sum /= images;
    const ImageShape& shape = m_set->train.shape;
    for (const NamedValue& figure : figuresOf(m_configuration.model, shape, m_sums)) {
        if (!isMeanOfSteps(figure.name)) continue;
        metrics.values.push_back({"train", figure.name, figure.value});
    }
    if (validation) {
        for (const NamedValue& figure : figuresOf(m_configuration.model, shape, validation->means))
            metrics.values.push_back({"validation", figure.name, figure.value});
    }
    metrics.values.push_back({"train", "images_per_second", images / m_seconds});
    metrics.values.push_back({"train", "seconds", m_seconds});
    m_stepInEpoch = 0;
    std::fill(m_sums.begin(), m_sums.end(), 0);
    m_seconds = 0;
    return {std::nullopt, std::move(metrics)};
}

} // namespace latentoscope
