#include "ui/training/SparklineDelegate.h"

#include "ui/common/Theme.h"
#include "ui/training/FoldsModel.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {

void SparklineDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->state.setFlag(QStyle::State_HasFocus, false);
}

void SparklineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyledItemDelegate::paint(painter, option, index); // selection and background
    const auto curve = index.data(FoldsModel::CurveRole).value<QList<double>>();
    if (curve.isEmpty()) return;
    const QRectF area = QRectF(option.rect).adjusted(6, 3, -6, -3);
    // A loss falls fast, then slowly: on a linear scale all that tells folds apart would be one line.
    const bool logarithmic = m_model.lowest() > 0;
    const auto scaled = [logarithmic](double value) { return logarithmic ? std::log(value) : value; };
    const double low = scaled(m_model.lowest());
    const double size = std::max(scaled(m_model.highest()) - low, 1e-9);
    const double steps = std::max(1, std::max(m_model.expectedEpochs(), static_cast<int>(curve.size())) - 1);
    QPolygonF line;
    for (qsizetype i = 0; i < curve.size(); ++i)
        line << QPointF(area.left() + area.width() * static_cast<double>(i) / steps,
                        area.bottom() - area.height() * (scaled(curve[i]) - low) / size);
    const QColor color = themeColors(option.palette).validation;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, 1.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->drawPolyline(line);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawEllipse(line.back(), 2, 2);
    painter->restore();
}

} // namespace latentoscope::ui
