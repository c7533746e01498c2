#include "core/report/StudyView.h"

#include "core/search/SearchPlan.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <set>

namespace latentoscope {

std::optional<double> valueOf(const Trial& trial, int objective)
{
    const auto at = static_cast<std::size_t>(objective);
    if (at >= trial.values.size() || !std::isfinite(trial.values[at])) return std::nullopt;
    return trial.values[at];
}

StudyView studyView(const Journal& journal, const Study& study, const std::string& storage)
{
    StudyView view{study, {}, {}, storage};
    for (const int id : study.trials) view.trials.push_back(journal.trial(id));
    if (study.user.contains(kPlanAttribute)) {
        for (const Objective& one : planOf(study).objectives) view.objectives.push_back(one.name);
    }
    if (view.objectives.size() == study.directions.size()) return view;
    view.objectives.clear();
    for (std::size_t i = 0; i < study.directions.size(); ++i)
        view.objectives.push_back(i == 0 ? "value" : "value " + std::to_string(i));
    return view;
}

std::string shortName(const std::string& parameter)
{
    std::string name = parameter.substr(parameter.rfind('.') + 1);
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

std::vector<std::string> parametersOf(const StudyView& view)
{
    std::set<std::string> names;
    for (const Trial& trial : view.trials) {
        for (const auto& [name, parameter] : trial.parameters) names.insert(name);
    }
    return {names.begin(), names.end()};
}

std::vector<int> bestNumbers(const StudyView& view)
{
    const auto objectives = static_cast<int>(view.study.directions.size());
    const auto beats = [&](const Trial& a, const Trial& b) {
        bool better = false;
        for (int o = 0; o < objectives; ++o) {
            const double x = view.sign(o) * *valueOf(a, o), y = view.sign(o) * *valueOf(b, o);
            if (x > y) return false;
            better = better || x < y;
        }
        return better;
    };
    std::vector<const Trial*> front;
    for (const Trial& trial : view.trials) {
        bool whole = trial.state == TrialState::Complete;
        for (int o = 0; o < objectives && whole; ++o) whole = valueOf(trial, o).has_value();
        if (!whole || std::any_of(front.begin(), front.end(), [&](const Trial* other) { return beats(*other, trial); })) continue;
        std::erase_if(front, [&](const Trial* other) { return beats(trial, *other); });
        front.push_back(&trial);
    }
    std::vector<int> numbers;
    for (const Trial* trial : front) numbers.push_back(trial->number);
    if (objectives == 1 && numbers.size() > 1) return {numbers.front()};
    return numbers;
}

std::optional<double> secondsOf(const std::string& time)
{
    std::tm parts{};
    double seconds = 0;
    int read = 0;
    if (std::sscanf(time.c_str(), "%4d-%2d-%2dT%2d:%2d:%lf%n", &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &parts.tm_hour,
                    &parts.tm_min, &seconds, &read) != 6)
        return std::nullopt;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    parts.tm_isdst = -1;
    const std::string rest = time.substr(static_cast<std::size_t>(read));
    if (rest.empty()) return static_cast<double>(mktime(&parts)) + seconds;
    int hours = 0, minutes = 0;
    if (rest != "Z" && std::sscanf(rest.c_str() + 1, "%2d:%2d", &hours, &minutes) != 2) return std::nullopt;
    const double offset = (rest.front() == '-' ? -1 : 1) * (3600.0 * hours + 60.0 * minutes);
    return static_cast<double>(timegm(&parts)) + seconds - offset;
}

} // namespace latentoscope
