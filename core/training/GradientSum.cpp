#include "core/training/GradientSum.h"

#include <algorithm>

namespace latentoscope {

GradientSum::GradientSum(std::size_t values, std::size_t window)
    : m_window(window), m_total(values), m_buffers(window), m_filled(window, 0)
{
}

void GradientSum::begin()
{
    std::fill(m_filled.begin(), m_filled.end(), 0);
    m_next = 0;
    m_adding = false;
    m_aborted = false;
}

std::span<float> GradientSum::buffer(std::size_t shard)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_aborted || shard < m_next + m_window; });
    if (m_aborted) return {};
    std::vector<float>& buffer = m_buffers[shard % m_window];
    lock.unlock(); // nobody else has this buffer until done()
    buffer.resize(m_total.size());
    return buffer;
}

void GradientSum::done(std::size_t shard)
{
    std::unique_lock lock(m_mutex);
    m_filled[shard % m_window] = 1;
    if (m_adding) return; // whoever adds sees it when it is its turn
    m_adding = true;
    while (m_filled[m_next % m_window] != 0) {
        const std::vector<float>& add = m_buffers[m_next % m_window];
        const bool first = m_next == 0;
        lock.unlock();
        if (first) {
            std::copy(add.begin(), add.end(), m_total.begin());
        } else {
            for (std::size_t i = 0; i < add.size(); ++i) m_total[i] += add[i];
        }
        lock.lock();
        m_filled[m_next % m_window] = 0;
        ++m_next;
        m_changed.notify_all();
    }
    m_adding = false;
}

void GradientSum::abort()
{
    {
        const std::lock_guard lock(m_mutex);
        m_aborted = true;
    }
    m_changed.notify_all();
}

} // namespace latentoscope
