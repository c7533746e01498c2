#include "core/search/SpaceText.h"

#include "core/base/Error.h"
#include "core/base/JsonText.h"
#include "core/base/Text.h"
#include "core/studies/JournalJson.h"

#include <cmath>
#include <set>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

/// One parameter's object, and how it is called in sentences.
struct Entry {
    const Json& json;
    std::string name;

    [[noreturn]] void refuse(const std::string& field, const std::string& expected) const
    {
        const auto found = json.find(field);
        throw Error(Error::Kind::InvalidArgument, name + "." + field + ": found " +
                                                      (found == json.end() ? "nothing" : found->dump()) + ", expected " +
                                                      expected);
    }
    double number(const std::string& field) const
    {
        const auto found = json.find(field);
        if (found == json.end() || !found->is_number() || !std::isfinite(found->get<double>())) refuse(field, "a number");
        return found->get<double>();
    }
    std::int64_t whole(const std::string& field) const
    {
        const auto found = json.find(field);
        if (found == json.end() || !found->is_number() || number(field) != std::floor(number(field)) ||
            std::abs(number(field)) > 1e15)
            refuse(field, "a whole number");
        return static_cast<std::int64_t>(number(field));
    }
    bool truth(const std::string& field) const
    {
        const auto found = json.find(field);
        if (found == json.end()) return false;
        if (!found->is_boolean()) refuse(field, "true or false");
        return found->get<bool>();
    }
    bool has(const std::string& field) const { return json.contains(field) && !json[field].is_null(); }
    void onlyFields(const std::set<std::string>& known) const
    {
        for (const auto& [field, value] : json.items()) {
            if (!known.contains(field)) refuse(field, "none but " + joined({known.begin(), known.end()}));
        }
    }
};

FloatDistribution realOf(const Entry& entry)
{
    entry.onlyFields({"type", "low", "high", "log", "step", "when"});
    FloatDistribution real{entry.number("low"), entry.number("high"), entry.truth("log")};
    if (real.high < real.low) entry.refuse("high", "at least low, " + numberText(real.low));
    if (real.log && !(real.low > 0)) entry.refuse("low", "more than 0 with log");
    if (entry.has("step")) {
        real.step = entry.number("step");
        if (!(*real.step > 0)) entry.refuse("step", "more than 0");
        if (real.log) entry.refuse("step", "none with log");
        // The last value that the steps reach, as Optuna has it, in decimals: 0.9 and not 0.8999999999999999 of steps of 0.3.
        const double last = real.low + *real.step * std::floor((real.high - real.low) / *real.step + 1e-9);
        real.high = parseReal(roundedText(last, 14)).value_or(last);
    }
    return real;
}

IntDistribution wholeOf(const Entry& entry)
{
    entry.onlyFields({"type", "low", "high", "log", "step", "when"});
    IntDistribution whole{entry.whole("low"), entry.whole("high"), entry.truth("log"), 1};
    if (whole.high < whole.low) entry.refuse("high", "at least low, " + std::to_string(whole.low));
    if (whole.log && whole.low < 1) entry.refuse("low", "at least 1 with log");
    if (entry.has("step")) {
        whole.step = entry.whole("step");
        if (whole.step < 1) entry.refuse("step", "at least 1");
        if (whole.log && whole.step != 1) entry.refuse("step", "1 with log");
        whole.high = whole.low + whole.step * ((whole.high - whole.low) / whole.step);
    }
    return whole;
}

CategoricalDistribution choicesOf(const Entry& entry)
{
    entry.onlyFields({"type", "choices", "when"});
    const auto choices = entry.json.find("choices");
    if (choices == entry.json.end() || !choices->is_array() || choices->empty())
        entry.refuse("choices", "a list of at least one choice");
    for (const Json& choice : *choices) {
        if (choice.is_structured())
            throw Error(Error::Kind::InvalidArgument, entry.name + ".choices: found " + choice.dump() +
                                                          " among them, expected texts, numbers, true, false or null: a study "
                                                          "holds no lists");
    }
    return std::get<CategoricalDistribution>(
        distributionOf(Json{{"name", "CategoricalDistribution"}, {"attributes", {{"choices", *choices}}}}.dump()));
}

