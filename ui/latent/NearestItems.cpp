#include "ui/common/ItemImage.h"
#include "ui/common/Theme.h"
#include "ui/latent/ProbeParts.h"

#include <QFocusEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kColumns = 3;
constexpr int kMost = 6;
constexpr int kGap = 8;
constexpr int kLargestSide = 84; ///< units: three lines of 28 pixels

} // namespace

NearestItems::NearestItems(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("nearestItems"));
    setAccessibleName(tr("Nearest items"));
    setToolTip(tr("Click an image to move the probe to its code"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setFocusPolicy(Qt::NoFocus); // until there is something to choose
    setMouseTracking(true);
}

void NearestItems::setItems(std::vector<NearestItem> items)
{
    const bool resized = items.empty() != m_items.empty() || (items.size() > kColumns) != (m_items.size() > kColumns);
    m_items = std::move(items);
    if (m_items.size() > kMost) m_items.resize(kMost);
    m_current = std::min(m_current, static_cast<int>(m_items.size()) - 1);
    setFocusPolicy(m_items.empty() ? Qt::NoFocus : Qt::TabFocus);
    if (resized) updateGeometry();
    update();
}

int NearestItems::heightForWidth(int width) const
{
    return heightOf(std::min(m_mostRows, m_items.size() > kColumns ? 2 : 1), width);
}

int NearestItems::heightOf(int rows, int width) const
{
    return rows * (cell(0, width).height() + fontMetrics().height() + 4 + kGap);
}

void NearestItems::setMostRows(int rows)
{
    if (rows == m_mostRows) return;
    m_mostRows = rows;
    updateGeometry();
    update();
}

int NearestItems::shownCount() const { return std::min(static_cast<int>(m_items.size()), m_mostRows * kColumns); }

QRect NearestItems::cell(int index, int width) const
{
    const int side = std::clamp((width - (kColumns - 1) * kGap) / kColumns, 28, kLargestSide);
    const int rowHeight = side + fontMetrics().height() + 4 + kGap;
    return {(index % kColumns) * (side + kGap), (index / kColumns) * rowHeight, side, side};
}

int NearestItems::indexAt(const QPoint& position) const
{
    for (int i = 0; i < shownCount(); ++i)
        if (cell(i, width()).contains(position)) return i;
    return -1;
}

void NearestItems::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = themeColors(palette());
    QPainter painter(this);
    for (int i = 0; i < shownCount(); ++i) {
        const NearestItem& item = m_items[static_cast<std::size_t>(i)];
        painter.setRenderHint(QPainter::Antialiasing);
        const QRect frame = itemRect(item.image.size(), QRectF(cell(i, width())), devicePixelRatioF()).toAlignedRect();
        paintItem(painter, QRectF(frame), item.image, Frame::Rounded);
        const bool current = i == m_current && (hasFocus() || underMouse());
        if (item.own || current) {
            painter.setPen(QPen(colors.accent, current ? 2.5 : 1.5));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(frame).adjusted(-1, -1, 1, 1), 4, 4);
        }
        painter.setPen(item.own ? colors.text : colors.secondary);
        const QRect all = cell(i, width());
        const QRect words(all.left(), frame.bottom() + 3, all.width() + kGap - 2, fontMetrics().height());
        painter.drawText(words, Qt::AlignHCenter | Qt::AlignVCenter,
                         fontMetrics().elidedText(item.caption, Qt::ElideRight, words.width()));
    }
}

void NearestItems::mousePressEvent(QMouseEvent* event)
{
    const int index = indexAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && index >= 0)
        Q_EMIT chosen(m_items[static_cast<std::size_t>(index)].row);
    else
        QWidget::mousePressEvent(event);
}

void NearestItems::mouseMoveEvent(QMouseEvent* event)
{
    m_current = indexAt(event->position().toPoint());
    setCursor(m_current >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void NearestItems::leaveEvent(QEvent*)
{
    if (!hasFocus()) m_current = -1;
    update();
}

void NearestItems::focusInEvent(QFocusEvent* event)
{
    if (event->reason() != Qt::MouseFocusReason) m_current = std::max(0, m_current); // what Enter would choose is seen
    QWidget::focusInEvent(event);
    update();
}

void NearestItems::keyPressEvent(QKeyEvent* event)
{
    const int count = shownCount();
    if (count == 0) return QWidget::keyPressEvent(event);
    if (event->key() == Qt::Key_Right)
        m_current = std::min(m_current + 1, count - 1);
    else if (event->key() == Qt::Key_Left)
        m_current = std::max(m_current - 1, 0);
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Space) && m_current >= 0)
        Q_EMIT chosen(m_items[static_cast<std::size_t>(m_current)].row);
    else
        return QWidget::keyPressEvent(event);
    update();
}

} // namespace latentoscope::ui
