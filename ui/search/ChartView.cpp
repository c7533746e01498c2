#include "ui/search/ChartView.h"

#include "core/figures/FigureData.h"
#include "core/search/NextTrial.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"
#include "ui/figures/ChartPlot.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QMouseEvent>
#include <QSignalBlocker>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

namespace latentoscope::ui {
namespace {

constexpr double kGrip = 0.25;       ///< of an axis's distance to the next, within which a drag brushes it
constexpr double kLeastBrush = 0.02; ///< shorter drags take the brush away

} // namespace

QString trialWords(const StudyView& view, int number)
{
    if (number < 0 || number >= static_cast<int>(view.trials.size())) return {};
    const Trial& trial = view.trials[static_cast<std::size_t>(number)];
    QStringList lines{
        QCoreApplication::translate("ChartView", "Trial %1, %2").arg(number).arg(QString::fromStdString(stateText(trial)))};
    for (std::size_t i = 0; i < trial.values.size(); ++i) {
        const std::string name = i < view.objectives.size() ? shortName(view.objectives[i]) : "value";
        lines << QStringLiteral("%1 %2").arg(QString::fromStdString(name)).arg(trial.values[i], 0, 'g', 6);
    }
    for (const auto& [name, parameter] : trial.parameters) {
        const bool real = std::holds_alternative<FloatDistribution>(*parameter.distribution);
        lines << QStringLiteral("%1 %2").arg(
            QString::fromStdString(shortName(name)),
            real ? QString::number(parameter.internal, 'g', 4)
                 : QString::fromStdString(valueText(*parameter.distribution, parameter.internal)));
    }
    return lines.join(QLatin1Char('\n'));
}

ChartView::ChartView(const QString& objectName, const QString& title, const QString& figureName, QWidget* parent)
    : FigureView(objectName, title, parent),
      m_name(figureName),
      m_plot(new QCustomPlot(this)),
      m_chart(std::make_unique<ChartPlot>(*m_plot))
{
    m_plot->setObjectName(objectName + tr("Plot"));
    m_plot->setAccessibleName(title);
    m_plot->setMinimumSize(160, 90);
    m_plot->setMouseTracking(true);
    m_plot->installEventFilter(this);
    offerMenuOn(*m_plot);
    setContent(m_plot);
    setEmptyText(tr("No trial yet"), tr("Start a search at the left, or open a study."));
}

ChartView::~ChartView() = default;

FigureData ChartView::figure() const
{
    if (!m_figure || !hasFigure()) return std::monostate{};
    return *m_figure;
}

void ChartView::setDraw(Draw draw) { m_draw = std::move(draw); }

void ChartView::addParameterBoxes(int count)
{
    for (int i = 0; i < count; ++i) {
        auto* box = new QComboBox(this);
        box->setObjectName(objectName() + tr("Parameter") + QString::number(i));
        box->setAccessibleName(tr("Parameter"));
        box->setToolTip(tr("Parameter to plot"));
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        connect(box, &QComboBox::activated, this, &ChartView::refresh);
        header().addTool(box);
        m_boxes.push_back(box);
    }
}

std::vector<std::string> ChartView::chosenParameters() const
{
    std::vector<std::string> names;
    for (const QComboBox* box : m_boxes) names.push_back(box->currentData().toString().toStdString());
    return names;
}

void ChartView::refreshBoxes()
{
    const std::vector<std::string> names = m_view ? parametersOf(*m_view) : std::vector<std::string>();
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        QComboBox& box = *m_boxes[i];
        if (box.count() == static_cast<int>(names.size())) {
            bool same = true;
            for (int n = 0; n < box.count(); ++n)
                same = same && box.itemData(n).toString().toStdString() == names[static_cast<std::size_t>(n)];
            if (same) continue;
        }
        const QSignalBlocker quiet(&box);
        const QVariant before = box.currentData();
        box.clear();
        for (const std::string& name : names) box.addItem(QString::fromStdString(shortName(name)), QString::fromStdString(name));
        const int known = box.findData(before);
        box.setCurrentIndex(known >= 0 ? known : std::min(static_cast<int>(i), box.count() - 1));
    }
}

void ChartView::setStudy(std::shared_ptr<const StudyView> view)
{
    if (!view || !m_view || view->study.name != m_view->study.name) m_brushes.clear();
    m_view = std::move(view);
    refreshBoxes();
    refresh();
}

void ChartView::setChosen(const std::vector<int>& trials)
{
    m_chosen = trials;
    showChosen();
}

void ChartView::setWithin(const std::optional<std::vector<int>>& trials)
{
    m_within = trials;
    showChosen();
}

void ChartView::clearBrushes()
{
    if (m_brushes.empty()) return;
    m_brushes.clear();
    brush();
}

