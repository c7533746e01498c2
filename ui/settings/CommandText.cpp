#include "ui/settings/CommandText.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/config/SuitedPreset.h"
#include "core/data/DataSet.h"
#include "core/kinds/Kind.h"
#include "core/models/Transfer.h"
#include "core/storage/Origin.h"

#include <QCoreApplication>
#include <QStandardPaths>

#include <algorithm>
#include <vector>

namespace latentoscope::ui {
namespace {

/// What every command that trains takes, a space before it.
std::string settingsText(const TrainingRequest& request, const std::vector<std::string>& without,
                         const std::filesystem::path& out)
{
    const ConfigurationBase& base = request.base;
    std::string text;
    Configuration from = base.configuration;
    if (!base.file.empty()) {
        text += " --config " + shellQuoted(base.file.string());
    } else {
        text += " --preset " + shellQuoted(base.preset.empty() ? base.name : base.preset);
        if (!base.preset.empty()) from = presetOrFile(base.preset);
    }
    for (const Field& field : fields()) {
        if (std::find(without.begin(), without.end(), field.path) != without.end()) continue;
        const std::string value = fieldText(request.configuration, field.path);
        // What a preset leaves to the data is said where a person has set it back to the preset's own, too.
        const std::vector<std::string>& suited = suitedFields();
        const bool setBack = !base.preset.empty() && value != fieldText(base.configuration, field.path) &&
                             std::find(suited.begin(), suited.end(), field.path) != suited.end();
        if (setBack || value != fieldText(from, field.path)) text += " --set " + shellQuoted(field.path + "=" + value);
    }
    // A file of settings may name data of its own, which these are instead.
    if (!request.dataFolder.empty() || !base.file.empty())
        text += " --data " + shellQuoted((request.dataFolder.empty() ? packagedDataFolder() : request.dataFolder).string());
    if (request.threads > 0) text += " --threads " + std::to_string(request.threads);
    if (request.device != "auto") text += " --device " + shellQuoted(request.device);
    return text + " --out " + shellQuoted(out.string());
}

/// Whether `train --config` of the file would begin with a run's encoder.
bool hasEncoder(const std::filesystem::path& file)
{
    try {
        const auto origin = file.empty() ? std::nullopt : readOrigin(file);
        return origin && !origin->encoderFolder.empty();
    } catch (const Error&) {
        return false; // it is not there any more
    }
}

} // namespace

std::string forShell(const std::string& command)
{
    const std::string name = "latentoscope";
    if (!command.starts_with(name + " ") || !QStandardPaths::findExecutable(QString::fromStdString(name)).isEmpty())
        return command;
    const std::filesystem::path beside = std::filesystem::path(QCoreApplication::applicationDirPath().toStdString()) / name;
    std::error_code ignored;
    return std::filesystem::exists(beside, ignored) ? shellQuoted(beside.string()) + command.substr(name.size()) : command;
}

std::string commandText(const TrainingRequest& request, const std::filesystem::path& encoder, const std::filesystem::path& out)
{
    if (encoder.empty()) {
        const bool scratch = kindOf(request.configuration.model).classifies && hasEncoder(request.base.file);
        return (scratch ? "latentoscope fine-tune --from-scratch" : "latentoscope train") + settingsText(request, {}, out);
    }
    return "latentoscope fine-tune " + shellQuoted(encoder.string()) + settingsText(request, encoderFields(), out);
}

std::string foldsCommandText(const TrainingRequest& request, const FoldsRequest& folds, const std::filesystem::path& out)
{
    std::vector<std::string> without{"data.folds", "data.fold", "data.validation_fraction"};
    std::string encoder;
    if (!folds.encoder.empty()) encoder = " --encoder " + shellQuoted(folds.encoder.string());
    if (!folds.pretraining.empty()) encoder = " --pretrain " + shellQuoted(folds.pretraining);
    if (!encoder.empty()) without.insert(without.end(), encoderFields().begin(), encoderFields().end());
    return "latentoscope cross-validate --folds " + std::to_string(folds.folds) + encoder + settingsText(request, without, out);
}

std::string reportCommandText(const ReportRequest& request)
{
    std::string text = "latentoscope";
    for (const std::string& word : reportArguments(request)) text += " " + shellQuoted(word);
    return text;
}

} // namespace latentoscope::ui
