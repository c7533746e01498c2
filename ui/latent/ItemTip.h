/// The card beside a point under the mouse: its picture, class, index and code.
#pragma once

#include <QImage>
#include <QWidget>

namespace latentoscope::ui {

/// A child of the map that lets the mouse through.
class ItemTip : public QWidget {
    Q_OBJECT

public:
    explicit ItemTip(QWidget* parent);

    /// Shows the card beside `position` (the parent's coordinates), within the parent. The image may be empty.
    void showAt(const QPoint& position, const QImage& image, const QString& heading, const QString& words);
    QString heading() const { return m_heading; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QSizeF imageSize() const;

    QImage m_image;
    QString m_heading;
    QString m_words;
};

} // namespace latentoscope::ui
