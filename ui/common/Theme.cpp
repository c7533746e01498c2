#include "ui/common/Theme.h"

#include <QApplication>
#include <QProxyStyle>
#include <QStyleFactory>

// Resources of a static library are dropped by the linker unless they are asked for, outside of any namespace.
static void initResources() { Q_INIT_RESOURCE(common); }

namespace latentoscope::ui {
namespace {

/// A click beside a slider's handle brings it there: by steps an epoch far away would take as many clicks.
class WindowStyle : public QProxyStyle {
public:
    WindowStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* data) const override
    {
        if (hint == SH_Slider_AbsoluteSetButtons) return Qt::LeftButton;
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
};

ThemeColors lightColors()
{
    ThemeColors c;
    c.window = QColor(0xf3, 0xf4, 0xf6);
    c.panel = Qt::white;
    c.plot = Qt::white;
    c.hairline = QColor(0xdc, 0xdf, 0xe4);
    c.grid = QColor(0xec, 0xee, 0xf2);
    c.text = QColor(0x1d, 0x24, 0x30);
    c.secondary = QColor(0x66, 0x70, 0x85);
    c.accent = QColor(0x25, 0x63, 0xc9);
    c.accentText = Qt::white;
    c.hover = QColor(0xee, 0xf1, 0xf5);
    c.selection = QColor(0xdf, 0xe9, 0xf9);
    c.warning = QColor(0xb5, 0x4c, 0x00);
    c.danger = QColor(0xb4, 0x23, 0x18);
    c.trainStep = QColor(0xb3, 0xca, 0xef);
    c.train = QColor(0x25, 0x63, 0xc9);
    c.validation = QColor(0xdc, 0x5f, 0x00);
    c.muted = QColor(0xc8, 0xcd, 0xd6);
    return c;
}

ThemeColors darkColors()
{
    ThemeColors c;
    c.window = QColor(0x1b, 0x1e, 0x24);
    c.panel = QColor(0x22, 0x26, 0x2e);
    c.plot = QColor(0x1e, 0x22, 0x29);
    c.hairline = QColor(0x34, 0x3a, 0x45);
    c.grid = QColor(0x2c, 0x32, 0x3c);
    c.text = QColor(0xe4, 0xe7, 0xec);
    c.secondary = QColor(0x98, 0xa2, 0xb3);
    c.accent = QColor(0x6e, 0xa3, 0xf5);
    c.accentText = QColor(0x10, 0x18, 0x28);
    c.hover = QColor(0x2d, 0x33, 0x3d);
    c.selection = QColor(0x2c, 0x3a, 0x52);
    c.warning = QColor(0xf7, 0xa8, 0x4f);
    c.danger = QColor(0xf9, 0x70, 0x66);
    c.trainStep = QColor(0x3f, 0x58, 0x82);
    c.train = QColor(0x6e, 0xa3, 0xf5);
    c.validation = QColor(0xf5, 0x85, 0x2a);
    c.muted = QColor(0x45, 0x4c, 0x58);
    return c;
}

} // namespace

const ThemeColors& themeColors(Appearance appearance)
{
    static const ThemeColors light = lightColors();
    static const ThemeColors dark = darkColors();
    return appearance == Appearance::Dark ? dark : light;
}

Appearance appearanceOf(const QPalette& palette)
{
    const bool dark = palette.color(QPalette::Window).lightnessF() < palette.color(QPalette::WindowText).lightnessF();
    return dark ? Appearance::Dark : Appearance::Light;
}

const ThemeColors& themeColors(const QPalette& palette) { return themeColors(appearanceOf(palette)); }

QPalette themePalette(Appearance appearance)
{
    const ThemeColors& c = themeColors(appearance);
    QPalette p;
    p.setColor(QPalette::Window, c.window);
    p.setColor(QPalette::WindowText, c.text);
    p.setColor(QPalette::Base, c.panel);
    p.setColor(QPalette::AlternateBase, c.window);
    p.setColor(QPalette::Text, c.text);
    p.setColor(QPalette::PlaceholderText, c.secondary);
    p.setColor(QPalette::Button, c.panel);
    p.setColor(QPalette::ButtonText, c.text);
    p.setColor(QPalette::BrightText, c.danger);
    p.setColor(QPalette::Highlight, c.accent);
    p.setColor(QPalette::HighlightedText, c.accentText);
    p.setColor(QPalette::Link, c.accent);
    p.setColor(QPalette::LinkVisited, c.accent);
    p.setColor(QPalette::ToolTipBase, c.panel);
    p.setColor(QPalette::ToolTipText, c.text);
    p.setColor(QPalette::Light, c.panel);
    p.setColor(QPalette::Midlight, c.hover);
    p.setColor(QPalette::Mid, c.hairline);
    p.setColor(QPalette::Dark, c.hairline);
    p.setColor(QPalette::Shadow, c.hairline);
    QColor faint = c.secondary;
    faint.setAlphaF(0.6F);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        p.setColor(QPalette::Disabled, role, faint);
    p.setColor(QPalette::Disabled, QPalette::Highlight, c.hairline);
    return p;
}

QString themeStyleSheet(Appearance appearance)
{
    const ThemeColors& c = themeColors(appearance);
    QString sheet = QStringLiteral(R"(
QToolTip { color: @text; background: @panel; border: 1px solid @hairline; padding: 4px 6px; }
QMenuBar { background: @panel; border-bottom: 1px solid @hairline; padding: 2px 4px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: @hover; }
QMenu { background: @panel; border: 1px solid @hairline; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @selection; color: @text; }
QMenu::item:disabled { color: @secondary; }
QMenu::separator { height: 1px; background: @hairline; margin: 4px 8px; }
QStatusBar { background: @panel; border-top: 1px solid @hairline; }
QStatusBar::item { border: none; }
QToolBar { background: @panel; border: none; border-bottom: 1px solid @hairline; spacing: 8px; padding: 6px 8px; }
QDockWidget { titlebar-close-icon: none; titlebar-normal-icon: none; }
QMainWindow::separator { background: @hairline; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: @accent; }
QTabBar { background: @panel; }
QTabBar::tab { background: transparent; color: @secondary; border: none; border-bottom: 2px solid transparent;
  padding: 4px 10px 3px 10px; margin-left: 2px; }
QTabBar::tab:hover { color: @text; background: @hover; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }
QTabBar::tab:selected:focus { background: @selection; }
QPushButton { background: @panel; border: 1px solid @hairline; border-radius: 4px; padding: 0 12px; min-height: 26px; }
QPushButton:hover { background: @hover; }
QPushButton:pressed, QPushButton:checked { background: @selection; }
QPushButton:disabled { color: @faint; background: transparent; }
QPushButton:focus { border-color: @accent; outline: none; }
QPushButton[primary="true"] { background: @accent; color: @accentText; border-color: @accent; }
QPushButton[primary="true"]:focus { border: 2px solid @text; }
QPushButton[primary="true"]:disabled { background: transparent; color: @faint; border-color: @hairline; }
QToolButton { background: @panel; border: 1px solid @hairline; border-radius: 4px; padding: 0 8px; min-height: 24px; }
QToolButton:hover { background: @hover; }
QToolButton:pressed, QToolButton:checked { background: @selection; border-color: @accent; }
QToolButton:disabled { color: @faint; background: transparent; }
QToolButton:focus { border-color: @accent; outline: none; }
QToolButton:checked:focus { border-color: @text; }
QToolButton[autoRaise="true"] { background: transparent; border-color: transparent; }
QToolButton[autoRaise="true"]:hover { background: @hover; }
QToolButton[autoRaise="true"]:checked { background: @selection; }
QToolButton[autoRaise="true"]:focus, QToolButton[autoRaise="true"]:checked:focus { border-color: @accent; }
QLineEdit, QAbstractSpinBox { background: @panel; border: 1px solid @hairline; border-radius: 4px; padding: 0 6px;
  min-height: 24px; selection-background-color: @accent; selection-color: @accentText; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; border: none; width: 18px;
  background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow { image: url(@up); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url(@down); width: 9px; height: 9px; }
QLineEdit:focus, QAbstractSpinBox:focus { border-color: @accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled { color: @faint; background: transparent; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"] { border-color: @danger; }
QComboBox { background: @panel; border: 1px solid @hairline; border-radius: 4px; padding: 0 8px; min-height: 24px; }
QComboBox:hover { background: @hover; }
QComboBox:focus { border-color: @accent; }
QComboBox:disabled { color: @faint; background: transparent; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url(@down); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: @panel; border: 1px solid @hairline; selection-background-color: @selection;
  selection-color: @text; outline: none; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid @secondary; border-radius: 3px; background: @panel; }
QCheckBox::indicator:hover { background: @hover; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(@tick); }
QCheckBox::indicator:focus { border-color: @accent; }
QCheckBox::indicator:checked:focus { border-color: @text; }
QCheckBox::indicator:disabled { border-color: @hairline; background: transparent; }
QSlider::groove:horizontal { height: 4px; background: @hairline; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @hairline; border-radius: 2px; }
QSlider::handle:horizontal { background: @accent; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; }
QSlider::handle:horizontal:focus { border: 2px solid @text; width: 12px; height: 12px; margin: -6px 0; border-radius: 8px; }
QSlider::handle:horizontal:disabled { background: @faintSolid; }
QProgressBar { background: @hairline; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; color: transparent; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QScrollArea { border: none; background: transparent; }
QListView, QTreeView, QTableView { border: none; outline: none; selection-background-color: @selection; selection-color: @text; }
QHeaderView::section { background: @panel; border: none; border-bottom: 1px solid @hairline; padding: 4px 6px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @hairline; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px; }
QScrollBar::handle:hover { background: @secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QLabel[secondary="true"] { color: @secondary; }
QLabel[heading="true"] { font-weight: bold; }
QLabel[danger="true"] { color: @danger; }
)");
    const auto put = [&sheet](const char* name, const QString& value) { sheet.replace(QLatin1String(name), value); };
    QColor faint = c.secondary;
    faint.setAlphaF(0.6F);
    // Longer names first: @accent is the beginning of @accentText.
    put("@accentText", c.accentText.name());
    put("@accent", c.accent.name());
    put("@faintSolid", c.muted.name());
    put("@faint", QStringLiteral("rgba(%1, %2, %3, 60%)").arg(faint.red()).arg(faint.green()).arg(faint.blue()));
    put("@hairline", c.hairline.name());
    put("@hover", c.hover.name());
    put("@panel", c.panel.name());
    put("@secondary", c.secondary.name());
    put("@selection", c.selection.name());
    put("@text", c.text.name());
    put("@danger", c.danger.name());
    const QString suffix = appearance == Appearance::Dark ? QStringLiteral("-dark.svg") : QStringLiteral("-light.svg");
    put("@tick", QStringLiteral(":/latentoscope/tick") + suffix);
    put("@down", QStringLiteral(":/latentoscope/arrow-down") + suffix);
    put("@up", QStringLiteral(":/latentoscope/arrow-up") + suffix);
    return sheet;
}

Appearance applyTheme(QApplication& application, ThemeChoice choice, const QPalette& systemPalette)
{
    Appearance appearance = choice == ThemeChoice::Dark ? Appearance::Dark : Appearance::Light;
    if (choice == ThemeChoice::System) appearance = appearanceOf(systemPalette);
    initResources();
    application.setStyle(new WindowStyle);
    application.setPalette(themePalette(appearance));
    application.setStyleSheet(themeStyleSheet(appearance));
    return appearance;
}

} // namespace latentoscope::ui
