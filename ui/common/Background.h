/// Work on another thread, so that the window goes on meanwhile, and its result on the interface thread.
#pragma once

#include <QCoreApplication>
#include <QFutureWatcher>
#include <QObject>
#include <QString>
#include <QtConcurrentRun>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace latentoscope::ui {

/// Calls `work()` on a thread of Qt's pool, then on this one, the interface thread, `done(result)`, or `failed(error)` with what
/// `work` threw. Neither is called when `owner` is gone by then; the work itself is not stopped by that.
template <class Work, class Done, class Failed> void inBackground(QObject* owner, Work work, Done done, Failed failed)
{
    struct Ended {
        std::optional<std::invoke_result_t<Work>> result;
        std::exception_ptr error;
    };
    auto* watcher = new QFutureWatcher<Ended>(owner);
    QObject::connect(watcher, &QFutureWatcherBase::finished, owner,
                     [watcher, done = std::move(done), failed = std::move(failed)]() mutable {
                         watcher->deleteLater();
                         Ended ended = watcher->future().takeResult();
                         if (ended.result)
                             done(*std::move(ended.result));
                         else
                             failed(ended.error);
                     });
    watcher->setFuture(QtConcurrent::run([work = std::move(work)]() mutable -> Ended {
        try {
            return {work(), nullptr};
        } catch (...) {
            return {std::nullopt, std::current_exception()};
        }
    }));
}

/// The same where nothing is known to go wrong: what is thrown all the same goes on on this thread, and so becomes a message of
/// the window (Application::notify).
template <class Work, class Done> void inBackground(QObject* owner, Work work, Done done)
{
    inBackground(owner, std::move(work), std::move(done), [](const std::exception_ptr& error) { std::rethrow_exception(error); });
}

/// What an error says.
inline QString sentenceOf(const std::exception_ptr& error)
{
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& known) {
        return QString::fromUtf8(known.what());
    } catch (...) {
        return QCoreApplication::translate("Background", "Something unexpected went wrong.");
    }
}

/// Waits for all that `owner` has begun; its results are not told any more once it is gone.
inline void finishBackground(const QObject& owner)
{
    for (auto* watcher : owner.findChildren<QFutureWatcherBase*>()) watcher->waitForFinished();
}

} // namespace latentoscope::ui
