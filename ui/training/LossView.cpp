#include "ui/training/LossView.h"

#include "core/figures/FigureData.h"
#include "ui/common/Keyboard.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"
#include "ui/common/PlotStyle.h"
#include "ui/common/Ticks.h"
#include "ui/figures/CurvesPlot.h"

#include <QAction>
#include <QComboBox>
#include <QCoreApplication>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QShortcut>
#include <QSignalBlocker>
#include <QSlider>
#include <QTimer>
#include <QToolButton>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

constexpr int kReplotMs = 33;
constexpr double kEnd = 0.015;     ///< beyond the last epoch, in shares of the axis
constexpr int kRoomForWords = 640; ///< units of width from which the header names the slider

/// A training curve's point is the mean over its epoch, in which the weights moved: its first lies above the steps beside it.
QString readName(const QCPGraph& graph)
{
    return graph.name() == QStringLiteral("train") ? QCoreApplication::translate("LossView", "train, mean of the epoch")
                                                   : graph.name();
}

} // namespace

LossView::LossView(QWidget* parent)
    : FigureView(QStringLiteral("lossView"), tr("Loss"), parent),
      m_plot(new QCustomPlot(this)),
      m_curves(std::make_unique<CurvesPlot>(*m_plot, CurvesPlot::Target::Screen)),
      m_replotTimer(new QTimer(this))
{
    m_plot->setObjectName(QStringLiteral("lossPlot"));
    m_plot->setAccessibleName(tr("Loss curves"));
    m_plot->setMinimumSize(160, 100);
    m_plot->setNoAntialiasingOnDrag(true);
    m_plot->setFocusPolicy(Qt::StrongFocus);
    m_plot->setInteraction(QCP::iRangeDrag);
    offerMenuOn(*m_plot);
    ringWhenFocused(*m_plot);
    setContent(m_plot);
    setEmptyText(tr("No curves yet"), tr("Press Train, or open a run."));
    header().setSubtitle(QString::fromStdString(m_scene.subtitle()));
    buildTools();
    m_replotTimer->setSingleShot(true);
    m_replotTimer->setInterval(kReplotMs);
    connect(m_replotTimer, &QTimer::timeout, this, &LossView::refresh);
    connectPlot();
}

LossView::~LossView() = default;

void LossView::buildTools()
{
    auto* words = new QLabel(tr("Smooth"), this);
    words->setProperty("secondary", true);
    m_smoothingWords = words;
    m_smoothing = new QSlider(Qt::Horizontal, this);
    m_smoothing->setObjectName(QStringLiteral("lossSmoothing"));
    m_smoothing->setAccessibleName(tr("Smoothing"));
    m_smoothing->setToolTip(tr("Smoothing of the loss per step: off. The raw curve is always drawn"));
    m_smoothing->setRange(0, 99);
    m_smoothing->setFixedWidth(64);
    words->setBuddy(m_smoothing);
    m_logButton = new QToolButton(this);
    m_logButton->setObjectName(QStringLiteral("lossLogarithmic"));
    m_logButton->setText(tr("Log"));
    m_logButton->setAccessibleName(tr("Logarithmic axis"));
    m_logButton->setToolTip(tr("Switch the loss axis between logarithmic and linear"));
    m_logButton->setCheckable(true);
    m_logButton->setChecked(m_scene.scale == AxisScale::Logarithmic);
    auto* fitting = new QToolButton(this);
    fitting->setObjectName(QStringLiteral("lossFit"));
    fitting->setText(tr("Fit"));
    fitting->setAccessibleName(tr("Fit the axes to the data"));
    fitting->setToolTip(tr("Fit the axes to the curves (Ctrl+0 or double-click)"));
    m_measure = new QComboBox(this);
    m_measure->setObjectName(QStringLiteral("lossMeasure"));
    m_measure->setAccessibleName(tr("What the curves show"));
    m_measure->setToolTip(tr("Measure to plot: the loss or one of its parts"));
    m_measure->hide();
    header().addTool(m_measure);
    header().addTool(words);
    header().addTool(m_smoothing);
    header().addTool(m_logButton);
    header().addTool(fitting);
    connect(m_measure, &QComboBox::activated, this,
            [this](int index) { m_chosen = m_scene.measures[static_cast<std::size_t>(index)].name; });
    connect(m_measure, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_scene.shown = static_cast<std::size_t>(std::max(0, index));
        followScale();
        m_rebuild = true;
        m_following = true;
        scheduleReplot();
    });
    connect(m_smoothing, &QSlider::valueChanged, this, &LossView::setSmoothing);
    connect(m_logButton, &QToolButton::toggled, this, [this](bool on) {
        m_logarithmic = on;
        setScale(on ? AxisScale::Logarithmic : AxisScale::Linear);
    });
    connect(fitting, &QToolButton::clicked, this, &LossView::fit);
}

