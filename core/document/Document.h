/// A report as values: sections, paragraphs, numbered tables and figures, from which every format is written.
#pragma once

#include "core/figures/FigureData.h"

#include <string>
#include <variant>
#include <vector>

namespace latentoscope {

struct Heading {
    int level = 1; ///< 1 a section, 2 a part of one
    std::string text;
};

struct Paragraph {
    std::string text;
    std::string lead = {}; ///< bold words before it: "Data."; empty: none
};

/// Cells are the words and numbers as they are read, the same in every format.
struct DocumentTable {
    std::string name;   ///< of its files, without ending: "table-5"
    std::string number; ///< "V"
    std::string caption;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows; ///< each as long as columns
    std::vector<std::string> notes;             ///< below it, a sentence or two each
};

/// One picture of a figure.
struct Panel {
    std::string name;  ///< of its files, without ending: "figure-1a"
    std::string words; ///< below it: "(a) loss"; empty: nothing
    FigureData figure;
};

struct DocumentFigure {
    std::string number; ///< "1"
    std::string caption;
    std::vector<Panel> panels;
};

using Block = std::variant<Heading, Paragraph, DocumentTable, DocumentFigure>;

struct Document {
    std::string title;
    std::string subtitle;
    std::vector<Block> blocks;
};

/// All of one kind, in their order.
template <class Kind> std::vector<const Kind*> blocksOf(const Document& document)
{
    std::vector<const Kind*> found;
    for (const Block& block : document.blocks) {
        if (const auto* own = std::get_if<Kind>(&block)) found.push_back(own);
    }
    return found;
}

/// Whether a column's cells are numbers, each alone or a dash where there is none: such a column stands at the right.
bool isOfNumbers(const DocumentTable& table, std::size_t column);

/// Whether a figure is made of pictures of pixels, which have a scale of their own, rather than a plot of any size.
bool isPicture(const FigureData& figure);

/// The table's cells as RFC 4180 CSV with "\n" line ends; caption and notes are left out.
std::string tableCsv(const DocumentTable& table);

} // namespace latentoscope
