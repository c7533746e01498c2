#include "core/search/StaleTrials.h"

#include "core/base/ProcessMark.h"
#include "core/search/NextTrial.h"
#include "core/studies/JournalJson.h"
#include "core/studies/StudyStorage.h"

#include <set>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

constexpr const char* kOwner = "latentoscope:owner";
constexpr const char* kHeartbeat = "latentoscope:heartbeat";
constexpr std::chrono::minutes kGrace{3};

/// What changes while a trial's worker is alive.
std::string signOf(const Trial& trial)
{
    const auto beat = trial.system.find(kHeartbeat);
    return std::to_string(trial.intermediate.size()) + (beat == trial.system.end() ? std::string() : beat->second);
}

} // namespace

Attributes ownerAttributes() { return {{kOwner, Json(ownProcessMark()).dump()}}; }

Attributes heartbeatAttributes() { return {{kHeartbeat, Json(journalTime()).dump()}}; }

std::vector<int> StaleTrials::look(const Journal& journal, const Study& study, Clock::time_point now)
{
    std::vector<int> gone;
    for (const int id : study.trials) {
        const Trial& trial = journal.trial(id);
        if (trial.state != TrialState::Running) {
            m_signs.erase(id);
            continue;
        }
        const auto owner = trial.system.find(kOwner);
        if (owner == trial.system.end()) continue;
        const std::string text = signOf(trial);
        const auto [sign, isNew] = m_signs.try_emplace(id, Sign{text, now});
        if (sign->second.text != text) sign->second = {text, now};
        const Json mark = pythonJson(owner->second);
        if ((mark.is_string() && isGone(mark.get<std::string>())) || now - sign->second.since >= kGrace) gone.push_back(id);
    }
    return gone;
}

Occupied occupiedBy(const Journal& journal, const Study& study)
{
    std::set<int> again; // numbers of trials that were enqueued again
    for (const int id : study.trials) {
        const auto history = journal.trial(id).system.find(kRetryHistory);
        if (history == journal.trial(id).system.end()) continue;
        const Json numbers = pythonJson(history->second);
        for (const Json& number : numbers.is_array() ? numbers : Json::array()) {
            if (number.is_number_integer()) again.insert(number.get<int>());
        }
    }
    Occupied occupied;
    for (const int id : study.trials) {
        const Trial& trial = journal.trial(id);
        if (trial.state == TrialState::Waiting && !trial.system.contains(kRetryHistory)) continue;
        if (trial.state == TrialState::Fail && again.contains(trial.number)) continue;
        ++occupied.begun;
        if (trial.state == TrialState::Running) ++occupied.running;
        if (trial.state == TrialState::Running && trial.system.contains(kOwner)) ++occupied.owned;
        if (isFinished(trial.state)) ++occupied.ended;
        if (trial.state == TrialState::Pruned) ++occupied.pruned;
        if (trial.state == TrialState::Fail) ++occupied.failed;
    }
    return occupied;
}

} // namespace latentoscope
