#include "ui/figures/FigurePainter.h"

#include "core/figures/BarsFigure.h"
#include "core/figures/ConfusionFigure.h"
#include "core/figures/FigureData.h"
#include "core/figures/Grid.h"
#include "core/values/LatentCodes.h"
#include "ui/common/PlotLibrary.h"
#include "ui/common/Words.h"
#include "ui/figures/BarsPlot.h"
#include "ui/figures/ChartPlot.h"
#include "ui/figures/ClassFigures.h"
#include "ui/figures/CurvesPlot.h"
#include "ui/figures/ImageGridLayout.h"
#include "ui/figures/PlotParts.h"
#include "ui/figures/PointLayer.h"
#include "ui/figures/RegionsLayer.h"
#include "ui/figures/TablePainter.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace latentoscope::ui {
namespace {

constexpr double kTitleHeight = 20; ///< units

AxisRange rangeOf(std::span<const float> values)
{
    AxisRange range{std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()};
    for (const float value : values) {
        if (!std::isfinite(value)) continue;
        range.lower = std::min(range.lower, static_cast<double>(value));
        range.upper = std::max(range.upper, static_cast<double>(value));
    }
    if (range.lower > range.upper) return {};
    const double margin = std::max(range.size() * 0.04, 1e-6);
    return {range.lower - margin, range.upper + margin};
}

/// Of all curves and lines where the figure does not state a range.
void completeRanges(CurvesFigure& figure)
{
    AxisRange x{std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()};
    AxisRange y = x;
    const bool positive = figure.yScale == AxisScale::Logarithmic;
    const auto cover = [positive](AxisRange& range, double value, bool isY) {
        if (!std::isfinite(value) || (isY && positive && !(value > 0))) return;
        range.lower = std::min(range.lower, value);
        range.upper = std::max(range.upper, value);
    };
    for (const Curve& curve : figure.curves)
        for (std::size_t i = 0; i < curve.x.size(); ++i) {
            cover(x, curve.x[i], false);
            cover(y, curve.y[i], true);
        }
    for (const ReferenceLine& line : figure.lines) cover(y, line.y, true);
    if (x.lower > x.upper) x = {0, 1};
    if (y.lower > y.upper) y = {0.01, 1};
    if (!figure.xRange) figure.xRange = AxisRange{std::min(0.0, x.lower), x.upper > x.lower ? x.upper : x.lower + 1};
    if (figure.yRange) return;
    if (positive)
        figure.yRange = AxisRange{y.lower / 1.08, y.upper * 1.08};
    else
        figure.yRange = AxisRange{y.lower - 0.05 * std::max(y.size(), 1e-9), y.upper + 0.05 * std::max(y.size(), 1e-9)};
}

class FigureDrawer {
public:
    FigureDrawer(QCPPainter& painter, const QSizeF& size, double ratio)
        : m_painter(painter), m_size(size), m_ratio(ratio), m_style(printStyle())
    {
    }

    void operator()(const std::monostate&) const {}

    void operator()(CurvesFigure figure) const
    {
        completeRanges(figure);
        QCustomPlot plot;
        CurvesPlot curves(plot, CurvesPlot::Target::Print);
        curves.setStyle(m_style);
        curves.setFigure(figure);
        curves.fitLabels(m_size.width());
        finish(plot, figure.title);
    }

    void operator()(const ScatterFigure& figure) const
    {
        QCustomPlot plot;
        styleAxes(plot, m_style);
        setAxisScale(*plot.xAxis, AxisScale::Linear);
        setAxisScale(*plot.yAxis, AxisScale::Linear);
        plot.xAxis->setLabel(QString::fromStdString(figure.xTitle));
        plot.yAxis->setLabel(QString::fromStdString(figure.yTitle));
        if (figure.strips) setAxisNames(*plot.yAxis, figure.classNames);
        const AxisRange x = figure.xRange.value_or(rangeOf(figure.x));
        const AxisRange y = figure.yRange.value_or(rangeOf(figure.y));
        plot.xAxis->setRange(x.lower, x.upper);
        plot.yAxis->setRange(y.lower, y.upper);
        auto* regions = new RegionsLayer(&plot, QStringLiteral("background"));
        regions->setRegions(figure.regions);
        auto* points = new PointLayer(&plot, QStringLiteral("main"));
        points->setStyle(m_style);
        points->setFigure(figure);
        plot.plotLayout()->addElement(0, 1, new ClassLegend(&plot, figure, m_style));
        plot.plotLayout()->setColumnSpacing(2);
        plot.axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
        plot.axisRect()->setMargins(QMargins(0, 8, 6, 0));
        finish(plot, figure.title);
    }

