/// The window's colours in light and dark, and how the application gets them.
#pragma once

#include <QColor>
#include <QPalette>

class QApplication;

namespace latentoscope::ui {

enum class Appearance { Light, Dark };
enum class ThemeChoice { System, Light, Dark };

/// Every colour that views use beside the class colours.
struct ThemeColors {
    QColor window;
    QColor panel;
    QColor plot;
    QColor hairline;
    QColor grid;
    QColor text;
    QColor secondary;
    QColor accent;
    QColor accentText; ///< on the accent
    QColor hover;      ///< of a button under the mouse
    QColor selection;  ///< of a selected row
    QColor warning;
    QColor danger;
    QColor trainStep;  ///< the light raw curve
    QColor train;      ///< curve of epochs on training data
    QColor validation; ///< curve of epochs on held-out data
    QColor muted;      ///< points of classes that are switched off
};

const ThemeColors& themeColors(Appearance appearance);

/// Dark where the palette's window is darker than its text. Views find out by this which colours to use: there is no global.
Appearance appearanceOf(const QPalette& palette);

/// The colours that fit a widget's palette.
const ThemeColors& themeColors(const QPalette& palette);

QPalette themePalette(Appearance appearance);

/// The short style sheet: flat panels, 28 px controls, a visible focus. Buttons that carry the accent have the dynamic property
/// `primary` true; grey text the property `secondary` true; bold headings `heading` true; tool buttons without a frame are
/// QToolButton with autoRaise.
QString themeStyleSheet(Appearance appearance);

/// Sets Fusion, palette and style sheet. Every widget then gets QEvent::PaletteChange. System looks at `systemPalette`, the
/// application's palette before the first call. May be called again when the person chooses another theme.
Appearance applyTheme(QApplication& application, ThemeChoice choice, const QPalette& systemPalette);

} // namespace latentoscope::ui
