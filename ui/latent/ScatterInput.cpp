// The hand on the map: mouse, wheel and keys of ScatterView.
#include "core/data/ImageSet.h"
#include "core/values/LatentCodes.h"
#include "ui/common/Colors.h"
#include "ui/common/ItemImage.h"
#include "ui/common/PlotLibrary.h"
#include "ui/latent/ItemTip.h"
#include "ui/latent/ProbeMarker.h"
#include "ui/latent/ScatterView.h"
#include "ui/latent/SpreadMarker.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QStringList>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

constexpr double kPickPixels = 6;
constexpr double kDragPixels = 3; ///< less is a click
constexpr double kKeyPixels = 8;  ///< a press of an arrow key moves the probe by this; with Shift by 1

} // namespace

bool ScatterView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_plot || m_scene.empty()) return FigureView::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonDblClick:
        return pressed(*static_cast<QMouseEvent*>(event));
    case QEvent::MouseMove:
        return moved(*static_cast<QMouseEvent*>(event));
    case QEvent::MouseButtonRelease:
        return released(*static_cast<QMouseEvent*>(event));
    case QEvent::Wheel:
        zoom(*static_cast<QWheelEvent*>(event));
        return true;
    case QEvent::ContextMenu: // by the keyboard; the mouse's comes when its button is released
        if (static_cast<QContextMenuEvent*>(event)->reason() != QContextMenuEvent::Keyboard) return false;
        showMenu(m_plot->mapToGlobal(m_plot->rect().center()));
        return true;
    case QEvent::Leave:
        m_tip->hide();
        showHovered(-1);
        return false;
    case QEvent::KeyPress: {
        const auto* key = static_cast<QKeyEvent*>(event);
        return keyPressed(key->key(), key->modifiers());
    }
    case QEvent::KeyRelease:
        if (const auto* key = static_cast<QKeyEvent*>(event); key->key() == Qt::Key_Space && !key->isAutoRepeat())
            m_spaceDown = false;
        return false;
    case QEvent::FocusOut:
        m_spaceDown = false;
        return false;
    default:
        return FigureView::eventFilter(watched, event);
    }
}

bool ScatterView::pressed(const QMouseEvent& event)
{
    m_plot->setFocus(Qt::MouseFocusReason);
    m_tip->hide();
    m_pressPosition = event.position();
    m_lastPosition = event.position();
    m_dragMoved = false;
    if (event.button() == Qt::MiddleButton || (event.button() == Qt::LeftButton && m_spaceDown))
        m_drag = Drag::Pan;
    else if (event.button() == Qt::RightButton)
        m_drag = Drag::Menu;
    else if (event.button() == Qt::LeftButton && m_plot->axisRect()->rect().contains(event.position().toPoint())) {
        m_drag = Drag::Probe;
        const int row = rowAt(event.position());
        if (row >= 0) {
            const float* code = m_scene.codes()->code(row);
            moveProbeTo(std::vector<float>(code, code + m_scene.dimension()), row);
        } else {
            probeAt(event.position(), event.modifiers());
        }
    }
    return true;
}

bool ScatterView::moved(const QMouseEvent& event)
{
    if (m_drag == Drag::None) {
        hoverAt(event.position());
        return true;
    }
    const QPointF way = event.position() - m_pressPosition;
    if (!m_dragMoved && std::hypot(way.x(), way.y()) < kDragPixels) return true;
    m_dragMoved = true;
    if (m_drag == Drag::Menu) m_drag = Drag::Pan;
    if (m_drag == Drag::Pan)
        panBy(event.position() - m_lastPosition);
    else
        probeAt(event.position(), event.modifiers());
    m_lastPosition = event.position();
    return true;
}

bool ScatterView::released(const QMouseEvent& event)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    if (drag == Drag::Menu) showMenu(event.globalPosition().toPoint());
    return true;
}

bool ScatterView::keyPressed(int key, Qt::KeyboardModifiers modifiers)
{
    if (key == Qt::Key_Space) {
        m_spaceDown = true;
        return true;
    }
    if (key == Qt::Key_Escape && !m_scene.probe().empty()) {
        clearProbe();
        return true;
    }
    QPointF way;
    if (key == Qt::Key_Left)
        way = {-1, 0};
    else if (key == Qt::Key_Right)
        way = {1, 0};
    else if (key == Qt::Key_Up)
        way = {0, -1};
    else if (key == Qt::Key_Down)
        way = {0, 1};
    else
        return false;
    const double pixels = modifiers.testFlag(Qt::ShiftModifier) ? 1 : kKeyPixels;
    // Without a probe it begins at the mean of the codes.
    const auto [x, y] =
        probePlace().value_or(m_scene.placeOf(m_scene.codeAt(m_plot->xAxis->range().center(), m_plot->yAxis->range().center())));
    const QPointF at(m_plot->xAxis->coordToPixel(x), m_plot->yAxis->coordToPixel(y));
    const QPointF to = at + way * pixels;
    // Only the dimension that was asked for changes: pixels there and back would blur the other.
    moveProbeTo(
        Place{way.x() != 0 ? m_plot->xAxis->pixelToCoord(to.x()) : x, way.y() != 0 ? m_plot->yAxis->pixelToCoord(to.y()) : y});
    return true;
}