    void operator()(const ReconstructionsFigure& figure) const
    {
        if (!figure.reconstructions) return;
        const double top = drawTitle(figure.title);
        const QRectF area(kLineNames, top, m_size.width() - kLineNames - 1, m_size.height() - top - 1);
        drawReconstructions(m_painter, figure, area, m_ratio, Frame::Plain);
        drawLineNames(m_painter, figure, area, m_ratio, m_style);
    }

    void operator()(const ManifoldFigure& figure) const
    {
        const PixelImage grid = composeManifold(figure, 1);
        QCustomPlot plot;
        styleAxes(plot, m_style);
        plot.xAxis->grid()->setVisible(false);
        plot.yAxis->grid()->setVisible(false);
        setAxisScale(*plot.xAxis, AxisScale::Linear);
        setAxisScale(*plot.yAxis, AxisScale::Linear);
        plot.xAxis->setLabel(QString::fromStdString(figure.xTitle));
        plot.yAxis->setLabel(QString::fromStdString(figure.yTitle));
        // A picture stands on its code, so that half a step is beyond the first and last.
        const AxisRange x = widened(figure.xRange, figure.columns);
        const AxisRange y = widened(figure.yRange, figure.rows);
        plot.xAxis->setRange(x.lower, x.upper);
        plot.yAxis->setRange(y.lower, y.upper);
        new PictureLayer(&plot, QStringLiteral("main"), itemImage(grid.shape(), std::span<const std::uint8_t>(grid.pixels)), x,
                         y);
        const QSizeF room(m_size.width() - 56, m_size.height() - 48 - (figure.title.empty() ? 0 : kTitleHeight));
        const QSizeF picture = fitted(QSize(grid.width, grid.height), room);
        plot.axisRect()->setAutoMargins(QCP::msNone);
        plot.axisRect()->setMargins(QMargins(46, 6, 0, 0));
        const QMargins margins(
            46, 6, static_cast<int>(m_size.width() - 46 - picture.width()),
            static_cast<int>(m_size.height() - (figure.title.empty() ? 0 : kTitleHeight) - 6 - picture.height()));
        plot.axisRect()->setMargins(margins);
        finish(plot, figure.title);
    }

    void drawColumnName(const SamplesFigure& figure, int column, const QRectF& room) const
    {
        const auto label = static_cast<std::size_t>(figure.labels[static_cast<std::size_t>(column)]);
        QFont font = m_style.font;
        font.setPixelSize(10);
        m_painter.setFont(font);
        m_painter.setPen(QPen(m_style.colors.secondary));
        m_painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                           QFontMetricsF(font).elidedText(sampleClass(figure, label), Qt::ElideRight, room.width()));
    }

    static QString sampleClass(const SamplesFigure& figure, std::size_t label)
    {
        return label < figure.classNames.size() ? QString::fromStdString(figure.classNames[label]) : QString::number(label);
    }

    /// What a classifier takes a sample for: a wrong class stands out by its weight, too, not by colour alone.
    void drawPredicted(const SamplesFigure& figure, int index, const QRectF& room) const
    {
        const auto at = static_cast<std::size_t>(index);
        const bool wrong = !figure.labels.empty() && figure.predicted[at] != figure.labels[at];
        QFont font = m_style.font;
        font.setPixelSize(9);
        font.setBold(wrong);
        m_painter.setFont(font);
        m_painter.setPen(QPen(wrong ? m_style.colors.text : m_style.colors.secondary));
        m_painter.drawText(
            room, Qt::AlignLeft | Qt::AlignTop,
            QFontMetricsF(font).elidedText(sampleClass(figure, figure.predicted[at]), Qt::ElideRight, room.width()));
    }

