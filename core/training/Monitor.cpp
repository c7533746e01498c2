#include "core/training/Monitor.h"

#include "core/latent/Codes.h"

#include <algorithm>

namespace latentoscope {

using Clock = std::chrono::steady_clock;

Monitor::Monitor(const SessionSetup& setup, SnapshotChannel& channel, std::function<TimedModel()> newest)
    : m_setup(setup),
      m_channel(channel),
      m_newest(std::move(newest)),
      m_showcase(showcaseItems(*setup.data, setup.configuration.data, setup.monitor.reconstructions)),
      m_held(heldOutItems(*setup.data, setup.configuration.data, setup.monitor.codes)),
      m_thread([this](const std::stop_token& stop) { serve(stop); })
{
}

Monitor::~Monitor()
{
    m_thread.request_stop();
    m_changed.notify_all();
    m_thread.join();
}

void Monitor::setLive(RunState state)
{
    const std::lock_guard lock(m_mutex);
    m_live = state == RunState::Running;
    m_changed.notify_all();
}

void Monitor::addEpoch(int epoch, std::shared_ptr<const FrozenModel> model)
{
    const std::lock_guard lock(m_mutex);
    m_epochs.push_back({std::move(model), static_cast<double>(epoch)});
    m_changed.notify_all();
}

void Monitor::finish()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_epochs.empty() && !m_publishing; });
}

void Monitor::serve(const std::stop_token& stop)
{
    const MonitorOptions& options = m_setup.monitor;
    const bool refreshes = options.reconstructionInterval.count() > 0 || options.codeInterval.count() > 0;
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        if (!m_epochs.empty()) {
            const TimedModel epoch = m_epochs.front();
            m_epochs.pop_front();
            m_publishing = true;
            lock.unlock();
            publishEpoch(epoch, stop);
            lock.lock();
            m_publishing = false;
            m_changed.notify_all();
            continue;
        }
        const auto hasWork = [this] { return !m_epochs.empty(); };
        if (m_live && refreshes) {
            const Clock::time_point due = options.codeInterval.count() == 0 ? m_nextReconstructions
                                          : options.reconstructionInterval.count() == 0
                                              ? m_nextCodes
                                              : std::min(m_nextReconstructions, m_nextCodes);
            if (!m_changed.wait_until(lock, stop, due, hasWork) && m_live && !stop.stop_requested()) {
                lock.unlock();
                lookAgain(stop);
                lock.lock();
            }
        } else {
            m_changed.wait(lock, stop, [&] { return hasWork() || (m_live && refreshes); });
        }
    }
    m_epochs.clear();
    m_changed.notify_all();
}

void Monitor::lookAgain(const std::stop_token& stop)
{
    const MonitorOptions& options = m_setup.monitor;
    const TimedModel newest = m_newest();
    const Clock::time_point now = Clock::now();
    if (options.reconstructionInterval.count() > 0 && now >= m_nextReconstructions) {
        m_nextReconstructions = now + options.reconstructionInterval;
        if (m_lastReconstructed != newest.model.get()) {
            m_lastReconstructed = newest.model.get();
            auto seen = reconstructItems(*newest.model, *m_setup.data, m_showcase, newest.epoch);
            m_channel.publish([&](Snapshot& snapshot) { snapshot.reconstructions = std::move(seen); });
        }
    }
    if (options.codeInterval.count() > 0 && now >= m_nextCodes) {
        m_nextCodes = now + options.codeInterval;
        if (m_lastEncoded == newest.model.get()) return;
        m_lastEncoded = newest.model.get();
        // Encoding is the longest piece; it gives way as soon as the session ends.
        auto codes = encodeItems(*newest.model, *m_setup.data, m_held, newest.epoch, [&stop] { return stop.stop_requested(); });
        if (codes) m_channel.publish([&](Snapshot& snapshot) { snapshot.codes = std::move(codes); });
    }
}

void Monitor::publishEpoch(const TimedModel& epoch, const std::stop_token& stop)
{
    auto picture = std::make_shared<EpochPicture>();
    picture->epoch = static_cast<int>(epoch.epoch);
    picture->model = epoch.model;
    picture->reconstructions = reconstructItems(*epoch.model, *m_setup.data, m_showcase, epoch.epoch);
    picture->codes = encodeItems(*epoch.model, *m_setup.data, m_held, epoch.epoch, [&stop] { return stop.stop_requested(); });
    if (!picture->codes) return;
    m_nextReconstructions = Clock::now() + m_setup.monitor.reconstructionInterval;
    m_nextCodes = Clock::now() + m_setup.monitor.codeInterval;
    m_channel.publish([&](Snapshot& snapshot) {
        snapshot.reconstructions = picture->reconstructions;
        snapshot.codes = picture->codes;
        snapshot.pictures.push_back(picture);
    });
}

} // namespace latentoscope
