/// How many items a second went by lately.
#pragma once

#include <chrono>
#include <deque>

namespace latentoscope {

/// Mean over the last second. One thread.
class RateMeter {
public:
    void restart()
    {
        m_marks.clear();
        m_marks.push_back({std::chrono::steady_clock::now(), 0});
        m_total = 0;
    }
    void add(int items)
    {
        m_total += items;
        const auto now = std::chrono::steady_clock::now();
        m_marks.push_back({now, m_total});
        while (m_marks.size() > 2 && now - m_marks.front().time > std::chrono::seconds(1)) m_marks.pop_front();
    }
    /// 0 before there is anything to tell from.
    double perSecond() const
    {
        if (m_marks.size() < 2) return 0;
        const std::chrono::duration<double> span = m_marks.back().time - m_marks.front().time;
        return span.count() > 0 ? static_cast<double>(m_marks.back().total - m_marks.front().total) / span.count() : 0;
    }

private:
    struct Mark {
        std::chrono::steady_clock::time_point time;
        long long total;
    };
    std::deque<Mark> m_marks;
    long long m_total = 0;
};

} // namespace latentoscope
