#include "ui/figures/BarsPlot.h"

#include "core/figures/BarsFigure.h"
#include "ui/common/PlotLibrary.h"

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr double kWidth = 0.7;     ///< of a bar, in bars
constexpr std::size_t kNames = 24; ///< more would run into each other: then every so many is named

} // namespace

BarsPlot::BarsPlot(QCustomPlot& plot)
    : m_plot(plot), m_marked(new QCPBars(plot.xAxis, plot.yAxis)), m_others(new QCPBars(plot.xAxis, plot.yAxis))
{
    for (QCPBars* bars : {m_marked, m_others}) bars->setWidth(kWidth);
    m_plot.axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    m_plot.axisRect()->setMargins(QMargins(0, 8, 12, 0));
}

void BarsPlot::setStyle(const PlotStyle& style)
{
    styleAxes(m_plot, style);
    m_plot.xAxis->grid()->setVisible(false);
    const auto paint = [](QCPBars* bars, const QColor& color) {
        bars->setBrush(color);
        bars->setPen(Qt::NoPen);
    };
    paint(m_marked, style.colors.accent);
    paint(m_others, style.colors.hairline);
}

void BarsPlot::setFigure(const BarsFigure& figure)
{
    m_count = static_cast<int>(figure.names.size());
    QVector<double> marked, markedValues, others, otherValues;
    const auto ticker = QSharedPointer<QCPAxisTickerText>::create();
    const std::size_t step = std::max<std::size_t>(1, (figure.names.size() + kNames - 1) / kNames);
    double highest = 0;
    for (std::size_t i = 0; i < figure.values.size(); ++i) {
        const bool isMarked = figure.marked.empty() || figure.marked[i] != 0;
        (isMarked ? marked : others).append(static_cast<double>(i));
        (isMarked ? markedValues : otherValues).append(figure.values[i]);
        highest = std::max(highest, figure.values[i]);
        if (i % step == 0) ticker->addTick(static_cast<double>(i), QString::fromStdString(figure.names[i]));
    }
    m_marked->setData(marked, markedValues, true);
    m_others->setData(others, otherValues, true);
    m_plot.xAxis->setTicker(ticker);
    m_plot.xAxis->setLabel(QString::fromStdString(figure.xTitle));
    m_plot.yAxis->setLabel(QString::fromStdString(figure.yTitle));
    m_plot.xAxis->setRange(-0.7, static_cast<double>(figure.values.size()) - 0.3);
    m_plot.yAxis->setRange(0, highest > 0 ? 1.06 * highest : 1);
}

int BarsPlot::barAt(const QPointF& position) const
{
    if (!m_plot.axisRect()->rect().contains(position.toPoint())) return -1;
    const double x = m_plot.xAxis->pixelToCoord(position.x());
    const int nearest = static_cast<int>(std::lround(x));
    return nearest >= 0 && nearest < m_count && std::abs(x - nearest) <= 0.5 ? nearest : -1;
}

} // namespace latentoscope::ui
