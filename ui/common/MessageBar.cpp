#include "ui/common/MessageBar.h"

#include "ui/common/Icons.h"
#include "ui/common/Theme.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QResizeEvent>
#include <QToolButton>

#include <algorithm>

namespace latentoscope::ui {
namespace {

QColor colorOf(MessageBar::Kind kind, const ThemeColors& colors)
{
    switch (kind) {
    case MessageBar::Kind::Error:
        return colors.danger;
    case MessageBar::Kind::Warning:
        return colors.warning;
    case MessageBar::Kind::Information:
        break;
    }
    return colors.accent;
}

} // namespace

MessageBar::MessageBar(QWidget* parent)
    : QWidget(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_buttons(new QHBoxLayout)
{
    setObjectName(QStringLiteral("messageBar"));
    m_text->setObjectName(QStringLiteral("messageText"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_icon->setFixedSize(16, 16);
    auto* close = new QToolButton(this);
    close->setObjectName(QStringLiteral("messageClose"));
    close->setAutoRaise(true);
    close->setText(tr("Dismiss"));
    close->setToolTip(tr("Hide this message"));
    connect(close, &QToolButton::clicked, this, &MessageBar::dismiss);
    m_buttons->setSpacing(8);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(16, 6, 12, 6);
    line->setSpacing(12);
    line->addWidget(m_icon);
    line->addWidget(m_text, 1);
    line->addLayout(m_buttons);
    line->addWidget(close);
}

QSize MessageBar::sizeHint() const
{
    constexpr int kNarrowest = 320;
    const int height =
        layout()->hasHeightForWidth() ? layout()->heightForWidth(std::max(width(), kNarrowest)) : layout()->sizeHint().height();
    return {kNarrowest, std::max(height, 40)};
}

void MessageBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) updateGeometry();
}

QString MessageBar::text() const { return m_shown ? m_text->text() : QString(); }

void MessageBar::show(Kind kind, const QString& sentence, const std::vector<Action>& actions)
{
    if (m_shown && sentence == m_text->text()) return;
    m_kind = kind;
    m_text->setText(sentence);
    setAccessibleName(sentence);
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    for (const Action& action : actions) {
        auto* button = new QPushButton(action.text, this);
        button->setObjectName(QStringLiteral("messageAction"));
        connect(button, &QPushButton::clicked, this, [this, run = action.run] {
            dismiss();
            run();
        });
        m_buttons->addWidget(button);
    }
    updateIcon();
    m_shown = true;
    Q_EMIT shownChanged(true);
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
    update();
}

void MessageBar::dismiss()
{
    if (!m_shown) return;
    m_shown = false;
    Q_EMIT shownChanged(false);
}

void MessageBar::updateIcon()
{
    const QString name = m_kind == Kind::Information ? QStringLiteral("info") : QStringLiteral("warning");
    m_icon->setPixmap(tintedIcon(name, colorOf(m_kind, themeColors(palette()))).pixmap(QSize(16, 16), devicePixelRatio()));
}

void MessageBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange) updateIcon();
    QWidget::changeEvent(event);
}

void MessageBar::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = themeColors(palette());
    QPainter painter(this);
    QColor tint = colorOf(m_kind, colors);
    painter.fillRect(rect(), colors.panel);
    painter.fillRect(QRect(0, 0, 4, height()), tint);
    tint.setAlphaF(0.10F);
    painter.fillRect(rect(), tint);
}

} // namespace latentoscope::ui
