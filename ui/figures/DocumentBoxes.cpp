#include "ui/figures/DocumentBoxes.h"

#include "ui/figures/Export.h"
#include "ui/figures/FigurePainter.h"

#include <QFontMetricsF>
#include <QTextLayout>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace latentoscope::ui {
namespace {

constexpr double kBody = 13.5; ///< pixel sizes of fonts
constexpr double kSmall = 11.5;
constexpr double kTable = 11;
constexpr double kLineHeight = 1.4;
constexpr double kGap = 14; ///< between the panels of a figure, and the columns of a table
constexpr double kNotesGap = 4;
constexpr double kRowGap = 3.5;        ///< above and below the words of a table's row
constexpr double kPlotScale = 0.78;    ///< of a plot beside another: its words stay readable
constexpr double kPictureWidth = 0.75; ///< of the page, of a picture of pixels
constexpr double kLonePlotWidth = 0.6; ///< likewise of a plot with none beside it

QFont fontOf(double size, bool bold = false, bool serif = false)
{
    QFont font(serif ? QStringList{QStringLiteral("Source Serif 4"), QStringLiteral("DejaVu Serif")}
                     : QStringList{QStringLiteral("Inter"), QStringLiteral("DejaVu Sans")});
    // Whole pixels would be too coarse: 96 units are an inch, so that a point is 4/3 of one.
    font.setPixelSize(static_cast<int>(std::lround(size)));
    font.setBold(bold);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

/// Words broken into lines, the first of them bold.
class Words {
public:
    Words(const QString& lead, const QString& text, const QFont& font, double width, Qt::Alignment alignment = Qt::AlignLeft)
        : m_layout(std::make_shared<QTextLayout>(lead.isEmpty() ? text : lead + u' ' + text, font)), m_width(width)
    {
        QTextOption option(alignment);
        option.setUseDesignMetrics(true);
        option.setWrapMode(QTextOption::WordWrap);
        m_layout->setTextOption(option);
        if (!lead.isEmpty()) {
            QTextLayout::FormatRange bold;
            bold.start = 0;
            bold.length = static_cast<int>(lead.size());
            bold.format.setFontWeight(QFont::Bold);
            m_layout->setFormats({bold});
        }
        m_layout->beginLayout();
        for (QTextLine line = m_layout->createLine(); line.isValid(); line = m_layout->createLine()) {
            line.setLineWidth(width);
            line.setPosition({0, 0});
        }
        m_layout->endLayout();
        m_step = QFontMetricsF(font).height() * kLineHeight / 1.17;
    }

    double room() const { return m_width; } ///< that it was broken for
    int lines() const { return m_layout->lineCount(); }
    double step() const { return m_step; }
    double height() const { return lines() * m_step; }
    void drawLine(QPainter& painter, int line, const QPointF& at) const { m_layout->lineAt(line).draw(&painter, at); }
    void draw(QPainter& painter, const QPointF& at) const
    {
        for (int i = 0; i < lines(); ++i) drawLine(painter, i, at + QPointF(0, i * m_step));
    }

private:
    std::shared_ptr<QTextLayout> m_layout;
    double m_width;
    double m_step = 0;
};

QString textOf(const std::string& text) { return QString::fromStdString(text); }

/// A box a line; a paragraph's first and last two lines stay together.
void addLines(std::vector<DocumentBox>& boxes, const Words& words, double before, QColor color, bool keepWithNext = false)
{
    for (int i = 0; i < words.lines(); ++i) {
        DocumentBox box;
        box.height = words.step();
        box.before = i == 0 ? before : 0;
        box.keepWithNext = keepWithNext || (i == 0 && words.lines() > 1) || i + 2 == words.lines();
        box.draw = [words, i, color](QCPPainter& painter, const QPointF& at) {
            painter.setPen(QPen(color));
            words.drawLine(painter, i, at);
        };
        boxes.push_back(std::move(box));
    }
}

/// Widths of columns that fit: as wide as their cells where there is room, else the widest give way, down to their longest word.
std::vector<double> columnWidths(const DocumentTable& table, double width)
{
    const QFontMetricsF plain(fontOf(kTable)), bold(fontOf(kTable, true));
    std::vector<double> natural(table.columns.size(), 0), least(table.columns.size(), 0);
    const auto look = [&](std::size_t column, const std::string& cell, const QFontMetricsF& metrics) {
        natural[column] = std::max(natural[column], metrics.horizontalAdvance(textOf(cell)) + 1);
        for (const QString& word : textOf(cell).split(u' '))
            least[column] = std::max(least[column], metrics.horizontalAdvance(word) + 1);
    };
    for (std::size_t i = 0; i < table.columns.size(); ++i) look(i, table.columns[i], bold);
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) look(i, row[i], plain);
    }
    const double room = width - kGap * static_cast<double>(table.columns.size() - 1);
    const auto sumUnder = [&](double cap) {
        double sum = 0;
        for (std::size_t i = 0; i < natural.size(); ++i) sum += std::max(least[i], std::min(natural[i], cap));
        return sum;
    };
    double low = 0, high = width;
    if (sumUnder(high) > room) {
        for (int step = 0; step < 40; ++step) (sumUnder((low + high) / 2) > room ? high : low) = (low + high) / 2;
        high = low;
    }
    for (std::size_t i = 0; i < natural.size(); ++i) natural[i] = std::max(least[i], std::min(natural[i], high));
    return natural;
}

