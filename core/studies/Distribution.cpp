#include "core/studies/Distribution.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/studies/JournalJson.h"

#include <algorithm>
#include <cmath>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

CategoricalChoice choiceOf(const Json& value)
{
    if (value.is_null()) return std::monostate();
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_string() || value.is_number()) {
        // NaN and infinities come as texts of their names; as choices they are too rare to be told from such texts.
        if (value.is_string()) return value.get<std::string>();
        return value.get<double>();
    }
    throw Error(Error::Kind::CorruptData, "choice: found " + value.dump() + ", expected null, a truth value, a number or a text");
}

Distribution ofKind(const std::string& name, const Json& attributes)
{
    const auto number = [&](const char* key) { return numberOf(attributes.at(key)); };
    const auto whole = [&](const char* key) { return static_cast<std::int64_t>(std::llround(numberOf(attributes.at(key)))); };
    if (name == "FloatDistribution") {
        FloatDistribution found{number("low"), number("high"), attributes.value("log", false), {}};
        if (attributes.contains("step") && !attributes["step"].is_null()) found.step = number("step");
        return found;
    }
    if (name == "IntDistribution")
        return IntDistribution{whole("low"), whole("high"), attributes.value("log", false), whole("step")};
    if (name == "CategoricalDistribution") {
        CategoricalDistribution found;
        for (const Json& choice : attributes.at("choices")) found.choices.push_back(choiceOf(choice));
        return found;
    }
    // As Optuna before 3.0 wrote them.
    if (name == "UniformDistribution") return FloatDistribution{number("low"), number("high"), false, {}};
    if (name == "LogUniformDistribution") return FloatDistribution{number("low"), number("high"), true, {}};
    if (name == "DiscreteUniformDistribution") return FloatDistribution{number("low"), number("high"), false, number("q")};
    if (name == "IntUniformDistribution") return IntDistribution{whole("low"), whole("high"), false, whole("step")};
    if (name == "IntLogUniformDistribution") return IntDistribution{whole("low"), whole("high"), true, 1};
    throw Error(Error::Kind::CorruptData, "distribution: found the name " + name +
                                              ", expected FloatDistribution, IntDistribution or CategoricalDistribution");
}

template <class... Functions> struct Overloaded : Functions... {
    using Functions::operator()...;
};

// Until clang deduces it itself.
template <class... Functions> Overloaded(Functions...) -> Overloaded<Functions...>;

const char* truth(bool value) { return value ? "true" : "false"; }

} // namespace

std::string choiceText(const CategoricalChoice& choice)
{
    return std::visit(
        Overloaded{[](std::monostate) { return std::string("null"); }, [](bool value) { return std::string(truth(value)); },
                   [](std::int64_t value) { return std::to_string(value); }, [](double value) { return pythonNumber(value); },
                   [](const std::string& value) { return Json(value).dump(); }},
        choice);
}

std::string distributionText(const Distribution& distribution)
{
    return std::visit(Overloaded{[](const FloatDistribution& own) {
                                     return R"({"name": "FloatDistribution", "attributes": {"step": )" +
                                            (own.step ? pythonNumber(*own.step) : std::string("null")) + R"(, "low": )" +
                                            pythonNumber(own.low) + R"(, "high": )" + pythonNumber(own.high) + R"(, "log": )" +
                                            truth(own.log) + "}}";
                                 },
                                 [](const IntDistribution& own) {
                                     return std::string(R"({"name": "IntDistribution", "attributes": {"log": )") +
                                            truth(own.log) + R"(, "step": )" + std::to_string(own.step) + R"(, "low": )" +
                                            std::to_string(own.low) + R"(, "high": )" + std::to_string(own.high) + "}}";
                                 },
                                 [](const CategoricalDistribution& own) {
                                     std::vector<std::string> choices;
                                     for (const CategoricalChoice& choice : own.choices) choices.push_back(choiceText(choice));
                                     return R"({"name": "CategoricalDistribution", "attributes": {"choices": [)" +
                                            joined(choices) + "]}}";
                                 }},
                      distribution);
}

Distribution distributionOf(const std::string& text)
{
    const Json json = pythonJson(text);
    if (!json.is_object() || !json.contains("name") || !json["name"].is_string() || !json.contains("attributes"))
        throw Error(Error::Kind::CorruptData, "distribution: found " + text + ", expected an object with name and attributes");
    try {
        return ofKind(json["name"].get<std::string>(), json["attributes"]);
    } catch (const Json::exception& error) {
        throw Error(Error::Kind::CorruptData, "distribution: found " + text + ": " + error.what());
    }
}

bool compatible(const Distribution& older, const Distribution& newer)
{
    if (older.index() != newer.index()) return false;
    if (const auto* real = std::get_if<FloatDistribution>(&older)) return real->log == std::get<FloatDistribution>(newer).log;
    if (const auto* whole = std::get_if<IntDistribution>(&older)) return whole->log == std::get<IntDistribution>(newer).log;
    return older == newer;
}

std::string valueJson(const Distribution& distribution, double internal)
{
    if (const auto* own = std::get_if<CategoricalDistribution>(&distribution)) {
        const auto index = static_cast<std::size_t>(std::max(0.0, internal));
        return index < own->choices.size() ? choiceText(own->choices[index]) : "null";
    }
    if (std::holds_alternative<IntDistribution>(distribution)) return std::to_string(std::llround(internal));
    return pythonNumber(internal);
}

std::string valueText(const Distribution& distribution, double internal)
{
    if (const auto* own = std::get_if<CategoricalDistribution>(&distribution)) {
        const auto index = static_cast<std::size_t>(std::max(0.0, internal));
        if (index < own->choices.size()) {
            if (const auto* text = std::get_if<std::string>(&own->choices[index])) return *text;
            return choiceText(own->choices[index]);
        }
        return "?";
    }
    if (std::holds_alternative<IntDistribution>(distribution)) return std::to_string(std::llround(internal));
    return numberText(internal);
}

} // namespace latentoscope
