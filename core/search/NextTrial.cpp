#include "core/search/NextTrial.h"

#include "core/base/Error.h"
#include "core/search/JournalJson.h"
#include "core/search/SpaceText.h"

#include <limits>
#include <set>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

constexpr const char* kFixed = "fixed_params"; ///< Optuna's names, which its samplers read
constexpr const char* kFailedTrial = "failed_trial";
constexpr const char* kGridId = "grid_id";

/// A waiting trial that is now ours, if there is one.
std::optional<int> claimed(StudyStorage& storage, int study)
{
    const std::vector<int> trials = storage.journal().studies().at(study).trials;
    for (const int id : trials) {
        if (storage.journal().trial(id).state == TrialState::Waiting && storage.claim(id)) return id;
    }
    return std::nullopt;
}

/// Puts what is fixed for a trial in the place of what was suggested.
void fix(std::map<std::string, double>& values, const Trial& trial, const SearchSpace& space)
{
    for (const auto& [name, parameter] : trial.parameters) { // given whole
        if (space.contains(name)) values[name] = parameter.internal;
    }
    const auto fixed = trial.system.find(kFixed);
    if (fixed == trial.system.end()) return;
    const Json given = pythonJson(fixed->second);
    if (!given.is_object()) return;
    for (const auto& [name, value] : given.items()) {
        if (const auto own = space.find(name); own != space.end()) values[name] = internalOf(own->second, value.dump(), name);
    }
}

/// The first point of the grid that no trial before `until` has; none where all have one. Failed trials' points are done, too.
std::optional<std::size_t> freePoint(const Journal& journal, const Study& study, std::size_t points, int until)
{
    std::set<std::size_t> taken;
    for (const int id : study.trials) {
        if (id >= until) break;
        const auto own = journal.trial(id).system.find(kGridId);
        if (own == journal.trial(id).system.end()) continue;
        const Json number = pythonJson(own->second);
        if (number.is_number_unsigned()) taken.insert(number.get<std::size_t>());
    }
    for (std::size_t i = 0; i < points; ++i) {
        if (!taken.contains(i)) return i;
    }
    return std::nullopt;
}

std::map<std::string, double> valuesFor(const StudyStorage& storage, int study, int trial, const TrialSource& source)
{
    const Journal& journal = storage.journal();
    std::map<std::string, double> values =
        suggest(journal, journal.studies().at(study), source.space.parameters, journal.trial(trial).number, source.sampler);
    fix(values, journal.trial(trial), source.space.parameters);
    return activeOf(source.space, values);
}

} // namespace

std::optional<int> beginTrial(StudyStorage& storage, int study, const TrialSource& source, const Attributes& user,
                              const Attributes& system)
{
    storage.sync();
    requireCompatible(storage.journal(), storage.journal().studies().at(study), source.space.parameters);
    std::optional<int> id = claimed(storage, study);
    std::map<std::string, double> values;
    if (!id && source.grid > 0) {
        const auto points = gridOf(source.space, source.grid);
        const auto freeBefore = [&](int until) {
            return freePoint(storage.journal(), storage.journal().studies().at(study), points.size(), until);
        };
        auto free = freeBefore(std::numeric_limits<int>::max());
        if (!free) return std::nullopt;
        NewTrial trial{{}, user, system};
        trial.system[kGridId] = std::to_string(*free);
        id = storage.createTrial(study, trial);
        // Another worker may have taken the same point in the meantime, in a trial before this one.
        while (free && freeBefore(*id) != free) {
            free = freeBefore(*id);
            if (free) storage.setSystem(*id, {{kGridId, std::to_string(*free)}});
        }
        if (!free) {
            storage.finish(*id, TrialState::Fail, {}, {{kFailureAttribute, Json("no point of the grid was left").dump()}});
            return std::nullopt;
        }
        values = points[*free];
    } else {
        if (id) {
            storage.setUser(*id, user);
            storage.setSystem(*id, system);
        } else {
            // Created before anything is suggested: only then its number is its own, and with it what is drawn at random.
            id = storage.createTrial(study, {{}, user, system});
        }
        try {
            values = valuesFor(storage, study, *id, source);
        } catch (const Error& error) {
            storage.finish(*id, TrialState::Fail, {}, {{kFailureAttribute, Json(error.what()).dump()}});
            throw;
        }
    }
    std::map<std::string, Parameter> parameters;
    for (const auto& [name, value] : values)
        parameters[name] = {std::make_shared<const Distribution>(source.space.parameters.at(name)), value};
    storage.setParameters(*id, parameters);
    return id;
}

void requireCompatible(const Journal& journal, const Study& study, const SearchSpace& space)
{
    for (const int id : study.trials) {
        for (const auto& [name, parameter] : journal.trial(id).parameters) {
            const auto own = space.find(name);
            if (own == space.end() || compatible(*parameter.distribution, own->second)) continue;
            throw Error(Error::Kind::InvalidArgument,
                        "study " + study.name + ": found " + name + " as " + distributionText(*parameter.distribution) +
                            " in its trials, expected it to go with " + distributionText(own->second) + "; give another --study");
        }
    }
}

std::string stateText(const Trial& trial)
{
    if (trial.state != TrialState::Fail) return stateName(trial.state);
    const auto failure = trial.user.find(kFailureAttribute);
    if (failure == trial.user.end()) return stateName(trial.state);
    return failure->second == kStoppedFailure ? "stopped" : failure->second == "\"its worker died\"" ? "died" : "fail";
}

std::optional<int> enqueueAgain(StudyStorage& storage, int trial, int most)
{
    const Trial& failed = storage.journal().trial(trial);
    Json history = Json::array();
    if (const auto before = failed.system.find(kRetryHistory); before != failed.system.end()) {
        history = pythonJson(before->second);
        if (!history.is_array()) history = Json::array();
    }
    if (static_cast<int>(history.size()) >= most) return std::nullopt;
    history.push_back(failed.number);
    std::string fixed;
    for (const auto& [name, parameter] : failed.parameters)
        fixed += (fixed.empty() ? "" : ", ") + Json(name).dump() + ": " + valueJson(*parameter.distribution, parameter.internal);
    NewTrial again;
    again.state = TrialState::Waiting;
    again.system[kFixed] = "{" + fixed + "}";
    again.system[kFailedTrial] = std::to_string(history.front().is_number_integer() ? history.front().get<int>() : failed.number);
    again.system[kRetryHistory] = pythonText(history);
    if (const auto point = failed.system.find(kGridId); point != failed.system.end()) again.system[kGridId] = point->second;
    return storage.createTrial(failed.study, again);
}

} // namespace latentoscope