bool LossView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_plot && event->type() == QEvent::Leave) markRead({}, {});
    return FigureView::eventFilter(watched, event);
}

void LossView::connectPlot()
{
    m_plot->installEventFilter(this);
    auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_0), this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, &LossView::fit);
    connect(m_plot, &QCustomPlot::mouseDoubleClick, this, &LossView::fit);
    connect(m_plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        // A drag pans by QCustomPlot itself; from then on the axes stay where the hand put them.
        if (event->buttons() & Qt::LeftButton) m_following = false;
        readValues(*event);
    });
    connect(m_plot, &QCustomPlot::mouseWheel, this, [this](QWheelEvent* event) { zoom(*event); });
}

FigureData LossView::figure() const
{
    if (m_scene.empty()) return std::monostate{};
    CurvesFigure figure = m_scene.figure();
    figure.title = "Loss";
    figure.xRange = AxisRange{m_plot->xAxis->range().lower, m_plot->xAxis->range().upper};
    figure.yRange = AxisRange{m_plot->yAxis->range().lower, m_plot->yAxis->range().upper};
    if (m_following) {
        const AxisRange x = m_scene.xRange();
        figure.xRange = AxisRange{x.lower, x.upper + kEnd * x.size()};
        figure.yRange = m_scene.yRange();
    }
    return figure;
}

void LossView::append(const std::vector<LossPoint>& steps)
{
    if (steps.empty()) return;
    m_scene.steps.insert(m_scene.steps.end(), steps.begin(), steps.end());
    scheduleReplot();
}

void LossView::append(const std::vector<EpochMetrics>& epochs)
{
    if (epochs.empty()) return;
    m_scene.epochs.insert(m_scene.epochs.end(), epochs.begin(), epochs.end());
    m_rebuild = true; // a few points an epoch: cheaper to build than to keep track of
    scheduleReplot();
}

void LossView::setMeasures(std::vector<Measure> measures)
{
    std::erase_if(measures, [](const Measure& measure) { return measure.detail == Measure::Detail::Hidden; });
    m_scene.measures = std::move(measures);
    m_scene.shown = 0;
    {
        const QSignalBlocker quiet(m_measure);
        m_measure->clear();
        for (const Measure& measure : m_scene.measures) m_measure->addItem(QString::fromStdString(measure.label));
    }
    m_measure->setVisible(m_scene.measures.size() > 1);
    m_rebuild = true;
    const std::string chosen = m_chosen;
    showMeasure(chosen); // a person's choice outlives the run where the next one measures it too
    followScale();
    updateSubtitle();
}

void LossView::showMeasure(const std::string& name)
{
    m_chosen = name;
    for (std::size_t m = 0; m < m_scene.measures.size(); ++m) {
        if (m_scene.measures[m].name == name) m_measure->setCurrentIndex(static_cast<int>(m));
    }
}

/// What is better the larger it is, as accuracy, has its axis in even steps; losses have the axis that a person has chosen.
void LossView::followScale()
{
    const bool loss = m_scene.measures.empty() || m_scene.loss().lowerIsBetter;
    const bool logarithmic = loss && m_logarithmic;
    const QSignalBlocker quiet(m_logButton);
    m_logButton->setChecked(logarithmic);
    m_logButton->setEnabled(loss);
    setScale(logarithmic ? AxisScale::Logarithmic : AxisScale::Linear);
}

