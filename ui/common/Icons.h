/// The program's own icons, tinted to fit the palette.
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

namespace latentoscope::ui {

/// The line drawing resources/icons/NAME.svg in `color`, sharp at every scale of a screen; empty for an unknown name.
QIcon tintedIcon(const QString& name, const QColor& color);

/// The program's icon.
QIcon programIcon();

} // namespace latentoscope::ui
