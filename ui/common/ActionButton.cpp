#include "ui/common/ActionButton.h"

#include "ui/common/Icons.h"
#include "ui/common/Theme.h"

#include <QAction>
#include <QEvent>
#include <QStyle>

namespace latentoscope::ui {

ActionButton::ActionButton(QAction& action, QWidget* parent) : QPushButton(parent), m_action(&action)
{
    setObjectName(action.objectName() + tr("Button"));
    setIconSize(QSize(16, 16));
    connect(this, &QPushButton::clicked, &action, &QAction::trigger);
    connect(&action, &QAction::changed, this, &ActionButton::update);
    update();
}

void ActionButton::update()
{
    if (!m_action) return;
    QString words = m_action->text();
    words.remove(QLatin1Char('&'));
    setText(words);
    setAccessibleName(words);
    setEnabled(m_action->isEnabled());
    setToolTip(QStringLiteral("%1 (%2)").arg(m_action->toolTip(), m_action->shortcut().toString(QKeySequence::NativeText)));
    const bool primary = m_action->property("primary").toBool() && m_action->isEnabled();
    if (property("primary").toBool() != primary) {
        setProperty("primary", primary);
        style()->unpolish(this);
        style()->polish(this);
    }
    updateIcon();
}

void ActionButton::updateIcon()
{
    if (!m_action) return;
    // The button's own palette carries the accent as its background, which says nothing of the theme.
    const ThemeColors& colors = themeColors(window()->palette());
    QColor color = property("primary").toBool() ? colors.accentText : colors.text;
    if (!isEnabled()) color = colors.muted;
    setIcon(tintedIcon(m_action->property("drawing").toString(), color));
}

void ActionButton::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::EnabledChange) updateIcon();
    QPushButton::changeEvent(event);
}

} // namespace latentoscope::ui
