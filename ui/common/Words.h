/// Numbers as the window writes them.
#pragma once

#include "core/base/Text.h"

#include <QString>

#include <cstdint>

namespace latentoscope::ui {

/// "60,000", in every locale.
inline QString groupedWords(std::int64_t number) { return QString::fromStdString(groupedText(number)); }

} // namespace latentoscope::ui
