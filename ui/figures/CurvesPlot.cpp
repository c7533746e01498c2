#include "ui/figures/CurvesPlot.h"

#include "ui/common/Colors.h"
#include "ui/common/PlotLibrary.h"
#include "ui/common/Ticks.h"
#include "ui/common/Words.h"

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

constexpr double kLabelGap = 7;    ///< units between a curve's end and its name
constexpr double kLabelMargin = 8; ///< units between a name and the plot's edge

QVector<double> toVector(std::span<const double> values) { return {values.begin(), values.end()}; }

/// "0.0244", "385", "1,040": three digits that matter, without an exponent where people read on.
QString threeDigits(double value)
{
    const double size = std::abs(value);
    if (size >= 100 && size < 1e7) return groupedWords(std::llround(value));
    return QString::number(value, 'g', 3);
}

} // namespace

CurvesPlot::CurvesPlot(QCustomPlot& plot, Target target, QObject* parent)
    : QObject(parent), m_plot(plot), m_target(target), m_style(printStyle())
{
    m_plot.axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    connect(&m_plot, &QCustomPlot::beforeReplot, this, [this] { fitLabels(m_plot.viewport().width()); });
    connect(&m_plot, &QCustomPlot::afterLayout, this, [this] { placeLabels(); });
}

void CurvesPlot::setStyle(const PlotStyle& style)
{
    m_style = style;
    styleAxes(m_plot, m_style);
    restyle();
}

void CurvesPlot::setFigure(const CurvesFigure& figure)
{
    m_plot.clearPlottables();
    for (const Line& line : m_lines) {
        m_plot.removeItem(line.line);
        m_plot.removeItem(line.label);
    }
    for (const Drawn& drawn : m_curves)
        if (drawn.label) m_plot.removeItem(drawn.label);
    m_lines.clear();
    m_curves.clear();
    setWholeTicks(*m_plot.xAxis); // epochs
    setAxisScale(*m_plot.yAxis, figure.yScale);
    m_plot.xAxis->setLabel(QString::fromStdString(figure.xTitle));
    m_yTitle = QString::fromStdString(figure.yTitle);
    m_plot.yAxis->setLabel(m_yTitle);
    for (const ReferenceLine& line : figure.lines) addLine(line);
    for (const Curve& curve : figure.curves) addCurve(curve);
    if (figure.xRange) m_plot.xAxis->setRange(figure.xRange->lower, figure.xRange->upper);
    if (figure.yRange) m_plot.yAxis->setRange(figure.yRange->lower, figure.yRange->upper);
    setMarker(figure.marker);
    restyle();
}

bool CurvesPlot::append(Curve::Role role, std::span<const double> x, std::span<const double> y)
{
    const Drawn* drawn = find(role);
    if (!drawn) return false;
    drawn->graph->addData(toVector(x), toVector(y), true);
    return true;
}

int CurvesPlot::pointCount(Curve::Role role) const
{
    const Drawn* drawn = find(role);
    return drawn ? drawn->graph->dataCount() : 0;
}

void CurvesPlot::setMarker(std::optional<double> x)
{
    m_markerX = x;
    if (x && !m_marker) {
        m_marker = new QCPItemStraightLine(&m_plot);
        m_marker->setObjectName(QStringLiteral("markerEpoch"));
        m_marker->setSelectable(false);
    }
    if (!m_marker) return;
    m_marker->setVisible(x.has_value());
    m_marker->point1->setCoords(x.value_or(0), 1);
    m_marker->point2->setCoords(x.value_or(0), 2);
    m_marker->setPen(markerPen());
}

QPen CurvesPlot::markerPen() const
{
    QColor color = m_style.colors.secondary;
    color.setAlphaF(0.45F);
    return QPen(color, 1);
}

void CurvesPlot::addCurve(const Curve& curve)
{
    QCPGraph* graph = m_plot.addGraph();
    graph->setName(QString::fromStdString(curve.name));
    graph->setSelectable(QCP::stNone);
    graph->setAdaptiveSampling(m_target == Target::Screen);
    graph->setData(toVector(curve.x), toVector(curve.y), true);
    QCPItemText* label = nullptr;
    if (curve.role != Curve::Role::Smoothed && curve.role != Curve::Role::Fold && !curve.name.empty()) {
        label = new QCPItemText(&m_plot);
        label->setText(graph->name());
        label->setSelectable(false);
        label->setClipToAxisRect(false);
        label->setPositionAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        label->position->setType(QCPItemPosition::ptAbsolute);
    }
    m_curves.push_back({curve.role, graph, label, curve.color});
}

void CurvesPlot::addLine(const ReferenceLine& line)
{
    auto* straight = new QCPItemStraightLine(&m_plot);
    straight->setSelectable(false);
    straight->point1->setCoords(0, line.y);
    straight->point2->setCoords(1, line.y);
    auto* label = new QCPItemText(&m_plot);
    label->setText(QStringLiteral("%1  %2").arg(QString::fromStdString(line.label), threeDigits(line.y)));
    label->setSelectable(false);
    label->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
    label->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
    label->position->setTypeY(QCPItemPosition::ptPlotCoords);
    label->position->setAxisRect(m_plot.axisRect());
    label->position->setAxes(m_plot.xAxis, m_plot.yAxis);
    label->position->setCoords(1, line.y);
    label->setPadding(QMargins(0, 0, 2, 1));
    m_lines.push_back({line.y, straight, label, label->text()});
}

