/// Small helpers for words and numbers that people read and type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace latentoscope {

/// The candidate with the smallest Levenshtein distance to `text`; empty where there is no candidate.
std::string nearestText(std::string_view text, const std::vector<std::string>& candidates);

/// As nearestText, but empty where none is near: more than two letters and a third of all would have to change.
std::string nearText(std::string_view text, const std::vector<std::string>& candidates);

/// The shortest decimal that reads back as the same number: 0.0005, 1e-05, 10.
std::string numberText(double value);
/// Likewise for a float: the shortest that reads back as the same float.
std::string numberText(float value);

/// Quoted so that a POSIX shell reads exactly `text` as one word.
std::string shellQuoted(const std::string& text);

/// How deep JSON may nest; what the program writes has five levels.
inline constexpr int kDeepestJson = 200;

/// Whether a text of JSON nests deeper than kDeepestJson.
bool nestsTooDeep(std::string_view json);

/// Throws Error(InvalidArgument) where the name is no UTF-8, the one encoding that JSON files hold; `what` is how it is called.
void requireUtf8(std::string_view name, const std::string& what);

/// With so many digits after the point, "0.30"; rounded to so many significant digits, "0.3", "1.5e-05". As printf's %.*f and
/// %.*g have them in the C locale, whatever the process's own is.
std::string fixedText(double value, int digits = 2);
std::string roundedText(double value, int digits);

/// The whole text as a number, else none; no surrounding blanks, no locale.
std::optional<double> parseReal(std::string_view text);
std::optional<std::int64_t> parseInteger(std::string_view text);

/// What a stranger's file holds, for one line of a sentence: at most 60 bytes of it, control characters and what is no UTF-8 as
/// a question mark.
std::string shownText(std::string_view text);

/// "a, b, c".
std::string joined(const std::vector<std::string>& parts, std::string_view separator = ", ");

/// A field of RFC 4180 CSV: in quotes where it needs them.
std::string csvField(const std::string& text);

/// The cells of a line of CSV without quotes: "a,b" → a and b.
std::vector<std::string> cellsOf(const std::string& line);

/// 60000 → "60,000".
std::string groupedText(std::int64_t value);

/// Seconds as "3 s", "2 min 05 s", "1 h 04 min".
std::string durationText(double seconds);

/// Now, in local time with its offset: 2026-01-31T17:05:09+01:00.
std::string timestamp();

} // namespace latentoscope
