#include "core/report/DocumentLatex.h"

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

std::string latexOf(const DocumentTable& table)
{
    std::string text = "\\begin{table}[htbp]\n\\centering\\small\n\\caption{" + latexText(table.caption) +
                       "}\n\\label{tab:" + table.name + "}\n\\input{tables/" + table.name + ".tex}\n";
    for (const std::string& note : table.notes)
        text += "\\par\\smallskip\\begin{minipage}{\\linewidth}\\footnotesize " + latexText(note) + "\\end{minipage}\n";
    return text + "\\end{table}\n\n";
}

std::string latexOf(const DocumentFigure& figure, const std::function<std::string(const std::string&)>& pictureOf)
{
    std::string text = "\\begin{figure}[htbp]\n\\centering\n";
    const std::string width = figure.panels.size() == 1 ? "0.85\\linewidth" : "0.48\\linewidth";
    for (std::size_t i = 0; i < figure.panels.size(); ++i) {
        const Panel& panel = figure.panels[i];
        const std::string picture = pictureOf(panel.name);
        text += "\\begin{minipage}[b]{" + width + "}\\centering\n";
        text += picture.empty()
                    ? "\\fbox{Left out; values in \\texttt{figures/" + latexText(panel.name) + ".csv}}"
                    : "\\includegraphics[width=\\linewidth,height=0.8\\textheight,keepaspectratio]{figures/" + picture + "}";
        if (!panel.words.empty()) text += "\\\\\n{\\footnotesize " + latexText(panel.words) + "}";
        text += "\n\\end{minipage}";
        text += i % 2 == 1 ? "\\par\\medskip\n" : "\\hfill\n";
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
                       std::string(table.columns.size(), 'l') + "}\n\\toprule\n" + line(table.columns) + "\\midrule\n";
    for (const std::vector<std::string>& row : table.rows) text += line(row);
    return text + "\\bottomrule\n\\end{tabular}}\n";
}

std::string documentLatex(const Document& document, bool letter, const std::function<std::string(const std::string&)>& pictureOf)
{
    std::string text =
        "% Written by Latentoscope; compile with pdflatex beside tables/ and figures/.\n\\documentclass[11pt," +
        std::string(letter ? "letterpaper" : "a4paper") +
        "]{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage[T1]{fontenc}\n\\usepackage[margin=25mm]{geometry}\n"
        "\\usepackage{booktabs,graphicx}\n\\usepackage[font=small,labelfont=bf]{caption}\n"
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
