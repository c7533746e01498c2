#include "ui/figures/ChartPlot.h"

#include "ui/common/Colors.h"
#include "ui/common/Ticks.h"
#include "ui/figures/LineRaster.h"

#include <QImage>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

namespace latentoscope::ui {
namespace {

using Role = ChartSeries::Role;
using Shape = ChartSeries::Shape;

constexpr double kRadius = 3;   ///< of a point, units
constexpr double kReach = 14;   ///< from which a mouse still means a trial
constexpr int kFewLines = 40;   ///< which a painter draws in time
constexpr double kFaint = 0.12; ///< opacity of what is not chosen

QColor mixed(const QColor& from, const QColor& to, double share)
{
    const double t = std::clamp(share, 0.0, 1.0);
    const auto part = [t](int a, int b) { return static_cast<int>(std::lround(a + t * (b - a))); };
    return {part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue())};
}

/// From a grey that is still seen on the panel to the accent.
QColor shadeColor(const PlotStyle& style, double shade)
{
    return mixed(mixed(style.colors.hairline, style.colors.secondary, 0.25), style.colors.accent, shade);
}

QColor roleColor(const PlotStyle& style, Role role, double shade)
{
    switch (role) {
    case Role::Plain:
        return shadeColor(style, shade);
    case Role::Best:
        return style.colors.validation;
    case Role::Pruned:
        return style.colors.secondary;
    case Role::Failed:
        return style.colors.danger;
    case Role::Running:
    case Role::Chosen:
        return style.colors.text;
    }
    return style.colors.text;
}

/// Roles differ by shape, too, for those who do not tell the colours apart.
void drawMark(QPainter& painter, const QPointF& at, Role role, const QColor& color, const QColor& ground)
{
    const double r = role == Role::Best || role == Role::Chosen ? 1.5 * kRadius : kRadius;
    switch (role) {
    case Role::Pruned: {
        painter.setPen(QPen(color, 1.1));
        painter.setBrush(Qt::NoBrush);
        const QPointF corners[]{at + QPointF(-r, -r), at + QPointF(r, -r), at + QPointF(0, r)};
        painter.drawPolygon(corners, 3);
        return;
    }
    case Role::Failed:
        painter.setPen(QPen(color, 1.4));
        painter.drawLine(at + QPointF(-r, -r), at + QPointF(r, r));
        painter.drawLine(at + QPointF(-r, r), at + QPointF(r, -r));
        return;
    case Role::Running:
        painter.setPen(QPen(color, 1.2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(at, r, r);
        return;
    default:
        painter.setPen(QPen(ground, 0.8));
        painter.setBrush(color);
        painter.drawEllipse(at, r, r);
    }
}

double shadeAt(const ChartSeries& series, std::size_t i)
{
    if (series.shade.empty()) return 1;
    return series.shade[std::min(i, series.shade.size() - 1)];
}

AxisRange rangeOf(const ChartFigure& figure, bool isX)
{
    AxisRange range{std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()};
    const auto cover = [&](const std::vector<double>& values) {
        for (const double value : values) {
            if (!std::isfinite(value)) continue;
            range.lower = std::min(range.lower, value);
            range.upper = std::max(range.upper, value);
        }
    };
    for (const ChartSeries& series : figure.series) {
        cover(isX ? series.x : series.y);
        if (isX) cover(series.x2);
    }
    if (range.lower > range.upper) return {0, 1};
    const double margin = range.size() > 0 ? 0.04 * range.size() : std::max(1e-6, 0.05 * std::abs(range.lower));
    return {range.lower - margin, range.upper + margin};
}

} // namespace

class ChartPlot::Layer : public QCPLayerable {
public:
    explicit Layer(QCustomPlot* plot) : QCPLayerable(plot, QStringLiteral("main")) {}

    ChartFigure figure;
    PlotStyle style;
    std::set<int> chosen;
    std::optional<std::set<int>> within;

    QPointF place(double x, double y) const
    {
        return {parentPlot()->xAxis->coordToPixel(x), parentPlot()->yAxis->coordToPixel(y)};
    }

    /// A line's corners, without those that are no numbers.
    QPolygonF corners(const ChartSeries& series) const
    {
        QPolygonF line;
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            if (!std::isfinite(series.x[i]) || !std::isfinite(series.y[i])) continue;
            const QPointF at = place(series.x[i], series.y[i]);
            if (series.shape == Shape::Steps && !line.isEmpty()) line.append(QPointF(at.x(), line.last().y()));
            line.append(at);
        }
        return line;
    }

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(true); }
    QRect clipRect() const override { return parentPlot()->axisRect()->rect().adjusted(-6, -6, 6, 6); }