void ScatterView::zoom(const QWheelEvent& event)
{
    const double factor = std::pow(0.85, event.angleDelta().y() / 120.0);
    const QRect area = m_plot->axisRect()->rect();
    const QPointF at = event.position();
    m_following = false;
    if (at.x() >= area.left()) m_plot->xAxis->scaleRange(factor, m_plot->xAxis->pixelToCoord(at.x()));
    if (at.y() <= area.bottom()) m_plot->yAxis->scaleRange(factor, m_plot->yAxis->pixelToCoord(at.y()));
    m_tip->hide();
    viewChanged();
}

void ScatterView::panBy(const QPointF& pixels)
{
    m_following = false;
    m_plot->xAxis->moveRange(m_plot->xAxis->pixelToCoord(0) - m_plot->xAxis->pixelToCoord(pixels.x()));
    m_plot->yAxis->moveRange(m_plot->yAxis->pixelToCoord(0) - m_plot->yAxis->pixelToCoord(pixels.y()));
    viewChanged();
}

void ScatterView::probeAt(const QPointF& position, Qt::KeyboardModifiers)
{
    const QRectF area(m_plot->axisRect()->rect());
    const double x = std::clamp(position.x(), area.left(), area.right());
    const double y = std::clamp(position.y(), area.top(), area.bottom());
    moveProbeTo(Place{m_plot->xAxis->pixelToCoord(x), m_plot->yAxis->pixelToCoord(y)});
}

void ScatterView::moveProbeTo(const Place& place)
{
    std::vector<float> code = m_scene.codeAt(place[0], place[1]);
    setProbe(code, -1);
    if (m_scene.picture() || m_scene.strips()) { // a map's way there and back need not meet, and a code has no height in a strip
        m_probePlace = place;
        placeMarker();
        if (QCPLayer* layer = m_marker->layer()) layer->replot();
    }
    Q_EMIT probeMoved(std::move(code), -1);
}

void ScatterView::moveProbeTo(std::vector<float> code, int row)
{
    setProbe(code, row);
    Q_EMIT probeMoved(std::move(code), row);
}

int ScatterView::rowAt(const QPointF& position) const
{
    const QCPAxis* xAxis = m_plot->xAxis;
    const QCPAxis* yAxis = m_plot->yAxis;
    const QRect area = m_plot->axisRect()->rect();
    const PixelScale scale{area.width() / xAxis->range().size(), area.height() / yAxis->range().size()};
    return m_scene.rowNear(xAxis->pixelToCoord(position.x()), yAxis->pixelToCoord(position.y()), scale, kPickPixels);
}

void ScatterView::showHovered(int row)
{
    m_spread->setHovered(m_scene.spreadOf(row));
    if (QCPLayer* layer = m_spread->layer()) layer->replot();
}

void ScatterView::hoverAt(const QPointF& position)
{
    const int row = rowAt(position);
    showHovered(row);
    if (row < 0) return m_tip->hide();
    const LatentCodes& codes = *m_scene.codes();
    const auto at = static_cast<std::size_t>(row);
    QImage image;
    if (m_data) {
        const ImageSet& images = m_items.images(*m_data);
        if (codes.items[at] >= 0 && codes.items[at] < images.count())
            image = itemImage(images.shape, images.image(codes.items[at]));
    }
    QStringList code;
    const int shown = std::min(codes.dimension, 8);
    for (int d = 0; d < shown; ++d) code << QString::number(static_cast<double>(codes.code(row)[d]), 'f', 2);
    if (shown < codes.dimension) code << QStringLiteral("…");
    const QString item = itemWords(codes.split, codes.items[at]);
    const QString place = tr("z = (%1)").arg(code.join(QStringLiteral(", ")));
    if (codes.labels.empty()) return m_tip->showAt(position.toPoint(), image, item, place);
    m_tip->showAt(position.toPoint(), image, classNameAt(m_scene.classNames(), codes.labels, at), item + u'\n' + place);
}

} // namespace latentoscope::ui
