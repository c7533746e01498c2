/// The card that shows one item's input, output and error large, with its class and index.
#pragma once

#include <QImage>
#include <QWidget>

#include <vector>

namespace latentoscope {
struct ReconstructionsFigure;
}

namespace latentoscope::ui {

/// A child of the window that lets the mouse through.
class EnlargedItem : public QWidget {
    Q_OBJECT

public:
    explicit EnlargedItem(QWidget* window);

    /// `item` is the position in the figure's Reconstructions.
    void setItem(const ReconstructionsFigure& figure, int item);
    /// Below the rectangle (the window's coordinates), or above it where there is more room.
    void showBeside(const QRect& rect);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QSizeF pictureSize() const;

    std::vector<QImage> m_images; ///< input, output, a sample where there is one, error
    QString m_words;
};

} // namespace latentoscope::ui
