/// Hands news from one thread to a listener on another; neither waits for the other.
#pragma once

#include <functional>
#include <mutex>
#include <utility>

namespace latentoscope {

/// What of the news is there again at the next take(): all of it, so that the newest wins. A type whose curves are to be complete
/// overloads this, leaves out what was taken, and appends to it again.
template <class T> T afterTaken(const T& news) { return news; }

/// One T that producers edit and the listener takes: however slow the listener, no queue grows.
template <class T> class Channel {
public:
    Channel() = default;
    explicit Channel(T first) : m_news(std::move(first)) {}

    /// `wake` is called on a producer's thread once per take(), when something new is there, and at once where there is already.
    /// It must only post: it runs under the lock. nullptr takes it away: after this call the old one is not called any more.
    void setWake(std::function<void()> wake)
    {
        const std::lock_guard lock(m_mutex);
        m_wake = std::move(wake);
        if (m_fresh && m_wake) m_wake();
    }

    /// Applies `edit` to what the next take() will return, and gives what that gives. Any thread.
    template <class Edit> auto publish(Edit&& edit)
    {
        const std::lock_guard lock(m_mutex);
        const Waking waking(*this);
        return edit(m_news);
    }

    /// Applies `edit` without waking anybody: for what is worth knowing only beside other news. Any thread.
    template <class Edit> void note(Edit&& edit)
    {
        const std::lock_guard lock(m_mutex);
        edit(m_news);
    }

    /// Whether there is something that nobody has taken. Any thread.
    bool fresh() const
    {
        const std::lock_guard lock(m_mutex);
        return m_fresh;
    }

    /// The news. Any thread; does not block on producers for longer than an edit.
    T take()
    {
        const std::lock_guard lock(m_mutex);
        m_fresh = false;
        T rest = afterTaken(m_news);
        return std::exchange(m_news, std::move(rest));
    }

    /// As take(), but it stays news.
    T look() const
    {
        return look([](const T& news) { return news; });
    }
    /// What `read` gives of it, without a copy of the whole.
    template <class Read> auto look(Read&& read) const
    {
        const std::lock_guard lock(m_mutex);
        return read(m_news);
    }

private:
    /// Wakes once the edit is done, also by an exception.
    struct Waking {
        explicit Waking(Channel& owner) : channel(owner) {}
        ~Waking()
        {
            if (!std::exchange(channel.m_fresh, true) && channel.m_wake) channel.m_wake();
        }
        Waking(const Waking&) = delete;
        Waking& operator=(const Waking&) = delete;
        Channel& channel;
    };

    mutable std::mutex m_mutex;
    std::function<void()> m_wake;
    T m_news{};
    bool m_fresh = false;
};

} // namespace latentoscope
