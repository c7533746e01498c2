#include "ui/settings/RememberedSettings.h"

#include "core/config/Fields.h"

#include <QSettings>
#include <QString>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>

namespace latentoscope::ui {
namespace {

QString key(const char* name) { return QStringLiteral("settings/") + QString::fromLatin1(name); }

std::string read(const char* name) { return QSettings().value(key(name)).toString().toStdString(); }

} // namespace

void rememberSettings(const ConfigurationBase& base, const Configuration& configuration)
{
    QSettings settings;
    const auto keep = [&](const char* name, const std::string& text) {
        settings.setValue(key(name), QString::fromStdString(text));
    };
    keep("name", base.name);
    keep("file", base.file.string());
    keep("preset", base.preset);
    keep("from", toJson(base.configuration).dump());
    keep("configuration", toJson(configuration).dump());
}

std::optional<std::pair<ConfigurationBase, Configuration>> rememberedSettings()
{
    try {
        ConfigurationBase base{read("name"), read("file"), configurationFromJson(nlohmann::json::parse(read("from"))),
                               read("preset")};
        Configuration configuration = configurationFromJson(nlohmann::json::parse(read("configuration")));
        std::error_code ignored;
        const bool known = std::any_of(presets().begin(), presets().end(), [&](const Preset& preset) {
            return preset.name == (base.preset.empty() ? base.name : base.preset);
        });
        // A command could not be made of what is not there any more.
        if (base.name.empty() || (base.file.empty() ? !known : !std::filesystem::exists(base.file, ignored))) return std::nullopt;
        return std::pair(std::move(base), std::move(configuration));
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

} // namespace latentoscope::ui
