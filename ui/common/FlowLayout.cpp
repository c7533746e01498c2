#include "ui/common/FlowLayout.h"

#include <algorithm>
#include <utility>

namespace latentoscope::ui {

FlowLayout::~FlowLayout() = default;

void FlowLayout::addItem(QLayoutItem* item)
{
    m_items.emplace_back(item);
    invalidate();
}

QLayoutItem* FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    if (index < 0 || index >= count()) return nullptr;
    QLayoutItem* item = m_items[static_cast<std::size_t>(index)].release();
    m_items.erase(m_items.begin() + index);
    invalidate();
    return item;
}

int FlowLayout::heightForWidth(int width) const { return arrange(QRect(0, 0, width, 0), Pass::Measure); }

QSize FlowLayout::sizeHint() const
{
    int width = 0;
    int height = 0;
    for (const auto& item : m_items) {
        if (item->isEmpty()) continue;
        width += (width > 0 ? spacing() : 0) + (item == m_items.back() ? item->minimumSize() : item->sizeHint()).width();
        height = std::max(height, item->sizeHint().height());
    }
    const QMargins margins = contentsMargins();
    return {width + margins.left() + margins.right(), height + margins.top() + margins.bottom()};
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const auto& item : m_items)
        if (!item->isEmpty()) size = size.expandedTo(item->minimumSize());
    const QMargins margins = contentsMargins();
    return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

void FlowLayout::setGeometry(const QRect& area)
{
    QLayout::setGeometry(area);
    arrange(area, Pass::Place);
}

int FlowLayout::arrange(const QRect& area, Pass pass) const
{
    const QMargins margins = contentsMargins();
    const QRect inside = area.marginsRemoved(margins);
    int x = inside.left();
    int y = inside.top();
    std::vector<std::pair<QLayoutItem*, QRect>> line;
    int height = 0;
    const auto endLine = [&] {
        for (auto& [item, rect] : line) {
            rect.moveTop(y + (height - rect.height()) / 2);
            if (pass == Pass::Place) item->setGeometry(rect);
        }
        line.clear();
    };
    for (const auto& item : m_items) {
        if (item->isEmpty()) continue;
        const bool last = item == m_items.back();
        QSize size = last ? QSize(item->minimumSize().width(), item->sizeHint().height()) : item->sizeHint();
        if (!line.empty() && x + size.width() > inside.right() + 1) {
            endLine();
            y += height + spacing();
            x = inside.left();
            height = 0;
        }
        if (last) size.setWidth(std::max(size.width(), inside.right() + 1 - x));
        line.emplace_back(item.get(), QRect(QPoint(x, y), size));
        x += size.width() + spacing();
        height = std::max(height, size.height());
    }
    endLine();
    return y + height - area.top() + margins.bottom();
}

} // namespace latentoscope::ui
