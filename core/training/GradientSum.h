/// Adds the gradients of a batch's shards in their order, whoever computes them and whenever they are done.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <span>
#include <vector>

namespace latentoscope {

/// Floating-point sums depend on their order, so shard s is added after shard s - 1. A window of buffers holds what is computed
/// but not yet added: memory follows the window, not the number of shards. Shards must be taken in ascending order, as
/// WorkerPool hands out its pieces.
class GradientSum {
public:
    /// `values` floats a gradient, `window` ≥ 1 buffers.
    GradientSum(std::size_t values, std::size_t window);

    /// Before the first shard of a batch; no other call at the same time.
    void begin();

    /// The buffer for a shard's gradient; waits while the window is full. Empty after abort().
    std::span<float> buffer(std::size_t shard);

    /// That the shard's buffer is filled. Any thread.
    void done(std::size_t shard);

    /// Ends all waiting: a shard of this batch will not come.
    void abort();

    /// The sum, once every shard is done.
    std::span<float> total() { return m_total; }

private:
    std::size_t m_window;
    std::vector<float> m_total;
    std::vector<std::vector<float>> m_buffers; ///< shard s in s mod window
    std::vector<char> m_filled;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::size_t m_next = 0; ///< the shard that is added next
    bool m_adding = false;
    bool m_aborted = false;
};

} // namespace latentoscope