void LossView::clear()
{
    m_scene.steps.clear();
    m_scene.epochs.clear();
    m_scene.marker.reset();
    m_following = true;
    m_rebuild = true;
    scheduleReplot();
}

void LossView::setReferences(std::map<std::string, std::vector<ReferenceLine>> references)
{
    m_scene.references = std::move(references);
    m_rebuild = true;
    updateSubtitle();
    scheduleReplot();
}

void LossView::setOverlays(std::vector<NamedCurves> overlays)
{
    m_scene.overlays = std::move(overlays);
    m_rebuild = true;
    scheduleReplot();
}

void LossView::setMarkerEpoch(std::optional<double> epoch)
{
    m_scene.marker = epoch;
    m_curves->setMarker(epoch);
    scheduleReplot();
}

void LossView::setExpectedEpochs(int epochs)
{
    m_scene.expectedEpochs = epochs;
    scheduleReplot();
}

AxisScale LossView::scale() const { return m_scene.scale; }

void LossView::setScale(AxisScale scale)
{
    if (scale == m_scene.scale) return;
    m_scene.scale = scale;
    m_logButton->setChecked(scale == AxisScale::Logarithmic);
    if (scale == AxisScale::Logarithmic && !(m_plot->yAxis->range().lower > 0)) m_following = true;
    m_rebuild = true;
    scheduleReplot();
}

int LossView::smoothing() const { return m_scene.smoothingPercent; }

void LossView::setSmoothing(int percent)
{
    m_scene.smoothingPercent = std::clamp(percent, 0, 99);
    m_smoothing->setValue(m_scene.smoothingPercent);
    const QString state =
        m_scene.smoothingPercent == 0 ? QStringLiteral("off") : tr("%1 % of the past kept").arg(m_scene.smoothingPercent);
    m_smoothing->setToolTip(tr("Smoothing of the loss per step: %1. The raw curve is always drawn").arg(state));
    m_rebuild = true;
    scheduleReplot();
}

void LossView::fit()
{
    m_following = true;
    scheduleReplot();
}

void LossView::resizeEvent(QResizeEvent* event)
{
    FigureView::resizeEvent(event);
    // In a narrow panel the numbers of the subtitle matter more than the slider's name; its tooltip has it.
    m_smoothingWords->setVisible(width() > kRoomForWords);
}

void LossView::extendMenu(QMenu& menu)
{
    menu.addAction(tr("Fit"), QKeySequence(Qt::CTRL | Qt::Key_0), this, &LossView::fit);
    QAction* logarithmic = menu.addAction(tr("Logarithmic axis"));
    logarithmic->setCheckable(true);
    logarithmic->setChecked(m_scene.scale == AxisScale::Logarithmic);
    connect(logarithmic, &QAction::toggled, m_logButton, &QToolButton::setChecked);
}

void LossView::applyColors()
{
    m_curves->setStyle(screenStyle(palette(), font()));
    scheduleReplot();
}

void LossView::scheduleReplot()
{
    setContentState(!m_scene.empty() ? ContentState::Filled : ContentState::Empty);
    if (!m_replotTimer->isActive()) m_replotTimer->start();
}

