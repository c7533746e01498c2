/// Numbers in one notation, whatever the desktop's locale is.
#pragma once

namespace latentoscope::ui {

/// Makes the C locale Qt's and the process's own for numbers. A QApplication takes over the desktop's, and then half of the
/// numbers have commas (those that Qt or the C library writes) and half have points (our own, and all in files). After every
/// construction of a QApplication, before there are widgets.
void usePlainLocale();

} // namespace latentoscope::ui
