#include "core/base/Text.h"

#include "core/base/Error.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <numeric>
#include <sstream>

namespace latentoscope {
namespace {

std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

template <class Number> std::optional<Number> parse(std::string_view text)
{
    Number value{};
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) return std::nullopt;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// As few digits as read back as the same value, in the notation that %g would choose for so many.
template <class Number> std::string shortest(Number value)
{
    constexpr Number kExact = 1e15F;
    if (value == std::floor(value) && std::abs(value) < kExact) return std::to_string(static_cast<std::int64_t>(value));
    std::array<char, 32> buffer{};
    const auto text = [&](const std::to_chars_result& result) {
        return std::string_view(buffer.data(), static_cast<std::size_t>(result.ptr - buffer.data()));
    };
    const std::string_view scientific =
        text(std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific));
    const std::string_view mantissa = scientific.substr(0, scientific.find('e'));
    const auto digits = std::count_if(mantissa.begin(), mantissa.end(), [](char c) { return c >= '0' && c <= '9'; });
    return std::string(text(std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general,
                                          static_cast<int>(digits))));
}

/// Bytes of the UTF-8 character that the text (not empty) begins with; 0 where it begins with none.
std::size_t wholeCharacter(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80) return 1;
    if (first < 0xC2 || first >= 0xF5) return 0;
    const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) return 0;
    }
    return length;
}

std::string formatted(double value, std::chars_format format, int digits)
{
    std::array<char, 400> text{}; // 309 digits before the point, at most
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value, format, digits);
    return error == std::errc() ? std::string(text.data(), end) : numberText(value);
}

} // namespace

std::string nearestText(std::string_view text, const std::vector<std::string>& candidates)
{
    const auto nearest = std::min_element(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
        return editDistance(text, a) < editDistance(text, b);
    });
    return nearest == candidates.end() ? std::string() : *nearest;
}

std::string nearText(std::string_view text, const std::vector<std::string>& candidates)
{
    const std::string nearest = nearestText(text, candidates);
    return editDistance(text, nearest) <= std::max<std::size_t>(2, std::max(text.size(), nearest.size()) / 3) ? nearest
                                                                                                              : std::string();
}

std::string numberText(double value) { return shortest(value); }

std::string numberText(float value) { return shortest(value); }

std::string shellQuoted(const std::string& text)
{
    const auto plain = [](unsigned char c) {
        return std::isalnum(c) != 0 || std::string_view("_-./,=:+@%").find(static_cast<char>(c)) != std::string_view::npos;
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    }
    return quoted + "'";
}

bool nestsTooDeep(std::string_view json)
{
    int depth = 0;
    bool within = false;
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char c = json[at];
        if (c == '"') within = !within;
        if (within) {
            if (c == '\\') ++at;
            continue;
        }
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        if (depth > kDeepestJson) return true;
    }
    return false;
}

void requireUtf8(std::string_view name, const std::string& what)
{
    for (std::size_t at = 0; at < name.size();) {
        const std::size_t length = wholeCharacter(name.substr(at));
        if (length == 0) {
            throw Error(Error::Kind::InvalidArgument,
                        what + ": found the name " + shownText(name) +
                            " with a byte that is no UTF-8, which the files of settings cannot hold; "
                            "rename it, or make a link to it of another name");
        }
        at += length;
    }
}

std::string fixedText(double value, int digits) { return formatted(value, std::chars_format::fixed, digits); }

std::string roundedText(double value, int digits) { return formatted(value, std::chars_format::general, digits); }

std::optional<double> parseReal(std::string_view text) { return parse<double>(text); }

std::optional<std::int64_t> parseInteger(std::string_view text) { return parse<std::int64_t>(text); }

std::string shownText(std::string_view text)
{
    constexpr std::size_t kMost = 60;
    std::string shown;
    std::size_t at = 0;
    while (at < text.size() && shown.size() < kMost) {
        const std::size_t length = wholeCharacter(text.substr(at));
        const auto first = static_cast<unsigned char>(text[at]);
        const bool shows = length > 0 && first >= 0x20 && first != 0x7F;
        shown += shows ? std::string(text.substr(at, length)) : "?";
        at += std::max<std::size_t>(length, 1);
    }
    return at < text.size() ? shown + "…" : shown;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator)
{
    std::string all;
    for (const std::string& part : parts) {
        if (!all.empty()) all += separator;
        all += part;
    }
    return all;
}

std::string csvField(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string field = "\"";
    for (const char letter : text) {
        if (letter == '"') field += '"';
        field += letter;
    }
    return field + '"';
}

std::vector<std::string> cellsOf(const std::string& line)
{
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    return cells;
}

std::string groupedText(std::int64_t value)
{
    std::string digits = std::to_string(value);
    const std::size_t first = value < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

std::string durationText(double seconds)
{
    const auto whole = static_cast<long>(std::lround(std::max(seconds, 0.0)));
    std::array<char, 64> buffer{};
    if (whole < 60) {
        std::snprintf(buffer.data(), buffer.size(), "%ld s", whole);
    } else if (whole < 3600) {
        std::snprintf(buffer.data(), buffer.size(), "%ld min %02ld s", whole / 60, whole % 60);
    } else {
        std::snprintf(buffer.data(), buffer.size(), "%ld h %02ld min", whole / 3600, whole / 60 % 60);
    }
    return buffer.data();
}

std::string timestamp()
{
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    std::array<char, 40> buffer{};
    std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%S%z", &local);
    std::string text = buffer.data();
    if (text.size() > 5) text.insert(text.size() - 2, ":"); // +0100 → +01:00, as ISO 8601's extended form has it
    return text;
}

} // namespace latentoscope
