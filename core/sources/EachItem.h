/// Work on many items, several at a time, that can be stopped.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/base/WorkerPool.h"

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace latentoscope {

/// Calls work(worker, item) for each item from 0 to `count` on the pool's threads, 64 items at a time; tells `progress` after
/// each of these. Whether it came to its end: false where `progress` said so.
template <class Work> bool eachItem(std::size_t count, WorkerPool& pool, const WorkProgress& progress, const Work& work)
{
    constexpr std::size_t kPiece = 64;
    const std::size_t pieces = (count + kPiece - 1) / kPiece;
    std::atomic<std::size_t> done{0};
    std::atomic<bool> stopped{false};
    pool.run(static_cast<int>(pieces), [&](int worker, int piece) {
        if (stopped) return;
        const std::size_t first = static_cast<std::size_t>(piece) * kPiece;
        for (std::size_t item = first; item < std::min(first + kPiece, count); ++item) work(worker, item);
        if (!progress(static_cast<double>(++done) / static_cast<double>(pieces))) stopped = true;
    });
    return !stopped;
}

} // namespace latentoscope
