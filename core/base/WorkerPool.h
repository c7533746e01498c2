/// A few threads that share out numbered pieces of work, over and over.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace latentoscope {

/// Calls its second argument for 0 … pieces - 1, in any order, and returns when all are done.
using RunPieces = std::function<void(int pieces, const std::function<void(int piece)>& work)>;

/// One piece after the other on the calling thread.
void runInTurn(int pieces, const std::function<void(int piece)>& work);

/// The calling thread works too, as worker 0. Which worker gets which piece is open; nothing may depend on it.
class WorkerPool {
public:
    /// Starts threads - 1 threads (threads ≥ 1), each calling `prepare` first. Throws Error(InvalidArgument) where the system
    /// does not give so many.
    WorkerPool(int threads, const std::function<void()>& prepare);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    int threads() const { return static_cast<int>(m_threads.size()) + 1; }

    /// Calls work(worker, piece) for every piece 0 … pieces - 1 and returns when all are done. The first exception is thrown
    /// on. One caller at a time.
    void run(int pieces, const std::function<void(int worker, int piece)>& work);

private:
    void end();
    void serve(int worker);
    void takePieces(int worker);

    const std::function<void(int, int)>* m_work = nullptr;
    int m_pieces = 0;
    std::atomic<int> m_next{0};
    std::atomic<int> m_round{0};
    std::atomic<int> m_busy{0};
    std::atomic<bool> m_failed{false};
    std::exception_ptr m_failure;
    std::atomic<bool> m_ending{false};
    std::vector<std::jthread> m_threads;
};

/// On all threads of a pool, which must outlive what comes back.
RunPieces runOn(WorkerPool& pool);

} // namespace latentoscope
