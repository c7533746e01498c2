/// Work on another thread whose result is wanted only for the newest wish.
#pragma once

#include "ui/common/Background.h"

#include <functional>
#include <optional>
#include <utility>

namespace latentoscope::ui {

/// One piece of work at a time; while it runs, a newer wish replaces the one that waits. Interface thread. If the owner is
/// destroyed, running work finishes and its result is dropped; what it throws becomes a message of the window.
template <class Result> class Latest {
public:
    explicit Latest(QObject* owner) : m_owner(owner) {}

    /// `work` runs on another thread, `done` with its result on this one.
    void ask(std::function<Result()> work, std::function<void(const Result&)> done)
    {
        m_next = {std::move(work), std::move(done)};
        start();
    }
    /// What was asked until now is not told any more.
    void forget()
    {
        m_next.reset();
        ++m_generation;
    }
    bool idle() const { return !m_busy && !m_next; }

private:
    struct Wish {
        std::function<Result()> work;
        std::function<void(const Result&)> done;
    };

    void start()
    {
        if (m_busy || !m_next) return;
        m_busy = true;
        Wish wish = std::move(*m_next);
        m_next.reset();
        inBackground(
            m_owner, std::move(wish.work),
            [this, done = std::move(wish.done), generation = m_generation](const Result& result) {
                m_busy = false;
                if (generation == m_generation) done(result);
                start();
            },
            [this](const std::exception_ptr& error) {
                m_busy = false;
                start();
                std::rethrow_exception(error); // a message of the window
            });
    }

    QObject* m_owner;
    std::optional<Wish> m_next;
    quint64 m_generation = 0;
    bool m_busy = false;
};

} // namespace latentoscope::ui
