#include "ui/common/EmptyState.h"

#include "ui/common/Theme.h"

#include <QPainter>

namespace latentoscope::ui {

EmptyState::EmptyState(const QString& headline, const QString& words, QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("emptyState"));
    setMinimumSize(120, 64);
    setText(headline, words);
}

void EmptyState::setText(const QString& headline, const QString& words)
{
    m_headline = headline;
    m_words = words;
    setAccessibleName(headline);
    setAccessibleDescription(words);
    update();
}

void EmptyState::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = themeColors(palette());
    QPainter painter(this);
    const QRect area = rect().adjusted(16, 8, -16, -8);
    const int line = fontMetrics().height();
    const QRect words = painter.fontMetrics().boundingRect(area, Qt::AlignHCenter | Qt::TextWordWrap, m_words);
    const int top = area.center().y() - (line + 6 + words.height()) / 2;
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(colors.text);
    painter.drawText(QRect(area.left(), top, area.width(), line), Qt::AlignCenter,
                     QFontMetrics(bold).elidedText(m_headline, Qt::ElideRight, area.width()));
    painter.setFont(font());
    painter.setPen(colors.secondary);
    painter.drawText(QRect(area.left(), top + line + 6, area.width(), area.bottom() - top - line),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_words);
}

} // namespace latentoscope::ui
