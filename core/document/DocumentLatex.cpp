#include "core/document/DocumentLatex.h"

#include "core/base/Text.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace latentoscope {
namespace {

using namespace std::string_view_literals;

/// What a sign becomes; several bytes before single ones.
constexpr std::array<std::pair<std::string_view, std::string_view>, 29> kSigns{{
    {"\\"sv, "\\textbackslash{}"sv},
    {"{"sv, "\\{"sv},
    {"}"sv, "\\}"sv},
    {"$"sv, "\\$"sv},
    {"&"sv, "\\&"sv},
    {"#"sv, "\\#"sv},
    {"%"sv, "\\%"sv},
    {"_"sv, "\\_"sv},
    {"^"sv, "\\textasciicircum{}"sv},
    {"~"sv, "\\textasciitilde{}"sv},
    {"<"sv, "$<$"sv},
    {">"sv, "$>$"sv},
    {"±"sv, "$\\pm$"sv},
    {"·"sv, "$\\cdot$"sv},
    {"×"sv, "$\\times$"sv},
    {"−"sv, "$-$"sv},
    {"–"sv, "--"sv},
    {"—"sv, "---"sv},
    {"…"sv, "\\dots{}"sv},
    {"“"sv, "``"sv},
    {"”"sv, "''"sv},
    {"’"sv, "'"sv},
    {"≤"sv, "$\\le$"sv},
    {"≥"sv, "$\\ge$"sv},
    {"β"sv, "$\\beta$"sv},
    {"→"sv, "$\\to$"sv},
    {"‖"sv, "$\\|$"sv},
    {"\u00a0"sv, "~"sv},
    {"²"sv, "$^2$"sv},
}};

std::string line(const std::vector<std::string>& cells)
{
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) text += (i > 0 ? " & " : "") + latexText(cells[i]);
    return text + " \\\\\n";
}

/// Letters, not bytes.
std::size_t lettersOf(const std::string& text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

/// The columns' specification: as wide as their cells, or of a table that is wider than the line shares of it, in which cells
/// break into lines; the widest columns give way.
std::string columnsOf(const DocumentTable& table)
{
    constexpr double kLetters = 92; // that fit into a line of a small table
    std::vector<double> natural(table.columns.size(), 0), least(table.columns.size(), 0);
    const auto look = [&](const std::vector<std::string>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            natural[i] = std::max(natural[i], static_cast<double>(lettersOf(cells[i])));
            for (std::size_t at = 0; at < cells[i].size(); at = cells[i].find_first_not_of(' ', at)) {
                const std::size_t end = std::min(cells[i].find(' ', at), cells[i].size());
                least[i] = std::max(least[i], 1.15 * static_cast<double>(lettersOf(cells[i].substr(at, end - at))));
                at = end;
            }
        }
    };
    look(table.columns);
    for (const auto& row : table.rows) look(row);
    const auto widthUnder = [&](std::size_t i, double cap) { return std::max(least[i], std::min(natural[i], cap)); };
    const auto sumUnder = [&](double cap) {
        double sum = 0;
        for (std::size_t i = 0; i < natural.size(); ++i) sum += widthUnder(i, cap);
        return sum;
    };
    if (sumUnder(kLetters) <= kLetters) {
        std::string columns;
        for (std::size_t i = 0; i < natural.size(); ++i) columns += isOfNumbers(table, i) ? 'r' : 'l';
        return columns;
    }
    double cap = kLetters;
    while (cap > 1 && sumUnder(cap) > kLetters) --cap;
    std::string columns;
    for (std::size_t i = 0; i < natural.size(); ++i) {
        columns += (isOfNumbers(table, i) ? ">{\\raggedleft\\arraybackslash}p{" : ">{\\raggedright\\arraybackslash}p{") +
                   fixedText(0.86 * widthUnder(i, cap) / sumUnder(cap), 3) + "\\linewidth}";
    }
    return columns;
}

std::string latexOf(const DocumentTable& table)
{
    std::string text = "\\begin{table}[htbp]\n\\centering\\small\\setlength{\\tabcolsep}{4pt}\n\\caption{" +
                       latexText(table.caption) + "}\n\\label{tab:" + table.name + "}\n\\input{tables/" + table.name + ".tex}\n";
    for (const std::string& note : table.notes)
        text += "\\par\\smallskip\\begin{minipage}{\\linewidth}\\footnotesize " + latexText(note) + "\\end{minipage}\n";
    return text + "\\end{table}\n\n";
}