    void draw(QCPPainter* painter) override
    {
        painter->setAntialiasing(true);
        drawField(*painter);
        const bool vectors =
            painter->modes().testFlag(QCPPainter::pmNoCaching) || painter->modes().testFlag(QCPPainter::pmVectorized);
        const auto lines = std::count_if(figure.series.begin(), figure.series.end(),
                                         [](const ChartSeries& one) { return one.shape == Shape::Line; });
        const bool many = !vectors && lines > kFewLines;
        if (many) drawManyLines(*painter);
        for (const Rank rank : kRanks) {
            for (const ChartSeries& series : figure.series) drawSeries(*painter, series, rank, many);
        }
        painter->setPen(QPen(style.colors.secondary));
        painter->setFont(style.font);
        for (const ChartWords& words : figure.words) {
            const QPointF at = place(words.x, words.y);
            const QRectF room(at.x() - 60, at.y() + (words.below ? 3 : -19), 120, 16);
            painter->drawText(room, Qt::AlignHCenter | Qt::AlignVCenter, QString::fromStdString(words.text));
        }
    }

private:
    void drawField(QCPPainter& painter) const
    {
        if (figure.field.shade.empty()) return;
        QImage image(figure.field.columns, figure.field.rows, QImage::Format_RGB32);
        for (int row = 0; row < figure.field.rows; ++row) {
            for (int column = 0; column < figure.field.columns; ++column) {
                const double shade = figure.field.shade[static_cast<std::size_t>(row * figure.field.columns + column)];
                image.setPixelColor(column, figure.field.rows - 1 - row,
                                    mixed(style.colors.plot, style.colors.accent, 0.8 * shade));
            }
        }
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(QRectF(parentPlot()->axisRect()->rect()), image);
    }

    /// What is drawn later lies above.
    enum class Rank { Outside, Plain, Chosen };
    static constexpr std::array kRanks{Rank::Outside, Rank::Plain, Rank::Chosen};

    Rank rankOf(const ChartSeries& series, std::size_t i) const
    {
        if (i >= series.trials.size()) return Rank::Plain;
        if (within && !within->contains(series.trials[i])) return Rank::Outside;
        return chosen.contains(series.trials[i]) ? Rank::Chosen : Rank::Plain;
    }

    /// How a line looks; none where it is not to be drawn now.
    std::optional<QPen> penOf(const ChartSeries& series, Rank rank) const
    {
        const Rank own = series.shape == Shape::Line ? rankOf(series, 0) : Rank::Plain;
        if (own != rank || series.x.empty()) return std::nullopt;
        QColor color = own == Rank::Chosen ? style.colors.text : roleColor(style, series.role, shadeAt(series, 0));
        if (own == Rank::Outside) color.setAlphaF(static_cast<float>(kFaint));
        QPen pen(color, own == Rank::Chosen ? 2.2 : series.role == Role::Best ? 1.8 : 1.1);
        if (series.role == Role::Pruned) pen.setStyle(Qt::DotLine);
        return pen;
    }

