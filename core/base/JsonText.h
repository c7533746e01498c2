/// Reads JSON of strangers.
#pragma once

#include "core/base/Text.h"

#include <nlohmann/json.hpp>

#include <string_view>

namespace latentoscope {

/// The value; discarded (is_discarded()) where the text is no JSON, or nests deeper than kDeepestJson: the library writes and
/// copies values by recursion, and a file of brackets would end the program. Json is nlohmann::json or nlohmann::ordered_json.
template <class Json> Json parsedJson(std::string_view text)
{
    if (nestsTooDeep(text)) return Json(nlohmann::detail::value_t::discarded);
    return Json::parse(text, nullptr, false);
}

} // namespace latentoscope
