// Trials as rows and columns of words.
#include "core/base/Text.h"
#include "core/figures/StudyFigures.h"
#include "core/search/NextTrial.h"
#include "core/studies/JournalJson.h"

namespace latentoscope {
namespace {

/// An attribute's text, or its JSON where it is none; empty where there is none.
std::string attributeText(const Trial& trial, const std::string& name)
{
    const auto found = trial.user.find(name);
    if (found == trial.user.end()) return {};
    const nlohmann::json value = pythonJson(found->second);
    return value.is_string() ? value.get<std::string>() : found->second;
}

} // namespace

std::string parameterText(const Trial& trial, const std::string& name)
{
    const auto found = trial.parameters.find(name);
    if (found == trial.parameters.end()) return {};
    const Parameter& parameter = found->second;
    if (std::holds_alternative<CategoricalDistribution>(*parameter.distribution))
        return valueText(*parameter.distribution, parameter.internal);
    return numberText(parameter.internal);
}

TableFigure trialsTable(const StudyView& view)
{
    TableFigure table;
    table.title = view.study.name;
    const std::vector<std::string> parameters = parametersOf(view);
    table.columns = {"trial", "state"};
    table.columns.insert(table.columns.end(), view.objectives.begin(), view.objectives.end());
    table.columns.insert(table.columns.end(), parameters.begin(), parameters.end());
    table.columns.insert(table.columns.end(), {"seconds", "seed", "run", "failure"});
    for (const Trial& trial : view.trials) {
        std::vector<std::string> row{std::to_string(trial.number), stateText(trial)};
        for (std::size_t o = 0; o < view.objectives.size(); ++o)
            row.push_back(o < trial.values.size() ? numberText(trial.values[o]) : std::string());
        for (const std::string& name : parameters) row.push_back(parameterText(trial, name));
        const auto start = secondsOf(trial.started), end = secondsOf(trial.completed);
        row.push_back(start && end ? fixedText(*end - *start, 1) : std::string());
        row.push_back(attributeText(trial, "seed"));
        row.push_back(attributeText(trial, kRunFolderAttribute));
        row.push_back(attributeText(trial, kFailureAttribute));
        table.rows.push_back(std::move(row));
    }
    return table;
}

} // namespace latentoscope
