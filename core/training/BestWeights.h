/// Remembers the weights of the epoch with the best validation loss.
#pragma once

#include "core/kinds/Kind.h"
#include "core/storage/Metrics.h"
#include "core/training/TimedModel.h"

#include <optional>
#include <utility>

namespace latentoscope {

class FrozenModel;

/// Weights worth keeping, and how far they are trained.
struct Kept {
    TimedModel timed;
    TrainedTo trained;
};

class BestWeights {
public:
    /// `loss`: the kind's first measure.
    explicit BestWeights(Measure loss) : m_loss(std::move(loss)) {}

    /// After an epoch. Nothing where it has no validation loss or none that is better than before.
    void look(const EpochMetrics& metrics, std::shared_ptr<const FrozenModel> model, const TrainedTo& trained)
    {
        const std::optional<double> value = metrics.find("validation", m_loss.name);
        if (!value || (m_kept && (m_loss.lowerIsBetter ? *value >= m_best : *value <= m_best))) return;
        m_best = *value;
        m_kept = Kept{{std::move(model), static_cast<double>(metrics.epoch)}, trained};
    }
    const std::optional<Kept>& kept() const { return m_kept; }

private:
    Measure m_loss;
    double m_best = 0;
    std::optional<Kept> m_kept;
};

} // namespace latentoscope
