#include "ui/training/MistakesView.h"

#include "ui/common/PanelHeader.h"
#include "ui/common/Words.h"
#include "ui/figures/ClassFigures.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kMost = 60;
constexpr double kWidth = 76; ///< units for a picture with its words

} // namespace

MistakesView::MistakesView(QWidget* parent)
    : FigureView(QStringLiteral("mistakesView"), QStringLiteral("Mistakes"), parent), m_canvas(new QWidget(this))
{
    m_canvas->setObjectName(QStringLiteral("mistakesCanvas"));
    m_canvas->setAccessibleName(QStringLiteral("Images taken for a wrong class, the most confident first"));
    m_canvas->setToolTip(QStringLiteral("Click a picture to see where it lies in the map"));
    m_canvas->setCursor(Qt::PointingHandCursor);
    m_canvas->setMinimumSize(160, 100);
    m_canvas->installEventFilter(this);
    setContent(m_canvas);
    setEmptyText(QStringLiteral("No mistakes"),
                 QStringLiteral("A classifier shows here what it is most confidently wrong about."));
}

FigureData MistakesView::figure() const
{
    if (m_rows.empty()) return std::monostate{};
    return m_figure;
}

void MistakesView::setPredictions(const std::optional<Predictions>& predictions, const std::shared_ptr<const DataSet>& images)
{
    m_rows.clear();
    if (predictions && images) {
        m_rows = mistakes(*predictions, predictions->count());
        m_wrong = static_cast<int>(m_rows.size());
        m_rows.resize(std::min<std::size_t>(m_rows.size(), kMost));
        m_figure = mistakesFigure(*predictions, *images, kMost);
    }
    setContentState(m_rows.empty() ? ContentState::Empty : ContentState::Filled);
    header().setSubtitle(m_rows.empty() ? QString()
                                        : QStringLiteral("%1 of %2 wrong · most confident first")
                                              .arg(groupedWords(m_wrong), groupedWords(predictions->count())));
    arrange();
}

void MistakesView::applyColors() { m_canvas->update(); }

QRectF MistakesView::area() const { return QRectF(m_canvas->rect()).adjusted(12, 2, -12, -8); }

void MistakesView::arrange()
{
    m_figure.columns = std::max(1, static_cast<int>(area().width() / kWidth));
    m_canvas->update();
}

bool MistakesView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_canvas) return FigureView::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::Resize:
        arrange();
        return false;
    case QEvent::MouseButtonPress: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() != Qt::LeftButton || m_rows.empty()) return false;
        const int chosen = MistakesLayout(m_figure, area(), font(), devicePixelRatioF()).at(mouse->position());
        if (chosen < 0) return false;
        Q_EMIT rowChosen(m_rows[static_cast<std::size_t>(chosen)]);
        return true;
    }
    case QEvent::Paint: {
        if (m_rows.empty()) return false;
        QPainter painter(m_canvas);
        drawMistakes(painter, m_figure, area(), screenStyle(palette(), font()), devicePixelRatioF());
        return true;
    }
    default:
        return false;
    }
}

} // namespace latentoscope::ui
