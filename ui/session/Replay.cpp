#include "ui/session/Replay.h"

#include "core/training/Snapshot.h"
#include "core/values/LatentCodes.h"

#include <algorithm>

namespace latentoscope::ui {

void Replay::begin(int expectedEpochs, ModelSource newest)
{
    m_pictures.clear();
    m_shown.reset();
    m_reconstructions.reset();
    m_codes.reset();
    m_newest = std::move(newest);
    m_expected = expectedEpochs;
    announce();
}

Replay::Contents Replay::take()
{
    Contents contents{std::move(m_pictures), std::move(m_reconstructions), std::move(m_codes), std::move(m_newest), m_expected};
    m_pictures.clear();
    m_shown.reset();
    m_reconstructions.reset();
    m_codes.reset();
    m_newest = {};
    return contents;
}

void Replay::restore(Contents contents)
{
    m_pictures = std::move(contents.pictures);
    m_shown.reset();
    m_reconstructions = std::move(contents.reconstructions);
    m_codes = std::move(contents.codes);
    m_newest = std::move(contents.newest);
    m_expected = contents.expectedEpochs;
    announce();
}

void Replay::setExpectedEpochs(int epochs)
{
    m_expected = epochs;
    Q_EMIT positionChanged();
}

void Replay::addPicture(const std::shared_ptr<const EpochPicture>& picture)
{
    m_pictures.push_back(picture);
    Q_EMIT positionChanged();
}

void Replay::setReconstructions(const std::shared_ptr<const Reconstructions>& newest)
{
    m_reconstructions = newest;
    if (following()) Q_EMIT reconstructionsChanged(newest);
}

void Replay::setCodes(const std::shared_ptr<const LatentCodes>& newest)
{
    m_codes = newest;
    if (following()) Q_EMIT codesChanged(newest);
}

void Replay::showEpoch(int epoch)
{
    if (m_pictures.empty() || epoch >= lastEpoch()) return follow();
    const auto after = std::upper_bound(m_pictures.begin(), m_pictures.end(), epoch,
                                        [](int wanted, const auto& picture) { return wanted < picture->epoch; });
    const auto& chosen = after == m_pictures.begin() ? m_pictures.front() : *std::prev(after);
    if (chosen == m_shown) return;
    m_shown = chosen;
    announce();
}

void Replay::follow()
{
    if (!m_shown) {
        Q_EMIT positionChanged(); // a slider dragged beyond the last epoch comes back
        return;
    }
    m_shown.reset();
    announce();
}

std::optional<double> Replay::marker() const
{
    if (!m_shown) return std::nullopt;
    return m_shown->epoch;
}

const std::shared_ptr<const Reconstructions>& Replay::reconstructions() const
{
    return m_shown ? m_shown->reconstructions : m_reconstructions;
}

const std::shared_ptr<const LatentCodes>& Replay::codes() const { return m_shown ? m_shown->codes : m_codes; }

Replay::ModelSource Replay::model() const
{
    if (!m_shown) return m_newest;
    return [model = m_shown->model] { return model; };
}

void Replay::announce()
{
    Q_EMIT positionChanged();
    Q_EMIT reconstructionsChanged(reconstructions());
    Q_EMIT codesChanged(codes());
    Q_EMIT modelChanged();
}

} // namespace latentoscope::ui
