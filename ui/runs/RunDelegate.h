/// Paints one line of the list of runs: picture, name, words, tick.
#pragma once

#include <QStyledItemDelegate>

namespace latentoscope::ui {

class RunDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    enum Role { FolderRole = Qt::UserRole, WordsRole, PictureRole, CurrentRole, TickColorRole };

    explicit RunDelegate(QObject* parent) : QStyledItemDelegate(parent) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override;

private:
    static QRect tickRect(const QRect& row);
};

} // namespace latentoscope::ui
