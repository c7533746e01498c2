#include "core/training/Trainer.h"

#include "core/base/Error.h"
#include "core/base/Text.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace latentoscope {

Trainer::Trainer(const Configuration& configuration, const DataSet& data, const EngineSetup& engine)
    : m_configuration(configuration),
      m_data(data),
      m_split(splitByClass(data.train, configuration.data.validationFraction, configuration.data.seed)),
      m_engine(engine),
      m_stepsPerEpoch((static_cast<int>(m_split.train.size()) + configuration.training.batchSize - 1) /
                      configuration.training.batchSize)
{
}

Trainer::Advance Trainer::advance(const std::function<bool()>& interrupted)
{
    return m_stepInEpoch < m_stepsPerEpoch ? step(interrupted) : finishEpoch(interrupted);
}

Trainer::Advance Trainer::step(const std::function<bool()>& interrupted)
{
    const TrainingOptions& training = m_configuration.training;
    if (m_stepInEpoch == 0) m_order = epochOrder(m_split.train, training.seed, m_epochsDone + 1);
    const auto batch = static_cast<std::size_t>(training.batchSize);
    const std::size_t begin = static_cast<std::size_t>(m_stepInEpoch) * batch;
    const std::span<const int> items = std::span(m_order).subspan(begin, std::min(batch, m_order.size() - begin));

    const auto start = std::chrono::steady_clock::now();
    double loss = 0;
    try {
        loss = m_engine.step(m_data.train, items, interrupted);
    } catch (const Error& error) {
        if (error.kind() != Error::Kind::Numeric) throw;
        throw Error(Error::Kind::Numeric, "training stopped at step " + groupedText(stepsDone() + 1) + " (epoch " +
                                              std::to_string(m_epochsDone + 1) + "): " + error.what() +
                                              "; the last good weights are kept; try a learning rate below " +
                                              numberText(training.learningRate));
    }
    if (std::isnan(loss)) return {}; // interrupted
    m_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    m_lossSum += loss * static_cast<double>(items.size());
    ++m_stepInEpoch;
    const double epoch = m_epochsDone + static_cast<double>(m_stepInEpoch) / m_stepsPerEpoch;
    return {LossPoint{epoch, static_cast<float>(loss)}, std::nullopt};
}

Trainer::Advance Trainer::finishEpoch(const std::function<bool()>& interrupted)
{
    EpochMetrics metrics;
    if (!m_split.validation.empty()) {
        const double validation = m_engine.meanSquaredError(m_data.train, m_split.validation, interrupted);
        if (std::isnan(validation) && interrupted()) return {};
        metrics.validation = validation;
    }
    const auto images = static_cast<double>(m_split.train.size());
    metrics.epoch = ++m_epochsDone;
    metrics.train = m_lossSum / images;
    metrics.seconds = m_seconds;
    metrics.imagesPerSecond = images / m_seconds;
    m_stepInEpoch = 0;
    m_lossSum = 0;
    m_seconds = 0;
    return {std::nullopt, metrics};
}

} // namespace latentoscope
