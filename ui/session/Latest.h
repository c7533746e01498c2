/// Work on another thread whose result is wanted only for the newest wish.
#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QtConcurrentRun>

#include <functional>
#include <optional>
#include <utility>

namespace latentoscope::ui {

/// One piece of work at a time; while it runs, a newer wish replaces the one that waits. Interface thread; the owner outlives
/// nothing of it, and what is running when the owner goes ends unheard.
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
        auto* watcher = new QFutureWatcher<Result>(m_owner);
        QObject::connect(watcher, &QFutureWatcherBase::finished, m_owner,
                         [this, watcher, done = std::move(wish.done), generation = m_generation] {
                             watcher->deleteLater();
                             m_busy = false;
                             if (generation == m_generation) done(watcher->result());
                             start();
                         });
        watcher->setFuture(QtConcurrent::run(std::move(wish.work)));
    }

    QObject* m_owner;
    std::optional<Wish> m_next;
    quint64 m_generation = 0;
    bool m_busy = false;
};

} // namespace latentoscope::ui