/// A table with rules above, below its head, and below (booktabs' way).
DocumentBox boxOf(const DocumentTable& table, double width)
{
    const std::vector<double> widths = columnWidths(table, width);
    double total = kGap * static_cast<double>(widths.size() - 1);
    for (const double column : widths) total += column;
    const double shrunk = std::min(1.0, width / total); // words too long for the page: all of it smaller
    struct Row {
        std::vector<Words> cells;
        double height = 0;
    };
    auto rows = std::make_shared<std::vector<Row>>();
    const auto add = [&](const std::vector<std::string>& cells, bool bold) {
        Row row;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            row.cells.emplace_back(QString(), textOf(cells[i]), fontOf(kTable, bold), widths[i],
                                   isOfNumbers(table, i) ? Qt::AlignRight : Qt::AlignLeft);
            row.height = std::max(row.height, row.cells.back().height());
        }
        row.height += 2 * kRowGap;
        rows->push_back(std::move(row));
    };
    add(table.columns, true);
    for (const auto& row : table.rows) add(row, false);
    const Words caption(QStringLiteral("Table %1.").arg(textOf(table.number)), textOf(table.caption), fontOf(kSmall), width);
    std::vector<Words> notes;
    for (const std::string& note : table.notes) notes.emplace_back(QString(), textOf(note), fontOf(kTable, false, true), width);

    DocumentBox box;
    box.before = 20;
    box.height = caption.height() + 5;
    for (const Row& row : *rows) box.height += shrunk * row.height;
    if (!notes.empty()) box.height += kNotesGap;
    for (const Words& note : notes) box.height += note.height() + 3;
    box.draw = [=](QCPPainter& painter, const QPointF& topLeft) {
        painter.setPen(QPen(Qt::black));
        caption.draw(painter, topLeft);
        painter.save();
        painter.translate(topLeft + QPointF(0, caption.height() + 5));
        painter.scale(shrunk, shrunk);
        double y = 0;
        const auto rule = [&](double thickness) {
            painter.setPen(QPen(Qt::black, thickness));
            painter.drawLine(QLineF(0, y, total, y));
        };
        rule(1.2);
        for (std::size_t r = 0; r < rows->size(); ++r) {
            double x = 0;
            painter.setPen(QPen(Qt::black));
            for (std::size_t i = 0; i < widths.size(); ++i) {
                (*rows)[r].cells[i].draw(painter, {x, y + kRowGap});
                x += widths[i] + kGap;
            }
            y += (*rows)[r].height;
            if (r == 0) rule(0.6);
        }
        rule(1.2);
        painter.restore();
        painter.setPen(QPen(QColor(0x44, 0x44, 0x44)));
        y = topLeft.y() + caption.height() + 5 + shrunk * y + kNotesGap;
        for (const Words& note : notes) {
            y += 3;
            note.draw(painter, {topLeft.x(), y});
            y += note.height();
        }
    };
    return box;
}

