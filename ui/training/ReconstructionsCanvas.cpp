#include "ui/training/ReconstructionsCanvas.h"

#include "core/values/LatentCodes.h"
#include "ui/common/ItemImage.h"
#include "ui/common/Theme.h"
#include "ui/figures/FigurePainter.h"
#include "ui/training/EnlargedItem.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr double kMargin = 12;
constexpr int kRoomForNames = 300; ///< units of width from which the lines are named

} // namespace

ReconstructionsCanvas::ReconstructionsCanvas(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("reconstructionsCanvas"));
    setAccessibleName(tr("Inputs above their reconstructions"));
    setMouseTracking(true);
    setFocusPolicy(Qt::ClickFocus);
    setMinimumSize(120, 80);
}

ReconstructionsCanvas::~ReconstructionsCanvas() { delete m_card; }

void ReconstructionsCanvas::setFigure(const ReconstructionsFigure& figure)
{
    m_figure = figure;
    const int count = figure.reconstructions ? figure.reconstructions->count() : 0;
    // What is enlarged follows the training too.
    hover(m_hovered < count ? m_hovered : -1);
}

ImageGridLayout ReconstructionsCanvas::gridLayout() const { return {m_figure, imageArea(), devicePixelRatioF()}; }

QRectF ReconstructionsCanvas::imageArea() const
{
    const double left =
        width() >= kRoomForNames ? fontMetrics().horizontalAdvance(QStringLiteral("sample")) + 7 + kMargin : kMargin;
    return {left, 2, std::max(1.0, width() - left - kMargin), std::max(1.0, height() - 2.0 - kMargin)};
}

void ReconstructionsCanvas::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRectF area = imageArea();
    drawReconstructions(painter, m_figure, area, devicePixelRatioF(), Frame::Plain);
    if (m_figure.reconstructions && width() >= kRoomForNames)
        drawLineNames(painter, m_figure, area, devicePixelRatioF(), screenStyle(palette(), font()));
    const ImageGridLayout grid = gridLayout();
    if (m_hovered < 0 || m_hovered >= grid.count()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(themeColors(palette()).accent, 1.5));
    for (int line = 0; line < grid.lines(); ++line)
        painter.drawRoundedRect(grid.cell(m_hovered, line).adjusted(-1, -1, 1, 1), 2, 2);
}

void ReconstructionsCanvas::hover(int item)
{
    m_hovered = item;
    update();
    const ImageGridLayout grid = gridLayout();
    if (item < 0 || item >= grid.count()) {
        if (m_card) m_card->hide();
        return;
    }
    // A child of the window, so that it may reach beyond a small panel; made again when the panel floats.
    if (!m_card || m_card->parentWidget() != window()) {
        delete m_card;
        m_card = new EnlargedItem(window());
    }
    m_card->setItem(m_figure, item);
    const QRectF column = grid.cell(item, 0).united(grid.cell(item, grid.lines() - 1));
    m_card->showBeside(QRect(mapTo(window(), column.topLeft().toPoint()), column.size().toSize()));
}

void ReconstructionsCanvas::mouseMoveEvent(QMouseEvent* event)
{
    const int item = gridLayout().at(event->position()).item;
    if (item != m_hovered) hover(item);
}

void ReconstructionsCanvas::mousePressEvent(QMouseEvent* event)
{
    const int item = gridLayout().at(event->position()).item;
    if (event->button() == Qt::LeftButton && item >= 0) Q_EMIT itemClicked(item);
    QWidget::mousePressEvent(event);
}

void ReconstructionsCanvas::leaveEvent(QEvent*) { hover(-1); }

void ReconstructionsCanvas::hideEvent(QHideEvent*) { hover(-1); }

} // namespace latentoscope::ui
