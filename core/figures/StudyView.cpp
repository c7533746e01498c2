#include "core/figures/StudyView.h"

#include "core/base/Text.h"
#include "core/search/NextTrial.h"
#include "core/search/ParetoFront.h"
#include "core/search/SearchPlan.h"
#include "core/studies/JournalJson.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <set>
#include <utility>

namespace latentoscope {

std::optional<double> valueOf(const Trial& trial, int objective)
{
    const auto at = static_cast<std::size_t>(objective);
    if (at >= trial.values.size() || !std::isfinite(trial.values[at])) return std::nullopt;
    return trial.values[at];
}

StudyView studyView(Study study, std::vector<Trial> trials, const std::string& storage)
{
    StudyView view{std::move(study), std::move(trials), {}, storage};
    if (view.study.user.contains(kPlanAttribute)) {
        for (const Objective& one : planOf(view.study).objectives) view.objectives.push_back(one.name);
    } else if (const auto names = view.study.system.find(kMetricNamesAttribute); names != view.study.system.end()) {
        for (const auto& name : pythonJson(names->second))
            view.objectives.push_back(name.is_string() ? name.get<std::string>() : "");
    }
    const std::size_t objectives = view.study.directions.size();
    if (view.objectives.size() == objectives) return view;
    view.objectives.clear();
    for (std::size_t i = 0; i < objectives; ++i) view.objectives.push_back(i == 0 ? "value" : "value " + std::to_string(i));
    return view;
}

StudyView studyView(const Journal& journal, const Study& study, const std::string& storage)
{
    std::vector<Trial> trials;
    for (const int id : study.trials) trials.push_back(journal.trial(id));
    return studyView(study, std::move(trials), storage);
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
    std::vector<const Trial*> trials;
    for (const Trial& trial : view.trials) trials.push_back(&trial);
    std::vector<int> numbers;
    for (const std::size_t place : bestAmong(view.study, trials)) numbers.push_back(view.trials[place].number);
    return numbers;
}

std::filesystem::path runOf(const Trial& trial)
{
    const auto folder = trial.user.find(kRunFolderAttribute);
    if (folder == trial.user.end()) return {};
    const nlohmann::json text = pythonJson(folder->second);
    if (!text.is_string()) return {};
    const std::filesystem::path run = text.get<std::string>();
    std::error_code ignored;
    for (const std::filesystem::path& one : {run, run / "fold-1"}) {
        if (std::filesystem::exists(one / "config.json", ignored)) return one;
    }
    return {};
}

std::optional<double> secondsOf(const std::string& time)
{
    std::tm parts{};
    int read = 0;
    if (std::sscanf(time.c_str(), "%4d-%2d-%2dT%2d:%2d:%n", &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &parts.tm_hour,
                    &parts.tm_min, &read) != 5)
        return std::nullopt;
    const std::size_t end = std::min(time.find_first_not_of("0123456789.", static_cast<std::size_t>(read)), time.size());
    const auto seconds =
        parseReal(std::string_view(time).substr(static_cast<std::size_t>(read), end - static_cast<std::size_t>(read)));
    if (!seconds) return std::nullopt;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    parts.tm_isdst = -1;
    const std::string rest = time.substr(end);
    if (rest.empty()) return static_cast<double>(mktime(&parts)) + *seconds;
    int hours = 0, minutes = 0;
    if (rest != "Z" && std::sscanf(rest.c_str() + 1, "%2d:%2d", &hours, &minutes) != 2) return std::nullopt;
    const double offset = (rest.front() == '-' ? -1 : 1) * (3600.0 * hours + 60.0 * minutes);
    return static_cast<double>(timegm(&parts)) + *seconds - offset;
}

} // namespace latentoscope
