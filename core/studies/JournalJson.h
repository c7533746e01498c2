/// JSON as Python writes it: with NaN, Infinity and -Infinity.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace latentoscope {

/// The value; discarded where the text is none. The three numbers that JSON lacks come as texts of their names.
nlohmann::json pythonJson(std::string_view text);

/// A number, or one of the three texts. Throws nlohmann::json::exception where it is neither.
double numberOf(const nlohmann::json& value);

/// A float as Python's json writes it: 1.0, 1e-05, NaN.
std::string pythonNumber(double value);

/// The value as Python's json would write it, the three texts as numbers again.
std::string pythonText(const nlohmann::json& value);

} // namespace latentoscope
