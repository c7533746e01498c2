#include "ui/training/ConfusionView.h"

#include "core/figures/FigureData.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/Words.h"
#include "ui/figures/ClassFigures.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

namespace latentoscope::ui {

ConfusionView::ConfusionView(QWidget* parent)
    : FigureView(QStringLiteral("confusionView"), tr("Confusion"), parent), m_canvas(new QWidget(this))
{
    m_canvas->setObjectName(QStringLiteral("confusionCanvas"));
    m_canvas->setAccessibleName(tr("True classes from top to bottom, predicted ones from left to right"));
    m_canvas->setMinimumSize(160, 100);
    m_canvas->setMouseTracking(true);
    m_canvas->setFocusPolicy(Qt::ClickFocus);
    m_canvas->installEventFilter(this);
    setContent(m_canvas);
    setEmptyText(tr("No classes told apart"), tr("Fine-tune or train a classifier to see its confusion matrix here."));
}

FigureData ConfusionView::figure() const
{
    if (!m_matrix) return std::monostate{};
    return m_figure;
}

void ConfusionView::setPredictions(const std::optional<Predictions>& predictions, const std::vector<std::string>& classNames)
{
    m_matrix.reset();
    if (predictions && predictions->count() > 0) {
        m_matrix = confusionOf(*predictions);
        m_figure = confusionFigure(*predictions, classNames);
        const std::string collapsed = collapseOf(*predictions, classNames);
        header().setSubtitle((collapsed.empty() ? QString() : QString::fromStdString(collapsed) + QStringLiteral(" · ")) +
                             tr("accuracy %1 % · %2 %3 images · rows: true, columns: predicted")
                                 .arg(m_matrix->accuracy(), 0, 'f', 2)
                                 .arg(groupedWords(predictions->count()), QString::fromStdString(predictions->split)));
    } else {
        header().setSubtitle(QString());
    }
    setContentState(m_matrix ? ContentState::Filled : ContentState::Empty);
    m_canvas->update();
}

void ConfusionView::applyColors() { m_canvas->update(); }

QRectF ConfusionView::area() const { return QRectF(m_canvas->rect()).adjusted(12, 0, -12, -10); }

QString ConfusionView::wordsAt(const QPointF& position) const
{
    if (!m_matrix) return {};
    const QPoint at = ConfusionLayout(m_figure, area(), font()).at(position);
    if (at.x() < 0) return {};
    const auto name = [this](int c) { return QString::fromStdString(m_figure.classNames[static_cast<std::size_t>(c)]); };
    const auto percent = [](const std::optional<double>& value) {
        return value ? QStringLiteral("%1 %").arg(*value, 0, 'f', 1) : QStringLiteral("none");
    };
    const int count = m_matrix->at(at.y(), at.x());
    if (at.x() != at.y())
        return tr("%1 of class %2 predicted as %3; click to show them in Mistakes")
            .arg(groupedWords(count), name(at.y()), name(at.x()));
    return tr("%1: %2 right, recall %3, precision %4")
        .arg(name(at.x()), groupedWords(count), percent(m_matrix->recall(at.x())), percent(m_matrix->precision(at.x())));
}

bool ConfusionView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_canvas) return FigureView::eventFilter(watched, event);
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), wordsAt(help->pos()), m_canvas);
        return true;
    }
    if (event->type() == QEvent::MouseButtonPress && m_matrix) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const QPoint at = ConfusionLayout(m_figure, area(), font()).at(mouse->position());
        if (mouse->button() != Qt::LeftButton || at.x() < 0) return false;
        if (at.x() == at.y())
            Q_EMIT pairChosen(-1, -1);
        else if (m_matrix->at(at.y(), at.x()) > 0)
            Q_EMIT pairChosen(at.y(), at.x());
        return false;
    }
    if (event->type() != QEvent::Paint || !m_matrix) return false;
    QPainter painter(m_canvas);
    drawConfusion(painter, m_figure, area(), screenStyle(palette(), font()));
    return true;
}

} // namespace latentoscope::ui
