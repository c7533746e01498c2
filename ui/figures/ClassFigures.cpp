#include "ui/figures/ClassFigures.h"

#include "core/figures/ConfusionFigure.h"
#include "core/figures/ImageFigures.h"
#include "ui/common/Colors.h"
#include "ui/common/ItemImage.h"

#include <QCoreApplication>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>
#include <span>

namespace latentoscope::ui {
namespace {

constexpr double kGap = 8;
constexpr double kWordsGap = 2;
constexpr double kWidestName = 90; ///< units
const QString kAll = QStringLiteral("all");

QString nameOf(const ConfusionFigure& figure, int label)
{
    return QString::fromStdString(figure.classNames[static_cast<std::size_t>(label)]);
}

int countAt(const ConfusionFigure& figure, int label, int predicted)
{
    return figure.counts[static_cast<std::size_t>(label) * figure.classNames.size() + static_cast<std::size_t>(predicted)];
}

int rowSum(const ConfusionFigure& figure, int label)
{
    int sum = 0;
    for (int predicted = 0; predicted < static_cast<int>(figure.classNames.size()); ++predicted)
        sum += countAt(figure, label, predicted);
    return sum;
}

int columnSum(const ConfusionFigure& figure, int predicted)
{
    int sum = 0;
    for (int label = 0; label < static_cast<int>(figure.classNames.size()); ++label) sum += countAt(figure, label, predicted);
    return sum;
}

/// "87 %", "99.8 %": never 100 unless it is.
QString sureText(double share)
{
    const double percent = 100 * share;
    if (percent < 99.5 || share >= 1) return QStringLiteral("%1 %").arg(std::lround(percent));
    return QStringLiteral("%1 %").arg(std::floor(10 * percent) / 10, 0, 'f', 1);
}

QColor mixed(const QColor& from, const QColor& to, double share)
{
    const auto part = [share](float a, float b) { return a + (b - a) * static_cast<float>(share); };
    return QColor::fromRgbF(part(from.redF(), to.redF()), part(from.greenF(), to.greenF()), part(from.blueF(), to.blueF()));
}

} // namespace

ConfusionLayout::ConfusionLayout(const ConfusionFigure& figure, const QRectF& area, const QFont& font)
    : m_classes(static_cast<int>(figure.classNames.size())), m_names(0)
{
    const QFontMetricsF metrics(font);
    for (int label = 0; label < m_classes; ++label)
        m_names = std::max(m_names, std::min(kWidestName, metrics.horizontalAdvance(nameOf(figure, label))));
    m_names = std::max(m_names, metrics.horizontalAdvance(kAll)) + 6;
    m_line = metrics.height();
    for (int label = 0; label < m_classes; ++label)
        m_totals = std::max({m_totals, metrics.horizontalAdvance(QString::number(rowSum(figure, label))) + 8,
                             metrics.horizontalAdvance(kAll) + 8});
    const double top = metrics.height() + 4;
    m_cells = QRectF(area.left() + m_names, area.top() + top, std::max(1.0, area.width() - m_names - m_totals),
                     std::max(1.0, area.height() - top - m_line));
}

QRectF ConfusionLayout::cell(int label, int predicted) const
{
    const double width = m_cells.width() / m_classes;
    const double height = m_cells.height() / m_classes;
    return {m_cells.left() + predicted * width, m_cells.top() + label * height, width, height};
}

QRectF ConfusionLayout::rowName(int label) const
{
    const QRectF first = cell(label, 0);
    return {first.left() - m_names, first.top(), m_names - 6, first.height()};
}

QRectF ConfusionLayout::columnName(int predicted) const
{
    const QRectF first = cell(0, predicted);
    return {first.left() + 1, first.top() - 24, first.width() - 2, 22};
}

QRectF ConfusionLayout::rowTotal(int label) const
{
    const QRectF row = cell(label, 0);
    return {m_cells.right(), row.top(), m_totals, row.height()};
}

QRectF ConfusionLayout::columnTotal(int predicted) const
{
    const QRectF column = cell(0, predicted);
    return {column.left(), m_cells.bottom(), column.width(), m_line};
}

QPoint ConfusionLayout::at(const QPointF& position) const
{
    if (!m_cells.contains(position) || m_classes == 0) return {-1, -1};
    const auto index = [this](double from, double size) {
        return std::min(m_classes - 1, static_cast<int>(from / size * m_classes));
    };
    return {index(position.x() - m_cells.left(), m_cells.width()), index(position.y() - m_cells.top(), m_cells.height())};
}

void drawConfusion(QPainter& painter, const ConfusionFigure& figure, const QRectF& area, const PlotStyle& style)
{
    const ConfusionLayout layout(figure, area, style.font);
    const auto classes = static_cast<int>(figure.classNames.size());
    painter.setFont(style.font);
    const QFontMetricsF metrics(style.font);
    painter.setPen(style.colors.secondary);
    const QRectF corner = layout.columnName(classes - 1);
    painter.drawText(QRectF(layout.rowTotal(0).left(), corner.top(), layout.rowTotal(0).width(), corner.height()),
                     Qt::AlignRight | Qt::AlignBottom, kAll);
    painter.drawText(
        QRectF(layout.rowName(0).left(), layout.columnTotal(0).top(), layout.rowName(0).width(), layout.columnTotal(0).height()),
        Qt::AlignRight | Qt::AlignVCenter, kAll);
    for (int label = 0; label < classes; ++label) {
        const int all = rowSum(figure, label);
        painter.setPen(style.colors.secondary);
        painter.drawText(layout.rowTotal(label), Qt::AlignRight | Qt::AlignVCenter, QString::number(all));
        const QString below = QString::number(columnSum(figure, label));
        if (metrics.horizontalAdvance(below) <= layout.columnTotal(label).width())
            painter.drawText(layout.columnTotal(label), Qt::AlignCenter, below);
        const QRectF row = layout.rowName(label), column = layout.columnName(label);
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter,
                         metrics.elidedText(nameOf(figure, label), Qt::ElideRight, row.width()));
        painter.drawText(column, Qt::AlignHCenter | Qt::AlignBottom,
                         metrics.elidedText(nameOf(figure, label), Qt::ElideRight, column.width()));
        for (int predicted = 0; predicted < classes; ++predicted) {
            const int count = countAt(figure, label, predicted);
            const double share = all > 0 ? static_cast<double>(count) / all : 0;
            const QRectF cell = layout.cell(label, predicted).adjusted(0.5, 0.5, -0.5, -0.5);
            // The root makes the few that are wrong visible beside the many that are right.
            painter.fillRect(cell, mixed(style.colors.plot, style.colors.accent, std::sqrt(share)));
            const QString words = QString::number(count);
            if (count == 0 || metrics.horizontalAdvance(words) > cell.width() - 2 || metrics.height() > cell.height() + 4)
                continue;
            painter.setPen(std::sqrt(share) > 0.5 ? style.colors.accentText : style.colors.text);
            painter.drawText(cell, Qt::AlignCenter, words);
        }
    }
}

