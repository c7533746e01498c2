#include "ui/main/CommandText.h"

#include "core/config/Fields.h"

#include <algorithm>
#include <cctype>

namespace latentoscope::ui {

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

std::string commandText(const TrainingRequest& request, const std::filesystem::path& out)
{
    std::string text = "latentoscope train ";
    if (request.base.file.empty())
        text += "--preset " + shellQuoted(request.base.name);
    else
        text += "--config " + shellQuoted(request.base.file.string());
    for (const Field& field : fields()) {
        const std::string value = fieldText(request.configuration, field.path);
        if (value != fieldText(request.base.configuration, field.path)) text += " --set " + shellQuoted(field.path + "=" + value);
    }
    if (!request.dataFolder.empty()) text += " --data " + shellQuoted(request.dataFolder.string());
    if (request.threads > 0) text += " --threads " + std::to_string(request.threads);
    if (request.device != "auto") text += " --device " + shellQuoted(request.device);
    return text + " --out " + shellQuoted(out.string());
}

} // namespace latentoscope::ui
