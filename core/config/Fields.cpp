#include "core/config/Fields.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/FieldRows.h"
#include "core/kinds/Kind.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <type_traits>
#include <variant>

namespace latentoscope {
namespace {

using Json = nlohmann::json;
using Type = Field::Type;
using Scale = Field::Scale;

/// "; the nearest one is …" where one is near: its name without the section counts too, since people leave that out.
std::string suggestion(std::string_view path)
{
    std::vector<std::string> names;
    for (const Row& row : rows()) names.push_back(row.field.path);
    std::string nearest = nearText(path, names);
    if (nearest.empty()) {
        for (std::string& name : names) name = name.substr(name.find('.') + 1);
        const std::string last = nearText(path.substr(path.find('.') == std::string_view::npos ? 0 : path.find('.') + 1), names);
        for (const Row& row : rows()) {
            if (nearest.empty() && !last.empty() && row.field.path.ends_with("." + last)) nearest = row.field.path;
        }
    }
    return nearest.empty() ? "; `latentoscope train --help` lists the fields" : "; the nearest one is " + nearest;
}

const Row& rowAt(std::string_view path)
{
    for (const Row& row : rows()) {
        if (row.field.path == path) return row;
    }
    throw Error(Error::Kind::InvalidArgument, std::string(path) + ": no such field" + suggestion(path));
}

Slot slotOf(const Row& row, const Configuration& configuration)
{
    // Reading goes through the same table as writing; the slot is not written to.
    return row.slot(const_cast<Configuration&>(configuration)); // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

[[noreturn]] void refuse(const Field& field, const std::string& found, const std::string& expected)
{
    throw Error(Error::Kind::InvalidArgument, field.path + ": found " + found + ", expected " + expected);
}

std::string rangeText(const Field& field) { return numberText(field.minimum) + " to " + numberText(field.maximum); }

constexpr const char* kAutomatic = "auto";

std::string sizeText(const ImageSize& size)
{
    if (!size.isSet()) return kAutomatic;
    const std::string height = std::to_string(size.height);
    return size.height == size.width ? height : height + "x" + std::to_string(size.width);
}

/// "auto", "64" or "48x64"; none where it is something else or out of the field's range.
std::optional<ImageSize> sizeOf(const std::string& text, const Field& field)
{
    if (text == kAutomatic) return ImageSize{};
    const std::size_t times = text.find_first_of("xX");
    const auto height = parseInteger(text.substr(0, times));
    const auto width = times == std::string::npos ? height : parseInteger(text.substr(times + 1));
    for (const auto& side : {height, width}) {
        if (!side || static_cast<double>(*side) < field.minimum || static_cast<double>(*side) > field.maximum)
            return std::nullopt;
    }
    return ImageSize{static_cast<int>(*height), static_cast<int>(*width)};
}

/// A whole number in the field's range; JSON writers may give 10 as 10.0.
double integerIn(const Field& field, const Json& value, const std::string& found)
{
    const double number = value.is_number() ? value.get<double>() : NAN;
    if (!(number >= field.minimum && number <= field.maximum) || number != std::floor(number))
        refuse(field, found, expectedText(field));
    return number;
}

} // namespace

std::string expectedText(const Field& field)
{
    switch (field.type) {
    case Type::Integer:
        return "a whole number from " + rangeText(field);
    case Type::Real:
        return "a number from " + rangeText(field);
    case Type::Boolean:
        return "true or false";
    case Type::Choice:
        return "one of " + joined(field.choices);
    case Type::Size:
        return "auto, a side such as 64, or height x width such as 48x64, each from " + rangeText(field);
    case Type::IntegerList:
        return "a list of 1 to " + std::to_string(field.most) + " whole numbers from " + rangeText(field) + ", such as 8,16,32";
    }
    return {};
}

const std::vector<Field>& fields()
{
    static const std::vector<Field> all = [] {
        std::vector<Field> list;
        for (const Row& row : rows()) list.push_back(row.field);
        return list;
    }();
    return all;
}

const std::vector<std::string>& sections()
{
    static const std::vector<std::string> all = [] {
        std::vector<std::string> list;
        for (const Field& field : fields()) {
            if (list.empty() || list.back() != field.section()) list.push_back(field.section());
        }
        return list;
    }();
    return all;
}

bool applies(const Field& field, const Configuration& configuration)
{
    const Row& row = rowAt(field.path);
    if (!uses(configuration.model, field.path)) return false;
    return row.applies == nullptr || row.applies(configuration);
}

const Field& fieldAt(std::string_view path) { return rowAt(path).field; }

Json fieldValue(const Configuration& configuration, std::string_view path)
{
    const auto read = [](const auto& slot) {
        if constexpr (std::is_same_v<std::decay_t<decltype(slot)>, ChoiceSlot>)
            return Json(slot.word);
        else if constexpr (std::is_same_v<std::decay_t<decltype(slot)>, ImageSize*>)
            return Json(sizeText(*slot));
        else
            return Json(*slot);
    };
    return std::visit(read, slotOf(rowAt(path), configuration));
}

void setField(Configuration& configuration, std::string_view path, const Json& value)
{
    const Row& row = rowAt(path);
    const Field& field = row.field;
    // Text that is no UTF-8 is shown as far as it can be; infinity, which JSON has no word for, by its own.
    const bool infinite = value.is_number_float() && !std::isfinite(value.get<double>());
    const std::string found =
        infinite ? numberText(value.get<double>()) : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    const Slot slot = row.slot(configuration);
    if (auto* const* integer = std::get_if<int*>(&slot)) {
        **integer = static_cast<int>(integerIn(field, value, found));
    } else if (auto* const* seed = std::get_if<std::uint64_t*>(&slot)) {
        **seed = static_cast<std::uint64_t>(integerIn(field, value, found));
    } else if (auto* const* real = std::get_if<double*>(&slot)) {
        const double number = value.is_number() ? value.get<double>() : NAN;
        if (!(number >= field.minimum && number <= field.maximum)) refuse(field, found, expectedText(field));
        **real = number;
    } else if (auto* const* truth = std::get_if<bool*>(&slot)) {
        if (!value.is_boolean()) refuse(field, found, expectedText(field));
        **truth = value.get<bool>();
    } else if (const auto* choice = std::get_if<ChoiceSlot>(&slot)) {
        const bool known = value.is_string() && std::find(field.choices.begin(), field.choices.end(),
                                                          value.get_ref<const std::string&>()) != field.choices.end();
        if (!known) {
            const std::string nearest =
                value.is_string() ? "; the nearest is " + nearestText(value.get<std::string>(), field.choices) : "";
            refuse(field, found, expectedText(field) + nearest);
        }
        choice->set(value.get<std::string>());
    } else if (auto* const* size = std::get_if<ImageSize*>(&slot)) {
        const auto read = value.is_string() ? sizeOf(value.get<std::string>(), field)
                                            : sizeOf(value.is_number_integer() ? value.dump() : std::string(), field);
        if (!read) refuse(field, found, expectedText(field));
        **size = *read;
    } else {
        if (!value.is_array() || value.empty() || value.size() > field.most) refuse(field, found, expectedText(field));
        std::vector<int> list;
        for (const Json& element : value) list.push_back(static_cast<int>(integerIn(field, element, found)));
        *std::get<std::vector<int>*>(slot) = list;
    }
}

void setFieldFromText(Configuration& configuration, std::string_view path, std::string_view text)
{
    const Field& field = fieldAt(path);
    const auto number = [](std::string_view part) -> Json {
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (const auto integer = parseInteger(part)) return *integer;
        if (const auto real = parseReal(part)) return *real;
        return std::string(part);
    };
    if (field.type == Type::Boolean) {
        for (const auto& [yes, no] : {std::pair{"true", "false"}, {"yes", "no"}, {"on", "off"}, {"1", "0"}}) {
            if (text == yes || text == no) return setField(configuration, path, text == yes);
        }
        return setField(configuration, path, std::string(text)); // which says what is expected
    }
    if (field.type == Type::Choice || field.type == Type::Size) return setField(configuration, path, std::string(text));
    if (field.type != Type::IntegerList) return setField(configuration, path, number(text));
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    Json list = Json::array();
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t comma = std::min(text.find(',', start), text.size());
        list.push_back(number(text.substr(start, comma - start)));
        start = comma + 1;
    }
    setField(configuration, path, list);
}

std::string fieldText(const Configuration& configuration, std::string_view path)
{
    const Json value = fieldValue(configuration, path);
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_float()) return numberText(value.get<double>());
    if (!value.is_array()) return value.dump();
    std::vector<std::string> parts;
    for (const Json& element : value) parts.push_back(element.dump());
    return joined(parts, ",");
}

} // namespace latentoscope