    void operator()(const SamplesFigure& figure) const
    {
        const bool named = figure.classesAreColumns();
        const double top = drawTitle(figure.title) + (named ? kColumnNames : 0);
        const std::size_t values = figure.shape.values();
        const auto count = static_cast<int>(figure.pixels.size() / values);
        const int rows = (count + figure.columns - 1) / figure.columns;
        constexpr double kGap = 3;
        const QSizeF room((m_size.width() + kGap) / figure.columns - kGap, (m_size.height() - top + kGap) / rows - kGap);
        const double below = figure.predicted.empty() ? 0 : kBelowSample;
        const QSizeF picture = fitted(QSize(figure.shape.width, figure.shape.height), {room.width(), room.height() - below});
        for (int i = 0; i < count; ++i) {
            const int row = i / figure.columns;
            const QPointF at(i % figure.columns * (picture.width() + kGap), top + row * (picture.height() + below + kGap));
            if (below > 0) drawPredicted(figure, i, QRectF(at.x(), at.y() + picture.height(), picture.width() + kGap, below));
            const auto pixels = std::span(figure.pixels).subspan(static_cast<std::size_t>(i) * values, values);
            paintItem(m_painter, QRectF(at, picture), itemImage(figure.shape, pixels), Frame::Plain);
            if (named && row == 0)
                drawColumnName(figure, i, QRectF(at.x(), top - kColumnNames, picture.width() + kGap, kColumnNames));
        }
    }

    void operator()(const ConfusionFigure& figure) const
    {
        const double top = drawTitle(figure.title) + kTitleHeight;
        int all = 0, right = 0;
        for (std::size_t i = 0; i < figure.counts.size(); ++i) {
            all += figure.counts[i];
            if (i % (figure.classNames.size() + 1) == 0) right += figure.counts[i];
        }
        QString words = QCoreApplication::translate("FigurePainter", "Rows: true class · columns: predicted class");
        if (all > 0) {
            words += QCoreApplication::translate("FigurePainter", " · %1 of %2 right, %3 %")
                         .arg(groupedWords(right), groupedWords(all))
                         .arg(100.0 * right / all, 0, 'f', 2);
        }
        m_painter.setFont(m_style.font);
        m_painter.setPen(QPen(m_style.colors.secondary));
        m_painter.drawText(QRectF(0, top - kTitleHeight, m_size.width(), kTitleHeight), Qt::AlignLeft | Qt::AlignTop, words);
        drawConfusion(m_painter, figure, QRectF(0, top, m_size.width(), m_size.height() - top), m_style);
    }

    void operator()(const MistakesFigure& figure) const
    {
        const double top = drawTitle(figure.title);
        drawMistakes(m_painter, figure, QRectF(0, top, m_size.width(), m_size.height() - top), m_style, m_ratio);
    }

    void operator()(const BarsFigure& figure) const
    {
        QCustomPlot plot;
        BarsPlot bars(plot);
        bars.setStyle(m_style);
        bars.setFigure(figure);
        finish(plot, figure.title);
    }

    void operator()(const TableFigure& figure) const
    {
        const double top = drawTitle(figure.title);
        drawTable(m_painter, figure, QRectF(0, top, m_size.width(), m_size.height() - top), m_style);
    }

    void operator()(const ChartFigure& figure) const
    {
        QCustomPlot plot;
        ChartPlot chart(plot);
        chart.setStyle(m_style);
        chart.setFigure(figure);
        plot.plotLayout()->insertRow(0);
        plot.plotLayout()->addElement(0, 0, new ChartLegend(&plot, figure, m_style));
        plot.plotLayout()->setRowSpacing(0);
        finish(plot, figure.title);
    }

