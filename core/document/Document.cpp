#include "core/document/Document.h"

#include "core/base/Text.h"

#include <algorithm>

namespace latentoscope {
namespace {

void addLine(std::string& text, const std::vector<std::string>& cells)
{
    for (std::size_t i = 0; i < cells.size(); ++i) text += (i > 0 ? "," : "") + csvField(cells[i]);
    text += '\n';
}

} // namespace

bool isPicture(const FigureData& figure)
{
    return std::holds_alternative<ReconstructionsFigure>(figure) || std::holds_alternative<ManifoldFigure>(figure) ||
           std::holds_alternative<SamplesFigure>(figure) || std::holds_alternative<MistakesFigure>(figure) ||
           std::holds_alternative<ImageFigure>(figure);
}

std::string tableCsv(const DocumentTable& table)
{
    std::string text;
    addLine(text, table.columns);
    for (const std::vector<std::string>& row : table.rows) addLine(text, row);
    return text;
}

bool isOfNumbers(const DocumentTable& table, std::size_t column)
{
    bool any = false;
    for (const std::vector<std::string>& row : table.rows) {
        const std::string& cell = row[column];
        if (cell == "–") continue;
        std::string plain = cell;
        plain.erase(std::remove(plain.begin(), plain.end(), ','), plain.end()); // of thousands
        if (plain.empty() || !parseReal(plain)) return false;
        any = true;
    }
    return any;
}

} // namespace latentoscope