MistakesLayout::MistakesLayout(const MistakesFigure& figure, const QRectF& area, const QFont& font, double devicePixelRatio)
    : m_count(static_cast<int>(figure.items.size())),
      m_columns(std::max(1, figure.columns)),
      m_origin(area.topLeft()),
      m_lineHeight(QFontMetricsF(font).height())
{
    const double width = (area.width() + kGap) / m_columns - kGap;
    const QSize image(figure.shape.width, figure.shape.height);
    m_picture = QSizeF(image) * (itemFactor(image, {width, 10 * width}, devicePixelRatio) / devicePixelRatio);
    m_step = {width + kGap, m_picture.height() + kWordsGap + 2 * m_lineHeight + kGap};
}

QRectF MistakesLayout::picture(int index) const
{
    const int row = index / m_columns;
    return {m_origin + QPointF(index % m_columns * m_step.width(), row * m_step.height()), m_picture};
}

QRectF MistakesLayout::words(int index) const
{
    const QRectF above = picture(index);
    return {above.left(), above.bottom() + kWordsGap, m_step.width() - kGap, 2 * m_lineHeight};
}

int MistakesLayout::at(const QPointF& position) const
{
    for (int i = 0; i < m_count; ++i)
        if (picture(i).united(words(i)).contains(position)) return i;
    return -1;
}

void drawMistakes(QPainter& painter, const MistakesFigure& figure, const QRectF& area, const PlotStyle& style,
                  double devicePixelRatio)
{
    const MistakesLayout layout(figure, area, style.font, devicePixelRatio);
    painter.setFont(style.font);
    const QFontMetricsF metrics(style.font);
    const std::size_t values = figure.shape.values();
    for (int i = 0; i < static_cast<int>(figure.items.size()); ++i) {
        const auto at = static_cast<std::size_t>(i);
        const QRectF words = layout.words(i);
        if (words.bottom() > area.bottom() + 1) break;
        if (painter.hasClipping() && !painter.clipBoundingRect().intersects(words.united(layout.picture(i)))) continue;
        paintItem(painter, layout.picture(i), itemImage(figure.shape, std::span(figure.pixels).subspan(at * values, values)),
                  Frame::Plain);
        const QRectF upper(words.topLeft(), QSizeF(words.width(), words.height() / 2));
        painter.setPen(style.colors.text);
        const QString sure = QStringLiteral(" · ") + sureText(static_cast<double>(figure.probability[at]));
        const QString name = metrics.elidedText(className(figure.classNames, figure.predicted[at]), Qt::ElideRight,
                                                upper.width() - metrics.horizontalAdvance(sure));
        painter.drawText(upper, Qt::AlignLeft | Qt::AlignVCenter, name + sure);
        painter.setPen(style.colors.secondary);
        painter.drawText(upper.translated(0, upper.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(QCoreApplication::translate("ClassFigures", "is ") +
                                                className(figure.classNames, figure.labels[at]),
                                            Qt::ElideRight, upper.width()));
    }
}

} // namespace latentoscope::ui