/// Where a panel lies within its figure, and at which size and scale it is drawn.
struct PlacedPanel {
    const Panel* panel;
    QPointF at;
    QSizeF size; ///< that drawFigure is given
    double scale;
    Words words;
};

DocumentBox boxOf(const DocumentFigure& figure, double width)
{
    auto placed = std::make_shared<std::vector<PlacedPanel>>();
    double y = 0;
    for (std::size_t i = 0; i < figure.panels.size();) {
        // Plots stand two by two; a picture of pixels has its own scale and a line of its own.
        const bool pair =
            !isPicture(figure.panels[i].figure) && i + 1 < figure.panels.size() && !isPicture(figure.panels[i + 1].figure);
        const std::size_t end = i + (pair ? 2 : 1);
        const double room = pair ? (width - kGap) / 2 : width;
        double height = 0;
        for (double x = 0; i < end; ++i, x += room + kGap) {
            const Panel& panel = figure.panels[i];
            QSizeF size = naturalSize(panel.figure);
            double scale = std::min(1.0, kPictureWidth * width / size.width());
            if (!isPicture(panel.figure)) {
                const double drawn = pair ? room : kLonePlotWidth * width;
                const double ratio = size.height() / size.width();
                size = QSizeF(drawn / kPlotScale, drawn / kPlotScale * ratio);
                scale = kPlotScale;
            }
            const double drawn = scale * size.width();
            Words words({}, textOf(panel.words), fontOf(kTable), room, Qt::AlignHCenter);
            placed->push_back({&panel, {x + (room - drawn) / 2, y}, size, scale, words});
            height = std::max(height, scale * size.height() + (panel.words.empty() ? 0 : words.height() + 4));
        }
        y += height + 8;
    }
    const Words caption(QStringLiteral("Figure %1.").arg(textOf(figure.number)), textOf(figure.caption), fontOf(kSmall), width);
    DocumentBox box;
    box.before = 20;
    box.height = y + caption.height();
    box.draw = [=](QCPPainter& painter, const QPointF& topLeft) {
        for (const PlacedPanel& panel : *placed) {
            painter.save();
            painter.translate(topLeft + panel.at);
            painter.scale(panel.scale, panel.scale);
            drawFigure(painter, panel.panel->figure, panel.size, 1);
            painter.restore();
            painter.setPen(QPen(QColor(0x44, 0x44, 0x44)));
            const double drawn = panel.scale * panel.size.width();
            panel.words.draw(painter, {topLeft.x() + panel.at.x() + drawn / 2 - panel.words.room() / 2,
                                       topLeft.y() + panel.at.y() + panel.scale * panel.size.height() + 4});
        }
        painter.setPen(QPen(Qt::black));
        caption.draw(painter, topLeft + QPointF(0, y));
    };
    return box;
}

} // namespace

std::vector<DocumentBox> documentBoxes(const Document& document, double width)
{
    std::vector<DocumentBox> boxes;
    addLines(boxes, Words({}, textOf(document.title), fontOf(26, true), width), 0, Qt::black, true);
    addLines(boxes, Words({}, textOf(document.subtitle), fontOf(kSmall), width), 2, QColor(0x44, 0x44, 0x44));
    for (const Block& block : document.blocks) {
        if (const auto* heading = std::get_if<Heading>(&block)) {
            const bool section = heading->level == 1;
            addLines(boxes, Words({}, textOf(heading->text), fontOf(section ? 19 : 15, true), width), section ? 28 : 20,
                     Qt::black, true);
        } else if (const auto* paragraph = std::get_if<Paragraph>(&block)) {
            addLines(boxes, Words(textOf(paragraph->lead), textOf(paragraph->text), fontOf(kBody, false, true), width), 8,
                     Qt::black);
        } else if (const auto* table = std::get_if<DocumentTable>(&block)) {
            boxes.push_back(boxOf(*table, width));
        } else {
            boxes.push_back(boxOf(std::get<DocumentFigure>(block), width));
        }
    }
    return boxes;
}

} // namespace latentoscope::ui
