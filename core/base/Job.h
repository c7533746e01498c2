/// A long computation on a thread of its own: progress, time left, cancel, and a result or what went wrong.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

namespace latentoscope {

/// What a computation is given to talk to whoever waits for it. Any thread of the computation.
class JobControl {
public:
    /// Asked often (every few milliseconds): where true, return as soon as possible; the result is not looked at.
    bool cancelled() const { return m_cancelled; }
    /// How much is done, 0 … 1.
    void setProgress(double fraction) { m_fraction = fraction; }

    void cancel() { m_cancelled = true; }
    double progress() const { return m_fraction; }

private:
    std::atomic<bool> m_cancelled{false};
    std::atomic<double> m_fraction{0};
};

/// Starts at once. All functions are safe from one thread, the owner's; the destructor cancels and waits.
template <class Result> class Job {
public:
    explicit Job(std::function<Result(JobControl&)> work)
        : m_start(std::chrono::steady_clock::now()), m_thread([this, work = std::move(work)] {
              try {
                  m_result = work(m_control);
              } catch (...) {
                  m_failure = std::current_exception();
              }
              m_done = true;
              m_done.notify_all();
          })
    {
    }
    ~Job() { m_control.cancel(); }
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    void cancel() { m_control.cancel(); }
    bool done() const { return m_done; }
    double progress() const { return m_control.progress(); }

    /// From what is done so far; none before there is anything to tell from.
    std::optional<double> secondsLeft() const
    {
        const double fraction = progress();
        if (fraction <= 0 || done()) return std::nullopt;
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - m_start;
        return taken.count() * (1 - fraction) / fraction;
    }

    /// Waits for the end. The result, none where it was cancelled; throws what the computation threw.
    std::optional<Result> wait()
    {
        m_done.wait(false);
        if (m_failure) std::rethrow_exception(m_failure);
        if (m_control.cancelled()) return std::nullopt;
        return std::move(m_result);
    }

private:
    JobControl m_control;
    std::optional<Result> m_result;
    std::exception_ptr m_failure;
    std::atomic<bool> m_done{false};
    std::chrono::steady_clock::time_point m_start;
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace latentoscope
