#include "core/base/WorkerPool.h"

#include "core/base/Error.h"

#include <exception>
#include <string>
#include <system_error>
#include <utility>

namespace latentoscope {

WorkerPool::WorkerPool(int threads, const std::function<void()>& prepare)
{
    try {
        for (int worker = 1; worker < threads; ++worker) {
            m_threads.emplace_back([this, worker, prepare] {
                prepare();
                serve(worker);
            });
        }
    } catch (const std::system_error& error) {
        const std::size_t started = m_threads.size();
        end(); // no destructor follows, and those that did start would wait for ever
        throw Error(Error::Kind::InvalidArgument, "threads: found " + std::to_string(threads) + ", but the system gave only " +
                                                      std::to_string(started + 1) + " (" + error.code().message() +
                                                      "); give fewer --threads");
    } catch (...) { // no memory for it
        end();
        throw;
    }
}

WorkerPool::~WorkerPool() { end(); }

void WorkerPool::end()
{
    m_ending = true;
    ++m_round;
    m_round.notify_all();
    m_threads.clear();
}

void WorkerPool::run(int pieces, const std::function<void(int, int)>& work)
{
    m_work = &work;
    m_pieces = pieces;
    m_next = 0;
    m_failed = false;
    m_busy = static_cast<int>(m_threads.size());
    ++m_round;
    m_round.notify_all();
    takePieces(0);
    for (int busy = m_busy; busy > 0; busy = m_busy) m_busy.wait(busy);
    if (m_failed) std::rethrow_exception(std::exchange(m_failure, nullptr));
}

void WorkerPool::serve(int worker)
{
    for (int round = 0;;) {
        m_round.wait(round);
        round = m_round;
        if (m_ending) return;
        takePieces(worker);
        if (--m_busy == 0) m_busy.notify_one();
    }
}

void WorkerPool::takePieces(int worker)
{
    for (int piece = m_next++; piece < m_pieces; piece = m_next++) {
        try {
            (*m_work)(worker, piece);
        } catch (...) {
            if (!m_failed.exchange(true)) m_failure = std::current_exception();
        }
    }
}

void runInTurn(int pieces, const std::function<void(int)>& work)
{
    for (int piece = 0; piece < pieces; ++piece) work(piece);
}

RunPieces runOn(WorkerPool& pool)
{
    return
        [&pool](int pieces, const std::function<void(int)>& work) { pool.run(pieces, [&work](int, int piece) { work(piece); }); };
}

} // namespace latentoscope
