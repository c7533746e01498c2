#include "core/figures/StudyView.h"

#include "core/base/Text.h"
#include "core/search/NextTrial.h"
#include "core/search/ParetoFront.h"
#include "core/search/SearchPlan.h"
#include "core/studies/JournalJson.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <set>
#include <string_view>
#include <utility>

namespace latentoscope {
namespace {

/// Whether a text begins as `form` does, in which 0 stands for any digit.
bool hasForm(std::string_view text, std::string_view form)
{
    return text.size() >= form.size() && std::equal(form.begin(), form.end(), text.begin(), [](char wanted, char found) {
               return wanted == '0' ? found >= '0' && found <= '9' : wanted == found;
           });
}

} // namespace

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
    constexpr std::string_view kForm = "0000-00-00T00:00:";
    if (!hasForm(time, kForm)) return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t digits) { return std::stoi(time.substr(at, digits)); };
    std::tm parts{};
    parts.tm_year = number(0, 4) - 1900;
    parts.tm_mon = number(5, 2) - 1;
    parts.tm_mday = number(8, 2);
    parts.tm_hour = number(11, 2);
    parts.tm_min = number(14, 2);
    parts.tm_isdst = -1;
    const std::size_t end = std::min(time.find_first_not_of("0123456789.", kForm.size()), time.size());
    const auto seconds = parseReal(std::string_view(time).substr(kForm.size(), end - kForm.size()));
    if (!seconds) return std::nullopt;
    const std::string_view zone = std::string_view(time).substr(end);
    if (zone.empty()) return static_cast<double>(mktime(&parts)) + *seconds;
    double offset = 0;
    if (zone != "Z") {
        if (!hasForm(zone.substr(1), "00:00")) return std::nullopt;
        offset = (zone.front() == '-' ? -1 : 1) * (3600.0 * number(end + 1, 2) + 60.0 * number(end + 4, 2));
    }
    return static_cast<double>(timegm(&parts)) + *seconds - offset;
}

} // namespace latentoscope
