#include "ui/figures/TablePainter.h"

#include "core/base/Text.h"
#include "core/figures/TableFigure.h"
#include "ui/common/Words.h"

#include <QCoreApplication>
#include <QFontMetricsF>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr double kGap = 14;         ///< between columns
constexpr double kRowGap = 5;       ///< added to a line's height
constexpr double kWidestCell = 220; ///< units; longer words are cut, the CSV has them

/// Widths, and what stands at the right.
struct Columns {
    std::vector<double> widths;
    std::vector<bool> numbers;
    double total = 0;
    double row = 0; ///< height

    Columns(const TableFigure& figure, const QFontMetricsF& metrics) : row(metrics.height() + kRowGap)
    {
        const std::size_t rows = std::min<std::size_t>(figure.rows.size(), kTableRowsDrawn);
        for (std::size_t c = 0; c < figure.columns.size(); ++c) {
            double width = metrics.horizontalAdvance(QString::fromStdString(figure.columns[c]));
            bool number = true;
            for (std::size_t r = 0; r < rows; ++r) {
                const std::string& cell = figure.rows[r][c];
                width = std::max(width, metrics.horizontalAdvance(QString::fromStdString(cell)));
                number = number && (cell.empty() || parseReal(cell));
            }
            widths.push_back(std::min(width, kWidestCell) + 1);
            numbers.push_back(number);
            total += widths.back() + (c > 0 ? kGap : 0);
        }
    }
};

int drawnRows(const TableFigure& figure) { return std::min(static_cast<int>(figure.rows.size()), kTableRowsDrawn); }

} // namespace

QSizeF tableSize(const TableFigure& figure)
{
    const Columns columns(figure, QFontMetricsF(printStyle().font));
    const bool more = drawnRows(figure) < static_cast<int>(figure.rows.size());
    return {std::max(160.0, columns.total), (1 + drawnRows(figure) + (more ? 1 : 0)) * columns.row + 6};
}

void drawTable(QPainter& painter, const TableFigure& figure, const QRectF& area, const PlotStyle& style)
{
    painter.save();
    painter.translate(area.topLeft());
    const QSizeF natural = tableSize(figure);
    const double factor = std::min({1.0, area.width() / natural.width(), area.height() / natural.height()});
    painter.scale(factor, factor);
    QFont bold = style.font;
    bold.setBold(true);
    const QFontMetricsF metrics(style.font);
    const Columns columns(figure, metrics);
    double y = 1;
    const auto rule = [&](double thickness) {
        painter.setPen(QPen(style.colors.text, thickness));
        painter.drawLine(QLineF(0, y, columns.total, y));
    };
    const auto line = [&](const std::vector<std::string>& cells) {
        double x = 0;
        painter.setPen(QPen(style.colors.text));
        for (std::size_t c = 0; c < cells.size(); ++c) {
            const auto side = columns.numbers[c] ? Qt::AlignRight : Qt::AlignLeft;
            painter.drawText(QRectF(x, y, columns.widths[c], columns.row), side | Qt::AlignVCenter,
                             metrics.elidedText(QString::fromStdString(cells[c]), Qt::ElideMiddle, columns.widths[c]));
            x += columns.widths[c] + kGap;
        }
        y += columns.row;
    };
    rule(1.2);
    painter.setFont(bold);
    line(figure.columns);
    rule(0.6);
    painter.setFont(style.font);
    const int rows = drawnRows(figure);
    for (int r = 0; r < rows; ++r) line(figure.rows[static_cast<std::size_t>(r)]);
    if (const int more = static_cast<int>(figure.rows.size()) - rows; more > 0) {
        painter.setPen(QPen(style.colors.secondary));
        painter.drawText(
            QRectF(0, y, columns.total, columns.row), Qt::AlignLeft | Qt::AlignVCenter,
            QCoreApplication::translate("TablePainter", "and %1 more rows (export as CSV to see all)").arg(groupedWords(more)));
        y += columns.row;
    }
    rule(1.2);
    painter.restore();
}

} // namespace latentoscope::ui
