#include "core/studies/JournalJson.h"

#include "core/base/JsonText.h"

#include <array>
#include <cmath>
#include <limits>

namespace latentoscope {
namespace {

using namespace std::string_view_literals;

constexpr std::array kNumbers{"NaN"sv, "-Infinity"sv, "Infinity"sv};

/// Quotes the three names where they stand outside of texts; empty where none does.
std::string quoted(std::string_view text)
{
    std::string out;
    std::size_t copied = 0;
    bool within = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '"') within = !within;
        if (within && text[at] == '\\') ++at;
        if (within || (text[at] != 'N' && text[at] != 'I' && text[at] != '-')) continue;
        for (const std::string_view name : kNumbers) {
            if (!text.substr(at).starts_with(name)) continue;
            out.append(text.substr(copied, at - copied)).append("\"").append(name).append("\"");
            at += name.size() - 1;
            copied = at + 1;
            break;
        }
    }
    if (copied > 0) out.append(text.substr(copied));
    return out;
}

} // namespace

nlohmann::json pythonJson(std::string_view text)
{
    // Few lines have such numbers: most are read as they are.
    nlohmann::json value = parsedJson<nlohmann::json>(text);
    if (!value.is_discarded()) return value;
    const std::string other = quoted(text);
    return other.empty() ? value : parsedJson<nlohmann::json>(other);
}

double numberOf(const nlohmann::json& value)
{
    if (!value.is_string()) return value.get<double>();
    const auto& name = value.get_ref<const std::string&>();
    if (name == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (name == "Infinity") return std::numeric_limits<double>::infinity();
    if (name == "-Infinity") return -std::numeric_limits<double>::infinity();
    return value.get<double>(); // throws
}

std::string pythonNumber(double value)
{
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
    return nlohmann::json(value).dump();
}

std::string pythonText(const nlohmann::json& value)
{
    if (value.is_string()) {
        for (const std::string_view name : kNumbers) {
            if (value.get_ref<const std::string&>() == name) return std::string(name);
        }
    }
    if (value.is_array()) {
        std::string text = "[";
        for (const auto& element : value) text += (text.size() > 1 ? ", " : "") + pythonText(element);
        return text + "]";
    }
    if (value.is_object()) {
        std::string text = "{";
        for (const auto& [key, element] : value.items())
            text += (text.size() > 1 ? ", " : "") + nlohmann::json(key).dump() + ": " + pythonText(element);
        return text + "}";
    }
    return value.dump();
}

} // namespace latentoscope