    /// On a screen, where a painter would take a tenth of a second over some hundred lines.
    void drawManyLines(QCPPainter& painter) const
    {
        const QRect area = clipRect();
        const double ratio = painter.device()->devicePixelRatioF();
        QImage image(
            QSize(static_cast<int>(std::lround(area.width() * ratio)), static_cast<int>(std::lround(area.height() * ratio))),
            QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        for (const Rank rank : kRanks) {
            for (const ChartSeries& series : figure.series) {
                if (series.shape != Shape::Line) continue;
                const auto pen = penOf(series, rank);
                if (!pen) continue;
                QPolygonF line = corners(series);
                for (QPointF& corner : line) corner = (corner - QPointF(area.topLeft())) * ratio;
                rasterLine(image, line, pen->color(), pen->widthF() * ratio,
                           pen->style() == Qt::DotLine ? static_cast<int>(std::lround(2 * ratio)) : 0);
            }
        }
        image.setDevicePixelRatio(ratio);
        painter.drawImage(area.topLeft(), image);
    }

    void drawSeries(QCPPainter& painter, const ChartSeries& series, Rank rank, bool linesAreDrawn) const
    {
        if (series.shape == Shape::Line || series.shape == Shape::Steps) {
            if (linesAreDrawn && series.shape == Shape::Line && series.x.size() > 1) return;
            const auto pen = penOf(series, rank);
            if (!pen) return;
            painter.setPen(*pen);
            painter.setBrush(Qt::NoBrush);
            painter.drawPolyline(corners(series));
            if (series.x.size() == 1 && series.shape == Shape::Line)
                drawMark(painter, place(series.x[0], series.y[0]), series.role, pen->color(), style.colors.plot);
            return;
        }
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            if (rankOf(series, i) != rank || !std::isfinite(series.x[i]) || !std::isfinite(series.y[i])) continue;
            const bool own = rank == Rank::Chosen;
            QColor color = roleColor(style, own ? Role::Chosen : series.role, shadeAt(series, i));
            if (rank == Rank::Outside) color.setAlphaF(static_cast<float>(kFaint));
            const QPointF at = place(series.x[i], series.y[i]);
            if (series.shape == Shape::Bars) {
                const QPointF end = place(series.x2[i], series.y[i]);
                const double height = std::clamp(
                    std::abs(parentPlot()->yAxis->coordToPixel(0) - parentPlot()->yAxis->coordToPixel(1)) * 0.7, 1.0, 14.0);
                const QRectF bar(at.x(), at.y() - height / 2, std::max(1.5, end.x() - at.x()), height);
                painter.fillRect(bar, series.role == Role::Pruned ? QBrush(color, Qt::Dense4Pattern) : QBrush(color));
            } else {
                drawMark(painter, at, own ? Role::Chosen : series.role, color, style.colors.plot);
            }
        }
    }
};

ChartPlot::ChartPlot(QCustomPlot& plot) : m_plot(plot), m_layer(new Layer(&plot))
{
    m_plot.axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    m_plot.axisRect()->setMargins(QMargins(0, 8, 14, 0));
}

void ChartPlot::setStyle(const PlotStyle& style)
{
    styleAxes(m_plot, style);
    m_layer->style = style;
}

void ChartPlot::setAxis(QCPAxis& axis, const ChartAxis& chart, bool isX)
{
    setAxisScale(axis, chart.scale);
    if (chart.whole) setWholeTicks(axis);
    if (!chart.ticks.empty()) {
        const auto ticker = QSharedPointer<QCPAxisTickerText>::create();
        for (const auto& [at, words] : chart.ticks) ticker->addTick(at, QString::fromStdString(words));
        axis.setTicker(ticker);
    }
    axis.setLabel(QString::fromStdString(chart.title));
    const AxisRange range = chart.range.value_or(rangeOf(m_layer->figure, isX));
    axis.setRange(range.lower, range.upper);
}

void ChartPlot::setFigure(const ChartFigure& figure)
{
    m_layer->figure = figure;
    setAxis(*m_plot.xAxis, figure.x, true);
    setAxis(*m_plot.yAxis, figure.y, false);
}

void ChartPlot::setChosen(const std::vector<int>& trials, const std::optional<std::vector<int>>& within)
{
    m_layer->chosen = {trials.begin(), trials.end()};
    m_layer->within.reset();
    if (within) m_layer->within = std::set<int>(within->begin(), within->end());
}

