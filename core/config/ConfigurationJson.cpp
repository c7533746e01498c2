#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/config/PresetTexts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

/// Parses, and tells a key that stands twice in one object (the last would win silently).
Json parseNoticing(const std::string& text, std::string& duplicate)
{
    std::vector<std::set<std::string>> keys;
    return Json::parse(text, [&](int, Json::parse_event_t event, Json& value) {
        if (event == Json::parse_event_t::object_start) keys.emplace_back();
        if (event == Json::parse_event_t::object_end) keys.pop_back();
        if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
            duplicate = value.get<std::string>();
        return true;
    });
}

Configuration parsed(const std::string& text, const std::string& source, Unknown unknown = Unknown::Refuse)
{
    if (nestsTooDeep(text)) {
        throw Error(Error::Kind::InvalidArgument, source + ": nests deeper than " + std::to_string(kDeepestJson) +
                                                      " brackets, expected a configuration object");
    }
    Json json;
    std::string duplicate;
    try {
        json = parseNoticing(text, duplicate);
    } catch (const Json::parse_error& error) {
        throw Error(Error::Kind::InvalidArgument,
                    source + ": is not valid JSON at byte " + std::to_string(error.byte) + ", expected a configuration object");
    } catch (const Json::out_of_range&) {
        throw Error(Error::Kind::InvalidArgument, source + ": holds a number that is too large, expected one below 1e308");
    }
    if (!duplicate.empty()) {
        throw Error(Error::Kind::InvalidArgument,
                    source + ": the key \"" + duplicate + "\" stands twice in one object, expected it once");
    }
    try {
        return configurationFromJson(json, {}, unknown);
    } catch (const Error& error) {
        throw error.within(source);
    }
}

bool isField(const std::string& path)
{
    return std::any_of(fields().begin(), fields().end(), [&](const Field& field) { return field.path == path; });
}

std::string text(const Json& json, const char* key)
{
    const auto at = json.find(key);
    return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
}

} // namespace

Json toJson(const Configuration& configuration)
{
    Json json = Json::object();
    for (const Field& field : fields()) {
        const std::size_t dot = field.path.find('.');
        json[field.path.substr(0, dot)][field.path.substr(dot + 1)] = fieldValue(configuration, field.path);
    }
    return json;
}

Configuration configurationFromJson(const Json& json, const Configuration& base, Unknown unknown)
{
    constexpr std::array kPassedOver{"name", "description", "run", "cross_validation"};
    if (!json.is_object()) {
        throw Error(Error::Kind::InvalidArgument,
                    std::string("found ") + json.type_name() + ", expected an object with data, model and training");
    }
    Configuration configuration = base;
    for (const auto& [section, values] : json.items()) {
        if (std::find(kPassedOver.begin(), kPassedOver.end(), section) != kPassedOver.end()) continue;
        if (std::find(sections().begin(), sections().end(), section) == sections().end()) {
            if (unknown == Unknown::PassOver) continue;
            throw Error(Error::Kind::InvalidArgument,
                        section + ": no such section; the nearest one is " + nearestText(section, sections()));
        }
        if (!values.is_object()) {
            throw Error(Error::Kind::InvalidArgument, section + ": found " + values.dump() + ", expected an object of fields");
        }
        for (const auto& [key, value] : values.items()) {
            std::string path = section;
            path += '.';
            path += key;
            if (unknown == Unknown::PassOver && !isField(path)) continue;
            setField(configuration, path, value);
        }
    }
    return configuration;
}

Configuration readConfiguration(const std::filesystem::path& file, Unknown unknown)
{
    // A person may give a pipe; what a run recorded is a file.
    return parsed(unknown == Unknown::Refuse ? readFile(file) : readRegularFile(file), file.string(), unknown);
}

const std::vector<Preset>& presets()
{
    static const std::vector<Preset> all = [] {
        std::vector<Preset> list;
        for (const PresetText& preset : kPresetTexts) {
            const std::string content(preset.json);
            list.push_back({std::string(preset.name), text(Json::parse(content), "description"),
                            parsed(content, "preset " + std::string(preset.name))});
        }
        return list;
    }();
    return all;
}

Configuration presetOrFile(const std::string& nameOrFile)
{
    std::vector<std::string> names;
    for (const Preset& preset : presets()) {
        if (preset.name == nameOrFile) return preset.configuration;
        names.push_back(preset.name);
    }
    std::error_code ignored;
    if (std::filesystem::is_regular_file(nameOrFile, ignored)) return readConfiguration(nameOrFile);
    const bool meantAsFile = nameOrFile.find('/') != std::string::npos || nameOrFile.ends_with(".json");
    throw Error(meantAsFile ? Error::Kind::NotFound : Error::Kind::InvalidArgument,
                nameOrFile + ": neither a preset nor a file; the presets are " + joined(names) + ", the nearest is " +
                    nearestText(nameOrFile, names));
}

} // namespace latentoscope