void ChartView::showChosen()
{
    // A brush fades what is outside; within it, what is chosen stands out alone.
    m_chart->setChosen(m_chosen, m_within);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void ChartView::applyColors() { refresh(); }

void ChartView::refresh()
{
    m_figure.reset();
    const std::vector<std::string> parameters = chosenParameters();
    const bool known = std::none_of(parameters.begin(), parameters.end(), [](const std::string& name) { return name.empty(); });
    if (m_view && m_draw && !m_view->empty() && known) m_figure = m_draw(*m_view, parameters);
    setContentState(m_figure && !m_figure->series.empty() ? ContentState::Filled : ContentState::Empty);
    if (!m_figure) return;
    const PlotStyle style = screenStyle(palette(), font());
    m_chart->setStyle(style);
    m_chart->setFigure(*m_figure);
    QCPLayoutGrid& grid = *m_plot->plotLayout();
    if (grid.rowCount() == 1) {
        grid.insertRow(0);
        grid.setRowSpacing(0);
    }
    if (grid.hasElement(0, 0)) grid.remove(grid.element(0, 0));
    grid.addElement(0, 0, new ChartLegend(m_plot, *m_figure, style));
    brush();
}

void ChartView::hover(const QPoint& position, const QPoint& global)
{
    const auto trial = m_chart->trialAt(position);
    m_plot->setCursor(trial ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (trial && m_view)
        QToolTip::showText(global, trialWords(*m_view, *trial), m_plot);
    else
        QToolTip::hideText();
}

/// The axis of a parallel figure under the mouse; -1: none.
int ChartView::axisAt(const QPointF& position) const
{
    if (!m_brushed || !m_figure) return -1;
    const double x = m_plot->xAxis->pixelToCoord(position.x());
    const double nearest = std::round(x);
    if (std::abs(x - nearest) > kGrip || nearest < 0 || nearest >= static_cast<double>(m_figure->x.ticks.size())) return -1;
    return static_cast<int>(nearest);
}

void ChartView::drag(const QPointF& position)
{
    const double y = std::clamp(m_plot->yAxis->pixelToCoord(position.y()), -0.02, 1.02);
    const AxisRange range{std::min(m_dragStart, y), std::max(m_dragStart, y)};
    if (range.size() < kLeastBrush)
        m_brushes.erase(m_dragged);
    else
        m_brushes[m_dragged] = range;
    brush();
}

/// Which trials lie within all brushes, and the brushes themselves as bars on their axes.
void ChartView::brush()
{
    if (!m_figure) return;
    if (m_brushed) {
        std::vector<int> inside;
        for (const ChartSeries& series : m_figure->series) {
            const bool all = std::all_of(m_brushes.begin(), m_brushes.end(), [&](const auto& one) {
                for (std::size_t i = 0; i < series.x.size(); ++i) {
                    if (series.x[i] == one.first) return one.second.contains(series.y[i]);
                }
                return false;
            });
            if (all && !series.trials.empty()) inside.push_back(series.trials.front());
        }
        m_within = m_brushes.empty() ? std::nullopt : std::optional(inside);
        m_plot->clearItems();
        for (const auto& [axis, range] : m_brushes) {
            auto* bar = new QCPItemRect(m_plot);
            bar->topLeft->setCoords(axis - 0.04, range.upper);
            bar->bottomRight->setCoords(axis + 0.04, range.lower);
            const ThemeColors& colors = themeColors(palette());
            bar->setPen(QPen(colors.accent, 1));
            QColor fill = colors.accent;
            fill.setAlpha(60);
            bar->setBrush(fill);
        }
    }
    showChosen();
    if (m_brushed) Q_EMIT brushChanged(m_within);
}

bool ChartView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_plot || !m_figure) return FigureView::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::MouseButtonPress: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() != Qt::LeftButton) break;
        m_moved = false;
        m_dragged = axisAt(mouse->position());
        m_dragStart = std::clamp(m_plot->yAxis->pixelToCoord(mouse->position().y()), -0.02, 1.02);
        break;
    }
    case QEvent::MouseMove: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (m_dragged >= 0 && (mouse->buttons() & Qt::LeftButton) != 0) {
            m_moved = true;
            drag(mouse->position());
        } else {
            hover(mouse->position().toPoint(), mouse->globalPosition().toPoint());
        }
        break;
    }
    case QEvent::MouseButtonRelease: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() != Qt::LeftButton) break;
        const bool moved = std::exchange(m_moved, false);
        const int axis = std::exchange(m_dragged, -1);
        if (moved) break;
        // A click on a brushed axis takes its brush away; anywhere else it chooses a trial.
        if (axis >= 0 && m_brushes.erase(axis) > 0)
            brush();
        else if (const auto trial = m_chart->trialAt(mouse->position()))
            Q_EMIT trialClicked(*trial, (mouse->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier)) != 0);
        else
            Q_EMIT placeClicked();
        break;
    }
    default:
        break;
    }
    return FigureView::eventFilter(watched, event);
}

} // namespace latentoscope::ui
