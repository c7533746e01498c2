#include "core/search/NextTrial.h"

#include "core/base/Error.h"
#include "core/search/SpaceText.h"
#include "core/search/StaleTrials.h"
#include "core/studies/JournalJson.h"

#include <algorithm>
#include <set>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

constexpr const char* kFixed = "fixed_params"; ///< Optuna's names, which its samplers read
constexpr const char* kFailedTrial = "failed_trial";
constexpr const char* kGridId = "grid_id";

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

/// The point of a grid that a trial is given; none where it has none of so many.
std::optional<std::size_t> pointOf(const Trial& trial, std::size_t points)
{
    const auto own = trial.system.find(kGridId);
    if (own == trial.system.end()) return std::nullopt;
    const Json number = pythonJson(own->second);
    if (!number.is_number_unsigned() || number.get<std::size_t>() >= points) return std::nullopt;
    return number.get<std::size_t>();
}

/// The first point of the grid that no trial has; none where all have one. Failed trials' points are done, too.
std::optional<std::size_t> freePoint(const Journal& journal, const Study& study, std::size_t points)
{
    std::set<std::size_t> taken;
    for (const int id : study.trials) {
        if (const auto point = pointOf(journal.trial(id), points)) taken.insert(*point);
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

const Study& studyOf(const Journal& journal, int study)
{
    const auto found = journal.studies().find(study);
    if (found != journal.studies().end()) return found->second;
    throw Error(Error::Kind::NotFound, "the study is not there any more; someone has deleted it");
}

/// A trial that is this storage's now.
struct Taken {
    int id = 0;
    std::optional<std::size_t> point; ///< of the grid; none: what it is given is suggested
};

/// Takes a waiting trial, or makes a new one, with the next of so many points of a grid (0: there is none), each only if nobody
/// has written since this was decided; else it is decided anew. Two programs so never begin one too many, or the same point of a
/// grid.
std::optional<Taken> take(StudyStorage& storage, int study, std::size_t points, const NewTrial& fresh, int most)
{
    for (;;) {
        const Journal& journal = storage.journal();
        const Study& own = studyOf(journal, study);
        const bool room = most == 0 || occupiedBy(journal, own).begun < most;
        const auto waiting = std::find_if(own.trials.begin(), own.trials.end(), [&](int id) {
            const Trial& trial = journal.trial(id);
            return trial.state == TrialState::Waiting && (room || trial.system.contains(kRetryHistory));
        });
        if (waiting != own.trials.end()) {
            const int id = *waiting;
            if (storage.claim(id, fresh.user, fresh.system)) return Taken{id, pointOf(journal.trial(id), points)};
            continue;
        }
        if (!room) return std::nullopt;
        NewTrial trial = fresh;
        std::optional<std::size_t> point;
        if (points > 0) {
            point = freePoint(journal, own, points);
            if (!point) return std::nullopt;
            trial.system[kGridId] = std::to_string(*point);
        }
        if (const auto made = storage.createTrialUnlessNews(study, trial)) return Taken{*made, point};
    }
}

} // namespace

std::optional<int> beginTrial(StudyStorage& storage, int study, const TrialSource& source, const Attributes& user,
                              const Attributes& system, int most)
{
    storage.sync();
    requireCompatible(storage.journal(), studyOf(storage.journal(), study), source.space.parameters);
    std::vector<std::map<std::string, double>> points;
    if (source.grid > 0) points = gridOf(source.space, source.grid);
    // A new one is created before anything is suggested: only then its number is its own, and with it what is drawn at random.
    const auto taken = take(storage, study, points.size(), {{}, user, system}, most);
    if (!taken) return std::nullopt;
    std::map<std::string, double> values;
    try {
        values = taken->point ? points[*taken->point] : valuesFor(storage, study, taken->id, source);
    } catch (const Error& error) {
        storage.finish(taken->id, TrialState::Fail, {}, {{kFailureAttribute, Json(error.what()).dump()}});
        throw;
    }
    std::map<std::string, Parameter> parameters;
    for (const auto& [name, value] : values)
        parameters[name] = {std::make_shared<const Distribution>(source.space.parameters.at(name)), value};
    storage.setParameters(taken->id, parameters);
    return taken->id;
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

bool failAndEnqueueAgain(StudyStorage& storage, int trial, const Attributes& user, int most)
{
    const Trial& failed = storage.journal().trial(trial);
    Json history = Json::array();
    if (const auto earlier = failed.system.find(kRetryHistory); earlier != failed.system.end()) {
        history = pythonJson(earlier->second);
        if (!history.is_array()) history = Json::array();
    }
    if (static_cast<int>(history.size()) >= most) return storage.finish(trial, TrialState::Fail, {}, user);
    history.push_back(failed.number);
    std::string fixed;
    for (const auto& [name, parameter] : failed.parameters)
        fixed += (fixed.empty() ? "" : ", ") + Json(name).dump() + ": " + valueJson(*parameter.distribution, parameter.internal);
    NewTrial again;
    again.state = TrialState::Waiting;
    const auto before = failed.system.find(kFixed); // of one that died before its own were written
    again.system[kFixed] = failed.parameters.empty() && before != failed.system.end() ? before->second : "{" + fixed + "}";
    again.system[kFailedTrial] = std::to_string(history.front().is_number_integer() ? history.front().get<int>() : failed.number);
    again.system[kRetryHistory] = pythonText(history);
    if (const auto point = failed.system.find(kGridId); point != failed.system.end()) again.system[kGridId] = point->second;
    return storage.failAndCreate(trial, user, again).has_value();
}

} // namespace latentoscope
