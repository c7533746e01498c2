/// Hands snapshots from training to one listener; neither waits for the other.
#pragma once

#include "core/training/Snapshot.h"

#include <functional>
#include <mutex>
#include <utility>

namespace latentoscope {

/// Curves are appended, pictures replaced, so a slow listener loses no loss and grows no queue of pictures.
class SnapshotChannel {
public:
    /// `wake` is called on the producer's thread once per take(), when something new is there. Set it before start, or clear
    /// it with nullptr at any time: after the call returns the old function is not called any more.
    void setWake(std::function<void()> wake)
    {
        const std::lock_guard lock(m_mutex);
        m_wake = std::move(wake);
        if (m_dirty && m_wake) m_wake();
    }

    /// Applies `edit` to what the next take() will return. Any thread.
    template <class Edit> void publish(Edit&& edit)
    {
        const std::lock_guard lock(m_mutex);
        edit(m_pending);
        if (!std::exchange(m_dirty, true) && m_wake) m_wake();
    }

    /// What is new; state, progress and message are always the current ones. Listener's thread; does not block on training.
    Snapshot take()
    {
        const std::lock_guard lock(m_mutex);
        m_dirty = false;
        Snapshot rest;
        rest.state = m_pending.state;
        rest.progress = m_pending.progress;
        rest.message = m_pending.message;
        rest.storageFailed = m_pending.storageFailed;
        return std::exchange(m_pending, std::move(rest));
    }

private:
    std::mutex m_mutex;
    std::function<void()> m_wake; ///< must only post: it runs under the lock
    Snapshot m_pending;
    bool m_dirty = false;
};

} // namespace latentoscope