void LossView::refresh()
{
    const int drawn = m_curves->pointCount(Curve::Role::TrainStep);
    const int known = static_cast<int>(m_scene.steps.size());
    const bool onlyGrown = !m_rebuild && m_scene.smoothingPercent == 0 && (drawn > 0 || known == 0) && drawn <= known;
    if (onlyGrown) {
        std::vector<double> x;
        std::vector<double> y;
        for (int i = drawn; i < known; ++i) {
            x.push_back(m_scene.steps[static_cast<std::size_t>(i)].epoch);
            y.push_back(m_scene.stepValue(m_scene.steps[static_cast<std::size_t>(i)]));
        }
        m_curves->append(Curve::Role::TrainStep, x, y);
    } else {
        m_read = nullptr; // it goes with all graphs
        m_curves->setFigure(m_scene.figure());
    }
    m_rebuild = false;
    if (m_following) updateRanges();
    updateSubtitle();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void LossView::updateRanges()
{
    const AxisRange x = m_scene.xRange();
    const AxisRange y = m_scene.yRange();
    m_plot->xAxis->setRange(x.lower, x.upper + kEnd * x.size()); // the last point's mark is whole
    m_plot->yAxis->setRange(y.lower, y.upper);
}

void LossView::updateSubtitle() { header().setSubtitle(QString::fromStdString(m_scene.subtitle())); }

void LossView::readValues(const QMouseEvent& event)
{
    if (!m_plot->axisRect()->rect().contains(event.position().toPoint())) {
        const QString name = m_curves->shortenedNameAt(event.position());
        m_plot->setToolTip(name.toHtmlEscaped());
        if (!name.isEmpty()) QToolTip::showText(event.globalPosition().toPoint(), m_plot->toolTip(), m_plot);
        return;
    }
    const double x = m_plot->xAxis->pixelToCoord(event.position().x());
    QStringList lines;
    QVector<double> xs, ys;
    for (int i = 0; i < m_plot->graphCount(); ++i) {
        const QCPGraph* graph = m_plot->graph(i);
        if (graph == m_read) continue;
        const auto points = graph->data();
        if (points->isEmpty()) continue;
        auto at = points->findBegin(x, true);
        if (const auto next = std::next(at); next != points->constEnd() && std::abs(next->key - x) < std::abs(at->key - x))
            at = next;
        // Nothing is read off a curve far from the mouse.
        if (std::abs(m_plot->xAxis->coordToPixel(at->key) - event.position().x()) > 24) continue;
        // Each value with the epoch that it is of, which is seldom the mouse's.
        const int digits = at->key == std::floor(at->key) ? 0 : 2;
        lines << QStringLiteral(
                     "<tr><td>%1</td><td align='right'>&nbsp;&nbsp;epoch %2</td><td align='right'>&nbsp;&nbsp;%3</td></tr>")
                     .arg(readName(*graph).toHtmlEscaped(), QString::number(at->key, 'f', digits),
                          QString::number(at->value, 'g', 4));
        xs << at->key;
        ys << at->value;
    }
    markRead(xs, ys);
    if (lines.isEmpty()) return m_plot->setToolTip(QString());
    m_plot->setToolTip(QStringLiteral("<table>%1</table>").arg(lines.join(QString())));
    // Beside the points that are read, not over them.
    constexpr QPoint kBeside(24, 24);
    QToolTip::showText(event.globalPosition().toPoint() + kBeside, m_plot->toolTip(), m_plot);
}

/// Rings around the points whose values are told; none: the mouse has gone.
void LossView::markRead(const QVector<double>& x, const QVector<double>& y)
{
    if (x.isEmpty() && m_read == nullptr) return;
    if (m_read == nullptr) {
        m_read = m_plot->addGraph();
        m_read->setLineStyle(QCPGraph::lsNone);
        m_read->setSelectable(QCP::stNone);
    }
    const QColor color = screenStyle(palette(), font()).colors.text;
    m_read->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(color, 1.4), QBrush(Qt::NoBrush), 9));
    m_read->setData(x, y);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void LossView::zoom(const QWheelEvent& event)
{
    const double steps = event.angleDelta().y() / 120.0;
    const double factor = std::pow(0.85, steps);
    const QRect area = m_plot->axisRect()->rect();
    const QPointF at = event.position();
    m_following = false;
    // Over an axis only that one zooms; within the plot both do.
    if (at.x() >= area.left()) m_plot->xAxis->scaleRange(factor, m_plot->xAxis->pixelToCoord(at.x()));
    if (at.y() <= area.bottom()) m_plot->yAxis->scaleRange(factor, m_plot->yAxis->pixelToCoord(at.y()));
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

} // namespace latentoscope::ui
