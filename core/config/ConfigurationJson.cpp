#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/config/PresetTexts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

Configuration parsed(const std::string& text, const std::string& source)
{
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& error) {
        throw Error(Error::Kind::InvalidArgument,
                    source + ": is not valid JSON at byte " + std::to_string(error.byte) + ", expected a configuration object");
    }
    try {
        return configurationFromJson(json);
    } catch (const Error& error) {
        throw error.within(source);
    }
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

Configuration configurationFromJson(const Json& json, const Configuration& base)
{
    constexpr std::array kPassedOver{"name", "description", "run"};
    if (!json.is_object()) {
        throw Error(Error::Kind::InvalidArgument,
                    std::string("found ") + json.type_name() + ", expected an object with data, model and training");
    }
    Configuration configuration = base;
    for (const auto& [section, values] : json.items()) {
        if (std::find(kPassedOver.begin(), kPassedOver.end(), section) != kPassedOver.end()) continue;
        if (section != "data" && section != "model" && section != "training") {
            throw Error(Error::Kind::InvalidArgument,
                        section + ": no such section; the nearest one is " + nearestText(section, {"data", "model", "training"}));
        }
        if (!values.is_object()) {
            throw Error(Error::Kind::InvalidArgument, section + ": found " + values.dump() + ", expected an object of fields");
        }
        for (const auto& [key, value] : values.items()) {
            std::string path = section;
            path += '.';
            path += key;
            setField(configuration, path, value);
        }
    }
    return configuration;
}

Configuration readConfiguration(const std::filesystem::path& file) { return parsed(readFile(file), file.string()); }

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
    throw Error(Error::Kind::InvalidArgument, nameOrFile + ": neither a preset nor a file; the presets are " + joined(names) +
                                                  ", the nearest is " + nearestText(nameOrFile, names));
}

} // namespace latentoscope
