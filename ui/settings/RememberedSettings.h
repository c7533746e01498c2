/// Settings of a training that outlive the window: what was typed yesterday is there today.
#pragma once

#include "core/config/Configuration.h"
#include "ui/settings/CommandText.h"

#include <optional>
#include <utility>

namespace latentoscope::ui {

/// Keeps the settings and what they started from, beside the window's layout.
void rememberSettings(const ConfigurationBase& base, const Configuration& configuration);

/// Those kept last; none where there are none, or where this version does not understand them.
std::optional<std::pair<ConfigurationBase, Configuration>> rememberedSettings();

} // namespace latentoscope::ui