QColor CurvesPlot::colorOf(const Drawn& drawn) const
{
    switch (drawn.role) {
    case Curve::Role::TrainStep:
    case Curve::Role::Fold:
        return m_style.colors.trainStep;
    case Curve::Role::Smoothed:
    case Curve::Role::Train:
        return m_style.colors.train;
    case Curve::Role::Validation:
        return m_style.colors.validation;
    case Curve::Role::Other:
        return classColor(drawn.color);
    }
    return m_style.colors.text;
}

void CurvesPlot::restyle()
{
    for (const Drawn& drawn : m_curves) {
        const QColor color = colorOf(drawn);
        const bool raw = drawn.role == Curve::Role::TrainStep || drawn.role == Curve::Role::Fold;
        // QPainter draws lines up to one unit wide many times faster, and the raw curve has the most segments.
        QPen pen(color, raw ? 1.0 : m_style.lineWidth);
        pen.setJoinStyle(Qt::RoundJoin);
        drawn.graph->setPen(pen);
        const bool marked =
            (drawn.role == Curve::Role::Train || drawn.role == Curve::Role::Validation) && drawn.graph->dataCount() <= 60;
        const double size = m_style.lineWidth * 3.4;
        if (marked && drawn.role == Curve::Role::Train)
            drawn.graph->setScatterStyle(
                QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(color, m_style.lineWidth), QBrush(m_style.colors.plot), size));
        else if (marked)
            drawn.graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssSquare, QPen(color, 0.5), QBrush(color), size));
        else
            drawn.graph->setScatterStyle(QCPScatterStyle::ssNone);
        if (drawn.label) {
            drawn.label->setFont(m_style.font);
            drawn.label->setColor(raw ? m_style.colors.secondary : color);
        }
    }
    for (const Line& line : m_lines) {
        QPen pen(m_style.colors.secondary, 1);
        pen.setDashPattern({4, 4});
        line.line->setPen(pen);
        line.label->setFont(m_style.font);
        line.label->setColor(m_style.colors.secondary);
    }
    if (m_marker) m_marker->setPen(markerPen());
    fitLabels(m_plot.viewport().width());
}

void CurvesPlot::fitLabels(double width)
{
    const QFontMetricsF metrics(m_style.font);
    const double room = width / 3 - kLabelGap - kLabelMargin;
    double widest = 0;
    for (const Drawn& drawn : m_curves) {
        if (!drawn.label) continue;
        drawn.label->setText(metrics.elidedText(drawn.graph->name(), Qt::ElideMiddle, room));
        widest = std::max(widest, metrics.horizontalAdvance(drawn.label->text()));
    }
    m_plot.axisRect()->setMargins(QMargins(0, 8, static_cast<int>(std::ceil(widest + kLabelGap + kLabelMargin)), 0));
}

QString CurvesPlot::shortenedNameAt(const QPointF& position) const
{
    constexpr double kNear = 4;
    for (const Drawn& drawn : m_curves) {
        if (!drawn.label || !drawn.label->visible() || drawn.label->text() == drawn.graph->name()) continue;
        const double distance = drawn.label->selectTest(position, false);
        if (distance >= 0 && distance <= kNear) return drawn.graph->name();
    }
    return {};
}

void CurvesPlot::placeLabels()
{
    const QRect area = m_plot.axisRect()->rect();
    const QFontMetricsF title(m_style.titleFont), words(m_style.font);
    m_plot.yAxis->setLabel(title.elidedText(m_yTitle, Qt::ElideRight, area.height()));
    for (const Line& one : m_lines) one.label->setText(words.elidedText(one.words, Qt::ElideMiddle, area.width() - 6));
    // Words above a line at the plot's upper edge would be cut: they stand below it.
    const double line = QFontMetricsF(m_style.font).height() + 2;
    for (const Line& one : m_lines) {
        const bool above = m_plot.yAxis->coordToPixel(one.y) - area.top() >= line;
        one.label->setPositionAlignment(Qt::AlignRight | (above ? Qt::AlignBottom : Qt::AlignTop));
    }
    std::vector<QCPItemText*> labels;
    std::vector<double> centres;
    std::vector<double> lefts;
    for (const Drawn& drawn : m_curves) {
        if (!drawn.label) continue;
        // The last point that is seen: a name beside a curve that is zoomed away would lie.
        const auto data = drawn.graph->data();
        auto last = data->findEnd(m_plot.xAxis->range().upper, false);
        const bool seen = last != data->constBegin() && std::prev(last)->key >= m_plot.xAxis->range().lower;
        const double value = seen ? std::prev(last)->value : 0;
        const bool inside = seen && m_plot.yAxis->range().contains(value);
        drawn.label->setVisible(inside);
        if (!inside) continue;
        labels.push_back(drawn.label);
        centres.push_back(m_plot.yAxis->coordToPixel(value));
        lefts.push_back(m_plot.xAxis->coordToPixel(std::prev(last)->key) + kLabelGap);
    }
    const double height = QFontMetricsF(m_style.font).height();
    const std::vector<double> placed = spreadLabels(centres, height, area.top() - 4, area.bottom() + 4);
    for (std::size_t i = 0; i < labels.size(); ++i)
        labels[i]->position->setCoords(std::min(lefts[i], area.right() + kLabelGap), placed[i]);
}

const CurvesPlot::Drawn* CurvesPlot::find(Curve::Role role) const
{
    const auto found = std::find_if(m_curves.begin(), m_curves.end(), [role](const Drawn& d) { return d.role == role; });
    return found == m_curves.end() ? nullptr : &*found;
}

} // namespace latentoscope::ui
