/// The settings in the window as the command line that does the same.
#pragma once

#include "core/config/Configuration.h"
#include "ui/session/ReportRunner.h"
#include "ui/settings/CrossValidateDialog.h"

#include <filesystem>
#include <string>

namespace latentoscope::ui {

/// What the settings started from: a preset's name, or a file.
struct ConfigurationBase {
    std::string name;           ///< of the preset, or of the file without folder and ending
    std::filesystem::path file; ///< empty: a preset
    Configuration configuration;
    std::string preset{}; ///< where the settings are a preset's with some changed already: that preset; empty: `name` is one
};

/// Everything that a training is started with.
struct TrainingRequest {
    ConfigurationBase base;
    Configuration configuration;
    std::filesystem::path dataFolder; ///< empty: the packaged Fashion-MNIST
    int threads = 0;                  ///< 0: all cores
    std::string device = "auto";
};

/// `latentoscope train --preset NAME --set … --data … --threads … --device … --out RUN`: only what differs from the base and
/// from the defaults is named. With an encoder's run it is `latentoscope fine-tune RUN …`, without the encoder's own fields.
std::string commandText(const TrainingRequest& request, const std::filesystem::path& encoder, const std::filesystem::path& out);

/// `latentoscope cross-validate … --folds N --out FOLDER`, without what the folds decide.
std::string foldsCommandText(const TrainingRequest& request, const FoldsRequest& folds, const std::filesystem::path& out);

/// `latentoscope report --out FOLDER …`.
std::string reportCommandText(const ReportRequest& request);

/// The command with the program's path in the place of its name, where a shell would not find that. Needs a QApplication.
std::string forShell(const std::string& command);

} // namespace latentoscope::ui