/// {"optimizer": ["SGD"]} as internal values.
Condition conditionOf(const Entry& entry, const SearchSpace& space)
{
    const Json& when = entry.json.at("when");
    if (!when.is_object() || when.empty())
        entry.refuse("when", "an object with lists of other parameters' values, such as {\"optimizer\": [\"SGD\"]}");
    Condition condition;
    for (const auto& [other, values] : when.items()) {
        const auto distribution = space.find(other);
        if (distribution == space.end() || !values.is_array() || values.empty())
            entry.refuse("when", "for each of some other parameters of the space a list of its values");
        for (const Json& value : values)
            condition[other].push_back(internalOf(distribution->second, value.dump(), entry.name + ".when." + other));
    }
    return condition;
}

} // namespace

ConditionalSpace spaceOf(const std::string& text, const std::string& source)
{
    const Json json = parsedJson<Json>(text);
    if (json.is_discarded()) {
        throw Error(Error::Kind::InvalidArgument,
                    source + ": " + jsonProblem(text) + ", expected a JSON object, without a comma behind its last entry");
    }
    if (!json.is_object() || json.empty()) {
        throw Error(Error::Kind::InvalidArgument,
                    source +
                        ": found no JSON object with parameters, expected such as {\"lr\": {\"type\": \"float\", \"low\": 1e-5, "
                        "\"high\": 0.1, \"log\": true}}");
    }
    ConditionalSpace space;
    for (const auto& [name, parameter] : json.items()) {
        const Entry entry{parameter, source + ": " + name};
        const std::string type = parameter.is_object() && parameter.contains("type") && parameter["type"].is_string()
                                     ? parameter["type"].get<std::string>()
                                     : std::string();
        if (type == "float")
            space.parameters.emplace(name, realOf(entry));
        else if (type == "int")
            space.parameters.emplace(name, wholeOf(entry));
        else if (type == "categorical")
            space.parameters.emplace(name, choicesOf(entry));
        else if (parameter.is_object())
            entry.refuse("type", "float, int or categorical");
        else
            throw Error(Error::Kind::InvalidArgument,
                        entry.name + ": found " + parameter.dump() + ", expected an object with type");
    }
    for (const auto& [name, parameter] : json.items()) {
        if (parameter.contains("when")) space.conditions[name] = conditionOf({parameter, source + ": " + name}, space.parameters);
    }
    try {
        dependencyOrder(space);
    } catch (const Error& error) {
        throw error.within(source);
    }
    return space;
}

std::string spaceText(const ConditionalSpace& space)
{
    nlohmann::ordered_json json;
    for (const auto& [name, distribution] : space.parameters) {
        auto& own = json[name];
        if (const auto* real = std::get_if<FloatDistribution>(&distribution)) {
            own = {{"type", "float"}, {"low", real->low}, {"high", real->high}, {"log", real->log}};
            if (real->step) own["step"] = *real->step;
        } else if (const auto* whole = std::get_if<IntDistribution>(&distribution)) {
            own = {{"type", "int"}, {"low", whole->low}, {"high", whole->high}, {"log", whole->log}, {"step", whole->step}};
        } else {
            own = {{"type", "categorical"}, {"choices", nlohmann::ordered_json::array()}};
            for (const CategoricalChoice& choice : std::get<CategoricalDistribution>(distribution).choices)
                own["choices"].push_back(nlohmann::ordered_json::parse(choiceText(choice)));
        }
        if (const auto condition = space.conditions.find(name); condition != space.conditions.end()) {
            for (const auto& [other, values] : condition->second) {
                for (const double value : values)
                    own["when"][other].push_back(nlohmann::ordered_json::parse(valueJson(space.parameters.at(other), value)));
            }
        }
    }
    return json.dump();
}

double internalOf(const Distribution& distribution, const std::string& json, const std::string& name)
{
    const Json value = pythonJson(json);
    if (const auto* choices = std::get_if<CategoricalDistribution>(&distribution)) {
        for (std::size_t i = 0; i < choices->choices.size(); ++i) {
            if (pythonJson(choiceText(choices->choices[i])) == value) return static_cast<double>(i);
        }
    } else if (value.is_number()) {
        const auto number = value.get<double>();
        const auto* real = std::get_if<FloatDistribution>(&distribution);
        const auto* whole = std::get_if<IntDistribution>(&distribution);
        const double low = real != nullptr ? real->low : static_cast<double>(whole->low);
        const double high = real != nullptr ? real->high : static_cast<double>(whole->high);
        if (number >= low && number <= high && (real != nullptr || number == std::floor(number))) return number;
    }
    throw Error(Error::Kind::InvalidArgument,
                name + ": found " + json + ", expected a value of " + distributionText(distribution));
}

} // namespace latentoscope
