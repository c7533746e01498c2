/// Draws a table's cells: a short curve where there is one, and no frame around a single cell where whole rows are chosen.
#pragma once

#include <QStyledItemDelegate>

namespace latentoscope::ui {

class FoldsModel;

class SparklineDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit SparklineDelegate(const FoldsModel& model, QObject* parent = nullptr) : QStyledItemDelegate(parent), m_model(model)
    {
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    const FoldsModel& m_model; ///< tells what all curves have in common
};

} // namespace latentoscope::ui
