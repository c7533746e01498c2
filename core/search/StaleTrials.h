/// Which running trials have lost their worker, and how far a study is.
#pragma once

#include "core/studies/Journal.h"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace latentoscope {

/// System attributes of a new trial that say whose it is.
Attributes ownerAttributes();
/// System attributes that differ each time: set now and then, they say that a trial's worker is alive.
Attributes heartbeatAttributes();

/// Follows the running trials that have an owner; one that other programs, such as Optuna, began has none and is left alone.
class StaleTrials {
public:
    using Clock = std::chrono::steady_clock;

    /// Ids of the running trials whose worker is gone: its process, on this machine, is not there any more, or nothing has come
    /// from it since `now` minus three minutes. Called every few seconds at least.
    std::vector<int> look(const Journal& journal, const Study& study, Clock::time_point now);

private:
    struct Sign {
        std::string text; ///< the newest that came of it
        Clock::time_point since;
    };
    std::map<int, Sign> m_signs;
};

/// How many of a study's trials are where. Those that were failed and enqueued again do not count: what is enqueued again does.
struct Occupied {
    int begun = 0; ///< running, ended, or waiting because they were enqueued again
    int running = 0;
    int owned = 0; ///< of the running ones: they have an owner, so that a death is seen
    int ended = 0;
    int pruned = 0; ///< of the ended ones
    int failed = 0; ///< likewise
};
Occupied occupiedBy(const Journal& journal, const Study& study);

} // namespace latentoscope
