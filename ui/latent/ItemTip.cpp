#include "ui/latent/ItemTip.h"

#include "ui/common/ItemImage.h"
#include "ui/common/Theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

constexpr int kPadding = 8;
constexpr double kPictureRoom = 60;

QFont bold(QFont font)
{
    font.setBold(true);
    return font;
}

} // namespace

ItemTip::ItemTip(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("itemTip"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

QSizeF ItemTip::imageSize() const
{
    if (m_image.isNull()) return {};
    const double ratio = devicePixelRatioF();
    return QSizeF(m_image.size()) * (itemFactor(m_image.size(), {kPictureRoom, kPictureRoom}, ratio) / ratio);
}

void ItemTip::showAt(const QPoint& position, const QImage& image, const QString& heading, const QString& words)
{
    m_image = image;
    m_heading = heading;
    m_words = words;
    const QSizeF picture = imageSize();
    const int left = picture.isEmpty() ? 0 : static_cast<int>(picture.width()) + kPadding;
    const QRect text = fontMetrics().boundingRect(QRect(0, 0, 240, 400), Qt::TextWordWrap, words);
    const int textWidth = std::max(text.width(), QFontMetrics(bold(font())).horizontalAdvance(heading)) + 2;
    const int textHeight = text.height() + fontMetrics().height() + 2;
    const QSize size(2 * kPadding + left + textWidth, 2 * kPadding + std::max(static_cast<int>(picture.height()), textHeight));
    const QRect room = parentWidget()->rect();
    // Away from the middle of the hand: right below, else mirrored to stay inside.
    int x = position.x() + 14;
    int y = position.y() + 14;
    if (x + size.width() > room.right()) x = position.x() - 14 - size.width();
    if (y + size.height() > room.bottom()) y = position.y() - 14 - size.height();
    setGeometry(QRect(QPoint(std::max(0, x), std::max(0, y)), size));
    show();
    raise();
    update();
}

void ItemTip::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = themeColors(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colors.hairline, 1));
    painter.setBrush(colors.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    int left = kPadding;
    if (!m_image.isNull()) {
        const QSizeF picture = imageSize();
        paintItem(painter, QRectF(QPointF(kPadding, kPadding), picture), m_image, Frame::Rounded);
        left += static_cast<int>(picture.width()) + kPadding;
    }
    const int line = fontMetrics().height();
    painter.setFont(bold(font()));
    painter.setPen(colors.text);
    painter.drawText(QRect(left, kPadding, width() - left, line), Qt::AlignLeft | Qt::AlignVCenter, m_heading);
    painter.setFont(font());
    painter.setPen(colors.secondary);
    painter.drawText(QRect(left, kPadding + line + 2, width() - left - kPadding, height()),
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_words);
}

} // namespace latentoscope::ui