    void operator()(const ImageFigure& figure) const
    {
        const double top = drawTitle(figure.title);
        const double bottom = figure.caption.empty() ? 0 : kTitleHeight;
        const QRectF area(0, top, m_size.width(), m_size.height() - top - bottom);
        const QImage image = itemImage(figure.shape, std::span<const std::uint8_t>(figure.pixels));
        const QRectF target = itemRect(image.size(), area, m_ratio);
        paintItem(m_painter, target, image, Frame::Plain);
        m_painter.setFont(m_style.font);
        m_painter.setPen(QPen(m_style.colors.secondary));
        m_painter.drawText(QRectF(0, m_size.height() - bottom, m_size.width(), bottom), Qt::AlignCenter,
                           QString::fromStdString(figure.caption));
    }

private:
    static AxisRange widened(const AxisRange& range, int count)
    {
        const double half = count > 1 ? range.size() / (count - 1) / 2 : 0.5;
        return {range.lower - half, range.upper + half};
    }

    /// As large as fits with the image's proportions; by whole device pixels where at least one fits.
    QSizeF fitted(const QSize& image, const QSizeF& room) const
    {
        double factor = std::min(room.width() / image.width(), room.height() / image.height());
        if (factor * m_ratio >= 1) factor = std::floor(factor * m_ratio) / m_ratio;
        return {image.width() * factor, image.height() * factor};
    }

    double drawTitle(const std::string& title) const
    {
        if (title.empty()) return 0;
        QFont font = m_style.titleFont;
        font.setBold(true);
        m_painter.setFont(font);
        m_painter.setPen(QPen(m_style.colors.text));
        m_painter.drawText(QRectF(0, 0, m_size.width(), kTitleHeight), Qt::AlignLeft | Qt::AlignTop,
                           QString::fromStdString(title));
        return kTitleHeight;
    }

    void finish(QCustomPlot& plot, const std::string& title) const
    {
        const double top = drawTitle(title);
        plot.setBackground(Qt::NoBrush);
        m_painter.save();
        m_painter.translate(0, top);
        plot.toPainter(&m_painter, static_cast<int>(m_size.width()), static_cast<int>(m_size.height() - top));
        m_painter.restore();
    }

    QCPPainter& m_painter;
    QSizeF m_size;
    double m_ratio;
    PlotStyle m_style;
};

} // namespace

void drawFigure(QCPPainter& painter, const FigureData& figure, const QSizeF& size, double devicePixelRatio)
{
    painter.fillRect(QRectF(QPointF(), size), Qt::white);
    constexpr double kMargin = 6;
    painter.save();
    painter.translate(kMargin, kMargin);
    const QSizeF inner(size.width() - 2 * kMargin, size.height() - 2 * kMargin);
    std::visit(FigureDrawer(painter, inner, devicePixelRatio), figure);
    painter.restore();
}

void drawLineNames(QPainter& painter, const ReconstructionsFigure& figure, const QRectF& area, double devicePixelRatio,
                   const PlotStyle& style)
{
    const ImageGridLayout layout(figure, area, devicePixelRatio);
    painter.setPen(QPen(style.colors.secondary));
    painter.setFont(style.font);
    const std::vector<GridLine> lines = figure.lines();
    const int bands = (layout.count() + figure.columns - 1) / std::max(1, figure.columns);
    for (int band = 0; band < bands; ++band)
        for (int line = 0; line < layout.lines(); ++line) {
            const QRectF cell = layout.cell(band * std::min(figure.columns, layout.count()), line);
            painter.drawText(QRectF(0, cell.top(), area.left() - 7, cell.height()), Qt::AlignRight | Qt::AlignVCenter,
                             QLatin1String(lineName(lines[static_cast<std::size_t>(line)])));
        }
}

void drawReconstructions(QPainter& painter, const ReconstructionsFigure& figure, const QRectF& area, double devicePixelRatio,
                         Frame frame)
{
    if (!figure.reconstructions) return;
    const Reconstructions& all = *figure.reconstructions;
    const ImageGridLayout layout(figure, area, devicePixelRatio);
    const std::vector<GridLine> lines = figure.lines();
    for (int item = 0; item < layout.count(); ++item) {
        for (int line = 0; line < layout.lines(); ++line) {
            const std::vector<std::uint8_t> pixels = linePixels(all, item, lines[static_cast<std::size_t>(line)]);
            paintItem(painter, layout.cell(item, line), itemImage(all.shape, std::span<const std::uint8_t>(pixels)), frame);
        }
    }
}

} // namespace latentoscope::ui
