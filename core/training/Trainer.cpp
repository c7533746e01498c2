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

Trainer::Advance Trainer::step(const std::function<bool()>& interrupted)
{
    if (m_stepInEpoch == 0) m_order = epochOrder(m_split.train, m_configuration.training.seed, m_epochsDone + 1);
    m_lastBatch = m_stepInEpoch;
    const std::span<const int> items = batch(m_stepInEpoch);

    const auto start = std::chrono::steady_clock::now();
    const StepKey key{static_cast<std::uint32_t>(m_epochsDone + 1), static_cast<std::uint32_t>(m_stepInEpoch),
                      static_cast<float>(m_configuration.training.learningRate)};
    std::optional<Sums> found;
    try {
        found = m_engine.step(m_data.train, items, key, interrupted);
    } catch (const Error& error) {
        if (error.kind() != Error::Kind::Numeric) throw;
        failed(stepsDone() + 1, error.what());
    }
    if (!found) return {};
    m_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    m_lossSum += found->loss() * static_cast<double>(items.size());
    ++m_stepInEpoch;
    const double epoch = m_epochsDone + static_cast<double>(m_stepInEpoch) / m_stepsPerEpoch;
    return {LossPoint{epoch, static_cast<float>(found->loss())}, std::nullopt};
}

void Trainer::judge()
{
    if (m_judged == m_engine.steps()) return;
    const double loss = m_engine.evaluate(m_data.train, batch(m_lastBatch), [] { return false; })->loss();
    if (!std::isfinite(loss)) {
        m_engine.takeBack();
        failed(stepsDone(), "the weights it gave make the loss " + std::to_string(loss));
    }
    m_judged = m_engine.steps();
}

Trainer::Advance Trainer::finishEpoch(const std::function<bool()>& interrupted)
{
    EpochMetrics metrics;
    if (!m_split.validation.empty()) {
        const auto validation = m_engine.evaluate(m_data.train, m_split.validation, interrupted);
        if (!validation) return {};
        metrics.validation = validation->loss();
        if (!std::isfinite(*metrics.validation)) {
            m_engine.takeBack();
            failed(stepsDone(), "the weights it gave make the validation loss " + std::to_string(*metrics.validation));
        }
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