std::string latexOf(const DocumentFigure& figure, const std::function<std::string(const std::string&)>& pictureOf)
{
    std::string text = "\\begin{figure}[htbp]\n\\centering\n";
    const auto stands = [&](std::size_t i, bool open) { // beside another
        return !isPicture(figure.panels[i].figure) &&
               (open || (i + 1 < figure.panels.size() && !isPicture(figure.panels[i + 1].figure)));
    };
    int rows = 0;      // which share the page with the caption
    bool open = false; // a plot stands at the left and waits for one beside it
    for (std::size_t i = 0; i < figure.panels.size(); ++i) {
        const bool beside = stands(i, open);
        rows += beside && open ? 0 : 1;
        open = beside && !open;
    }
    const std::string height = fixedText(0.72 / std::max(1, rows), 3);
    open = false;
    for (std::size_t i = 0; i < figure.panels.size(); ++i) {
        const Panel& panel = figure.panels[i];
        const std::string picture = pictureOf(panel.name);
        const bool beside = stands(i, open);
        text += "\\begin{minipage}[b]{" + std::string(beside ? "0.48" : "0.85") + "\\linewidth}\\centering\n";
        text += picture.empty() ? "\\fbox{Left out; values in \\texttt{figures/" + latexText(panel.name) + ".csv}}"
                                : "\\includegraphics[width=\\linewidth,height=" + height +
                                      "\\textheight,keepaspectratio]{figures/" + picture + "}";
        if (!panel.words.empty()) text += "\\\\\n{\\footnotesize " + latexText(panel.words) + "}";
        text += "\n\\end{minipage}";
        open = beside && !open;
        text += open ? "\\hfill\n" : "\\par\\medskip\n";
    }
    return text + "\\caption{" + latexText(figure.caption) + "}\n\\label{fig:" + figure.number + "}\n\\end{figure}\n\n";
}

} // namespace

std::string latexText(const std::string& text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = std::string_view(text).substr(at);
        bool found = false;
        for (const auto& [sign, command] : kSigns) {
            if (!rest.starts_with(sign)) continue;
            out += command;
            at += sign.size();
            found = true;
            break;
        }
        if (!found) out += text[at++];
    }
    return out;
}

std::string tableLatex(const DocumentTable& table)
{
    std::string text = "\\resizebox{\\ifdim\\width>\\linewidth \\linewidth\\else\\width\\fi}{!}{%\n\\begin{tabular}{" +
                       columnsOf(table) + "}\n\\toprule\n" + line(table.columns) + "\\midrule\n";
    for (const std::vector<std::string>& row : table.rows) text += line(row);
    return text + "\\bottomrule\n\\end{tabular}}\n";
}

std::string documentLatex(const Document& document, bool letter, const std::function<std::string(const std::string&)>& pictureOf)
{
    std::string text =
        "% Written by Latentoscope; compile with pdflatex beside tables/ and figures/.\n\\documentclass[11pt," +
        std::string(letter ? "letterpaper" : "a4paper") +
        "]{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage[T1]{fontenc}\n\\usepackage[margin=25mm]{geometry}\n"
        "\\usepackage{array,booktabs,graphicx}\n\\usepackage[font=small,labelfont=bf]{caption}\n"
        "\\renewcommand{\\thetable}{\\Roman{table}}\n\\title{" +
        latexText(document.title) + "}\n\\author{}\n\\date{" + latexText(document.subtitle) +
        "}\n\\begin{document}\n\\maketitle\n\n";
    for (const Block& block : document.blocks) {
        if (const auto* heading = std::get_if<Heading>(&block)) {
            text += (heading->level == 1 ? "\\section{" : "\\subsection{") + latexText(heading->text) + "}\n\n";
        } else if (const auto* paragraph = std::get_if<Paragraph>(&block)) {
            if (!paragraph->lead.empty()) text += "\\paragraph{" + latexText(paragraph->lead) + "} ";
            text += latexText(paragraph->text) + "\n\n";
        } else if (const auto* table = std::get_if<DocumentTable>(&block)) {
            text += latexOf(*table);
        } else {
            text += latexOf(std::get<DocumentFigure>(block), pictureOf);
        }
    }
    return text + "\\end{document}\n";
}

} // namespace latentoscope
