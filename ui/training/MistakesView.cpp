#include "ui/training/MistakesView.h"

#include "core/data/DataSet.h"
#include "core/figures/FigureData.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/Words.h"
#include "ui/figures/ClassFigures.h"

#include <QMouseEvent>
#include <QPainter>
#include <QScrollArea>
#include <QToolButton>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr std::size_t kMost = 600; ///< pictures that can be scrolled through
constexpr double kWidth = 84;      ///< units for a picture with its words

} // namespace

MistakesView::MistakesView(QWidget* parent)
    : FigureView(QStringLiteral("mistakesView"), tr("Mistakes"), parent),
      m_scroll(new QScrollArea(this)),
      m_canvas(new QWidget),
      m_all(new QToolButton(this))
{
    m_canvas->setObjectName(QStringLiteral("mistakesCanvas"));
    m_canvas->setAccessibleName(tr("Misclassified images, the most confident first"));
    m_canvas->setToolTip(tr("Click an image to find it in the map"));
    m_canvas->setCursor(Qt::PointingHandCursor);
    m_canvas->setFocusPolicy(Qt::ClickFocus);
    m_canvas->installEventFilter(this);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setMinimumSize(120, 80);
    m_scroll->setWidget(m_canvas);
    m_all->setObjectName(QStringLiteral("mistakesAll"));
    m_all->setText(tr("All"));
    m_all->setToolTip(tr("Show the mistakes of all classes; click a cell in Confusion to filter"));
    m_all->hide();
    connect(m_all, &QToolButton::clicked, this, [this] { showPair(-1, -1); });
    header().addTool(m_all);
    setContent(m_scroll);
    setEmptyText(tr("No mistakes"), tr("Fine-tune or train a classifier to see its most confident mistakes here."));
}

FigureData MistakesView::figure() const
{
    if (m_rows.empty()) return std::monostate{};
    MistakesFigure figure = m_figure;
    figure.columns = 8; // of a page, however wide the panel is
    return figure;
}

void MistakesView::setPredictions(const std::optional<Predictions>& predictions, const std::shared_ptr<const DataSet>& images)
{
    m_predictions = images ? predictions : std::nullopt;
    m_images = images;
    select();
}

void MistakesView::showPair(int label, int predicted)
{
    m_label = label;
    m_taken = predicted;
    select();
}

void MistakesView::select()
{
    m_rows.clear();
    if (m_predictions) {
        m_rows = mistakes(*m_predictions, m_predictions->count());
        m_wrong = static_cast<int>(m_rows.size());
        const auto other = [this](int row) {
            const auto at = static_cast<std::size_t>(row);
            return (m_label >= 0 && m_predictions->labels[at] != m_label) ||
                   (m_taken >= 0 && m_predictions->predicted[at] != m_taken);
        };
        if (m_label >= 0 && std::all_of(m_rows.begin(), m_rows.end(), other)) m_label = m_taken = -1; // of another run
        std::erase_if(m_rows, other);
    }
    const auto shown = m_rows.size();
    m_rows.resize(std::min(shown, kMost));
    if (!m_rows.empty()) m_figure = mistakesFigure(*m_predictions, *m_images, m_rows);
    setContentState(m_rows.empty() ? ContentState::Empty : ContentState::Filled);
    QString words;
    if (!m_rows.empty() && m_label >= 0) {
        const auto name = [this](int c) { return QString::fromStdString(m_images->classNames[static_cast<std::size_t>(c)]); };
        words = tr("%1 of class %2 predicted as %3").arg(groupedWords(static_cast<int>(shown)), name(m_label), name(m_taken));
    } else if (!m_rows.empty()) {
        words = tr("%1 of %2 wrong · most confident first").arg(groupedWords(m_wrong), groupedWords(m_predictions->count()));
    }
    if (shown > kMost) words += tr(" · the first %1").arg(kMost);
    header().setSubtitle(words);
    m_all->setVisible(m_label >= 0);
    arrange();
}

void MistakesView::applyColors() { m_canvas->update(); }

QRectF MistakesView::area() const { return QRectF(m_canvas->rect()).adjusted(12, 2, -12, -8); }

QRectF MistakesView::pictureAt(int index) const
{
    return MistakesLayout(m_figure, area(), font(), devicePixelRatioF()).picture(index);
}

void MistakesView::arrange()
{
    m_figure.columns = std::max(1, static_cast<int>((m_scroll->viewport()->width() - 24) / kWidth));
    const int last = static_cast<int>(m_rows.size()) - 1;
    const double bottom = last < 0 ? 0 : MistakesLayout(m_figure, area(), font(), devicePixelRatioF()).words(last).bottom();
    m_canvas->setMinimumHeight(static_cast<int>(bottom) + 8);
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
        painter.setClipRect(static_cast<QPaintEvent*>(event)->rect());
        drawMistakes(painter, m_figure, area(), screenStyle(palette(), font()), devicePixelRatioF());
        return true;
    }
    default:
        return false;
    }
}

} // namespace latentoscope::ui
