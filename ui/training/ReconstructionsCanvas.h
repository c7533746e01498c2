/// The pictures of the reconstructions view, enlarged under the mouse.
#pragma once

#include "core/figures/ImageFigures.h"
#include "ui/figures/ImageGridLayout.h"

#include <QPointer>
#include <QWidget>

namespace latentoscope::ui {

class EnlargedItem;

class ReconstructionsCanvas : public QWidget {
    Q_OBJECT

public:
    explicit ReconstructionsCanvas(QWidget* parent = nullptr);
    ~ReconstructionsCanvas() override;

    /// Where the images may lie.
    QRectF imageArea() const;
    void setFigure(const ReconstructionsFigure& figure);
    /// The item under the mouse (position in the Reconstructions); -1: none.
    int hoveredItem() const { return m_hovered; }

Q_SIGNALS:
    void itemClicked(int position);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    ImageGridLayout gridLayout() const;
    void hover(int item);

    ReconstructionsFigure m_figure;
    QPointer<EnlargedItem> m_card; ///< owned, but the window may go first
    int m_hovered = -1;
};

} // namespace latentoscope::ui
