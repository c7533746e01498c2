#include "core/training/LiveViews.h"

#include "core/kinds/Kind.h"
#include "core/latent/Codes.h"
#include "core/models/FrozenModel.h"
#include "core/training/Snapshot.h"
#include "core/values/LatentCodes.h"

namespace latentoscope {

LiveViews::LiveViews(const SessionSetup& setup, SnapshotChannel& channel, const Engine& engine)
    : m_options(setup.monitor),
      m_data(setup.data),
      m_channel(channel),
      m_engine(engine),
      m_decodes(kindOf(setup.configuration.model).decodes),
      m_showcase(showcaseItems(setup.divided(), setup.monitor.reconstructions)),
      m_held(heldOutItems(setup.divided(), setup.monitor.codes))
{
}

void LiveViews::refresh(const std::function<TimedModel()>& newest, const std::stop_token& stop)
{
    catchUp(stop);
    const Clock::time_point now = Clock::now();
    if (m_decodes && m_options.reconstructionInterval.count() > 0 && now >= m_nextReconstructions) {
        m_nextReconstructions = now + m_options.reconstructionInterval;
        const TimedModel timed = newest();
        auto seen = reconstructItems(*timed.model, *m_data, m_showcase, timed.epoch);
        m_channel.publish([&](Snapshot& snapshot) { snapshot.reconstructions = std::move(seen); });
    }
    if (m_options.codeInterval.count() > 0 && now >= m_nextCodes) {
        const TimedModel timed = newest();
        if (auto codes = codesOf(timed, stop)) {
            m_nextCodes = now + m_options.codeInterval;
            m_channel.publish([&](Snapshot& snapshot) { snapshot.codes = std::move(codes); });
        }
    }
}

void LiveViews::addEpoch(int epoch, std::shared_ptr<const FrozenModel> model)
{
    m_epochs.push_back({std::move(model), static_cast<double>(epoch)});
}

void LiveViews::catchUp(const std::stop_token& stop)
{
    while (!m_epochs.empty()) {
        const TimedModel& timed = m_epochs.front();
        auto picture = std::make_shared<EpochPicture>();
        picture->codes = codesOf(timed, stop);
        if (!picture->codes) return;
        picture->epoch = static_cast<int>(timed.epoch);
        picture->model = timed.model;
        if (m_decodes) picture->reconstructions = reconstructItems(*timed.model, *m_data, m_showcase, timed.epoch);
        m_nextReconstructions = Clock::now() + m_options.reconstructionInterval;
        m_nextCodes = Clock::now() + m_options.codeInterval;
        m_channel.publish([&](Snapshot& snapshot) {
            if (picture->reconstructions) snapshot.reconstructions = picture->reconstructions;
            snapshot.codes = picture->codes;
            snapshot.pictures.push_back(picture);
        });
        m_epochs.pop_front();
    }
}

std::shared_ptr<const LatentCodes> LiveViews::codesOf(const TimedModel& timed, const std::stop_token& stop) const
{
    return encodeItems(*timed.model, *m_data, m_held, timed.epoch, untilStopped(stop),
                       [this](int pieces, const std::function<void(int)>& work) { m_engine.inParallel(pieces, work); });
}

} // namespace latentoscope