std::optional<int> ChartPlot::trialAt(const QPointF& position) const
{
    std::optional<int> nearest;
    double least = kReach;
    const auto consider = [&](double distance, int trial) {
        if (distance >= least) return;
        least = distance;
        nearest = trial;
    };
    for (const ChartSeries& series : m_layer->figure.series) {
        if (series.trials.empty() || series.shape == Shape::Steps) continue;
        if (series.shape == Shape::Line) {
            const QPolygonF line = m_layer->corners(series);
            for (qsizetype i = 0; i + 1 < line.size(); ++i) {
                const QPointF along = line[i + 1] - line[i], to = position - line[i];
                const double length = QPointF::dotProduct(along, along);
                const double share = length > 0 ? std::clamp(QPointF::dotProduct(to, along) / length, 0.0, 1.0) : 0;
                const QPointF off = to - share * along;
                consider(std::hypot(off.x(), off.y()), series.trials.front());
            }
            continue;
        }
        for (std::size_t i = 0; i < series.x.size() && i < series.trials.size(); ++i) {
            const QPointF at = m_layer->place(series.x[i], series.y[i]);
            if (series.shape == Shape::Bars) {
                const double end = m_layer->place(series.x2[i], series.y[i]).x();
                if (position.x() >= at.x() - 2 && position.x() <= end + 2)
                    consider(std::abs(position.y() - at.y()), series.trials[i]);
            } else {
                consider(std::hypot(position.x() - at.x(), position.y() - at.y()), series.trials[i]);
            }
        }
    }
    return nearest;
}

ChartLegend::ChartLegend(QCustomPlot* plot, const ChartFigure& figure, PlotStyle style)
    : QCPLayoutElement(plot), m_style(std::move(style))
{
    for (const ChartSeries& series : figure.series) {
        const bool known =
            std::any_of(m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.role == series.role; });
        if (known || series.role == Role::Chosen) continue;
        const bool one = series.name.starts_with("trial ");
        const QString name = !one                           ? QString::fromStdString(series.name)
                             : series.role == Role::Pruned  ? QStringLiteral("pruned")
                             : series.role == Role::Failed  ? QStringLiteral("failed")
                             : series.role == Role::Running ? QStringLiteral("running")
                                                            : QStringLiteral("trials");
        m_entries.push_back({name, series.role, series.shape});
    }
    if (m_entries.size() < 2) m_entries.clear();
}

QSize ChartLegend::minimumOuterSizeHint() const { return {10, m_entries.empty() ? 0 : 18}; }

QSize ChartLegend::maximumOuterSizeHint() const { return {QWIDGETSIZE_MAX, m_entries.empty() ? 0 : 18}; }

void ChartLegend::applyDefaultAntialiasingHint(QCPPainter* painter) const { painter->setAntialiasing(true); }

void ChartLegend::draw(QCPPainter* painter)
{
    painter->setAntialiasing(true);
    painter->setFont(m_style.font);
    double x = outerRect().right();
    const double y = outerRect().center().y();
    for (auto entry = m_entries.rbegin(); entry != m_entries.rend(); ++entry) {
        const double width = QFontMetricsF(m_style.font).horizontalAdvance(entry->name);
        x -= width + 8;
        painter->setPen(QPen(m_style.colors.secondary));
        painter->drawText(QRectF(x, y - 9, width + 4, 18), Qt::AlignLeft | Qt::AlignVCenter, entry->name);
        x -= 10;
        const QColor color = roleColor(m_style, entry->role, 1);
        if (entry->shape == Shape::Points) {
            drawMark(*painter, {x, y}, entry->role, color, m_style.colors.plot);
        } else if (entry->shape == Shape::Bars) {
            painter->fillRect(QRectF(x - 5, y - 3, 10, 6),
                              entry->role == Role::Pruned ? QBrush(color, Qt::Dense4Pattern) : QBrush(color));
        } else {
            painter->setPen(QPen(color, 1.6, entry->role == Role::Pruned ? Qt::DotLine : Qt::SolidLine));
            painter->drawLine(QPointF(x - 7, y), QPointF(x + 5, y));
        }
        x -= 12;
    }
}

} // namespace latentoscope::ui
