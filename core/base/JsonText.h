/// Reads JSON of strangers.
#pragma once

#include "core/base/Text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace latentoscope {

/// The value; discarded (is_discarded()) where the text is no JSON, or nests deeper than kDeepestJson: the library writes and
/// copies values by recursion, and a file of brackets would end the program. Json is nlohmann::json or nlohmann::ordered_json.
template <class Json> Json parsedJson(std::string_view text)
{
    if (nestsTooDeep(text)) return Json(nlohmann::detail::value_t::discarded);
    return Json::parse(text, nullptr, false);
}

/// Where a text stops being JSON, as "is not valid JSON at line 3, column 7", from 1 on.
inline std::string jsonProblem(std::string_view text)
{
    if (nestsTooDeep(text)) return "nests deeper than any that is read";
    std::size_t byte = text.size();
    try {
        const auto read = nlohmann::json::parse(text);
    } catch (const nlohmann::json::parse_error& error) {
        byte = error.byte;
    } catch (const nlohmann::json::exception&) {
        return "holds a number that is too large";
    }
    const std::string_view before = text.substr(0, std::min(byte > 0 ? byte - 1 : 0, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto start = before.rfind('\n');
    const std::size_t column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
    return "is not valid JSON at line " + std::to_string(line) + ", column " + std::to_string(column);
}

} // namespace latentoscope
