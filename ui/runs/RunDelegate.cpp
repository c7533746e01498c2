#include "ui/runs/RunDelegate.h"

#include "ui/common/ItemImage.h"
#include "ui/common/Theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kPicture = 36;
constexpr int kRow = 48;
constexpr int kEdge = 12;
constexpr int kTick = 16;

void drawTable(QPainter& painter, const QRectF& frame, const ThemeColors& colors)
{
    constexpr int kClasses = 3;
    constexpr double kCell = 8;
    painter.setPen(Qt::NoPen);
    for (int cell = 0; cell < kClasses * kClasses; ++cell) {
        const int column = cell % kClasses;
        const int line = cell / kClasses;
        const bool right = column == line;
        painter.setBrush(right ? colors.accent : colors.hairline);
        const QPointF corner = frame.center() + QPointF(column - kClasses / 2.0, line - kClasses / 2.0) * (kCell + 1);
        painter.drawRect(QRectF(corner, QSizeF(kCell, kCell)));
    }
}

} // namespace

QSize RunDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {160, std::max(kRow, 2 * option.fontMetrics.height() + 10)};
}

QRect RunDelegate::tickRect(const QRect& row)
{
    return {row.right() - kEdge - kTick, row.top() + (row.height() - kTick) / 2, kTick, kTick};
}

void RunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const ThemeColors& colors = themeColors(option.palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect row = option.rect;
    const bool current = index.data(CurrentRole).toBool();
    if (current)
        painter->fillRect(row, colors.selection);
    else if ((option.state & QStyle::State_MouseOver) != 0)
        painter->fillRect(row, colors.hover);
    if ((option.state & QStyle::State_Selected) != 0 && (option.state & QStyle::State_HasFocus) != 0) {
        painter->setPen(colors.accent);
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(row).adjusted(2.5, 1.5, -2.5, -1.5), 4, 4);
    }

    const QRectF frame(row.left() + kEdge, row.top() + (row.height() - kPicture) / 2.0, kPicture, kPicture);
    const QImage picture = index.data(PictureRole).value<QImage>();
    if (picture.isNull()) {
        painter->setPen(colors.hairline);
        painter->setBrush(colors.grid);
        painter->drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        // A classifier decodes no picture: three classes, most of them told rightly.
        if (index.data(WordsRole).toString().contains(QStringLiteral("classifier"))) drawTable(*painter, frame, colors);
    } else {
        paintItem(*painter, frame, picture, Frame::Rounded);
    }

    const QRect tick = tickRect(row);
    const int left = static_cast<int>(frame.right()) + 10;
    const QRect text(left, row.top(), tick.left() - 8 - left, row.height());
    QFont bold = option.font;
    if (current) bold.setWeight(QFont::DemiBold);
    painter->setFont(bold);
    painter->setPen(colors.text);
    const int half = row.height() / 2;
    const QFontMetrics metrics(bold);
    painter->drawText(QRect(text.left(), text.top() + half - metrics.height() - 1, text.width(), metrics.height()),
                      Qt::AlignLeft | Qt::AlignVCenter,
                      metrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, text.width()));
    QFont small = option.font;
    if (small.pointSizeF() > 0) small.setPointSizeF(small.pointSizeF() * 0.92);
    painter->setFont(small);
    painter->setPen(colors.secondary);
    const QFontMetrics smallMetrics(small);
    painter->drawText(QRect(text.left(), text.top() + half + 1, text.width(), smallMetrics.height()),
                      Qt::AlignLeft | Qt::AlignVCenter,
                      smallMetrics.elidedText(index.data(WordsRole).toString(), Qt::ElideRight, text.width()));

    if (!index.data(Qt::CheckStateRole).isValid()) return painter->restore();
    const bool checked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    // In its curve's colour, where it has one.
    const QVariant curve = index.data(TickColorRole);
    const QColor color = curve.isValid() ? curve.value<QColor>() : colors.accent;
    painter->setPen(QPen(checked ? color : colors.secondary, 1));
    painter->setBrush(checked ? QBrush(color) : QBrush(Qt::NoBrush));
    painter->drawRoundedRect(QRectF(tick).adjusted(1.5, 1.5, -1.5, -1.5), 3, 3);
    if (checked) {
        QPainterPath path;
        path.moveTo(tick.left() + 4.5, tick.top() + 8.2);
        path.lineTo(tick.left() + 7, tick.top() + 10.8);
        path.lineTo(tick.left() + 11.5, tick.top() + 5.4);
        painter->setPen(QPen(colors.accentText, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->setBrush(Qt::NoBrush);
        painter->drawPath(path);
    }
    painter->restore();
}

bool RunDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                              const QModelIndex& index)
{
    if (!index.data(Qt::CheckStateRole).isValid()) return false;
    const auto toggle = [&] {
        const bool checked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        return model->setData(index, checked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    };
    if (event->type() == QEvent::MouseButtonRelease || event->type() == QEvent::MouseButtonDblClick) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() != Qt::LeftButton ||
            !tickRect(option.rect).adjusted(-8, -8, 8, 8).contains(mouse->position().toPoint()))
            return false;
        // A double click on the tick is two clicks, not "open".
        return event->type() == QEvent::MouseButtonDblClick || toggle();
    }
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space) return toggle();
    return false;
}

} // namespace latentoscope::ui
