#include "core/document/DocumentHtml.h"

#include <openssl/evp.h>

namespace latentoscope {
namespace {

constexpr const char* kStyle = R"css(
:root { color-scheme: light dark; --text: #1c1f23; --soft: #5b6470; --rule: #cdd3da; --page: #ffffff; --accent: #1f5fa8; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e7eb; --soft: #a2abb6; --rule: #454d57; --page: #17191c; --accent: #7fb3ee; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 "Source Serif 4", Georgia, "DejaVu Serif", serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1, h2, h3, nav, table, figcaption, caption { font-family: "Inter", "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.35rem; margin: 2.6rem 0 .6rem; border-bottom: 1px solid var(--rule); padding-bottom: .25rem; }
h3 { font-size: 1.08rem; margin: 1.8rem 0 .4rem; }
.subtitle { color: var(--soft); margin: 0 0 1.4rem; }
nav { font-size: .86rem; line-height: 1.9; color: var(--soft); }
nav a { margin-right: .9rem; white-space: nowrap; }
a { color: var(--accent); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
.wide { overflow-x: auto; }
.table { margin: 1.6rem 0; }
table { border-collapse: collapse; font-size: .88rem; line-height: 1.35; border-top: 2px solid var(--text);
  border-bottom: 2px solid var(--text); font-variant-numeric: tabular-nums; }
th { text-align: left; border-bottom: 1px solid var(--text); font-weight: 600; }
th, td { padding: .34rem .75rem .34rem 0; vertical-align: top; }
td:last-child, th:last-child { padding-right: 0; }
th.number, td.number { text-align: right; }
.caption, figcaption { font-family: "Inter", "Segoe UI", "DejaVu Sans", sans-serif; font-size: .88rem; line-height: 1.45;
  margin: 0 0 .55rem; }
.notes { font-size: .84rem; color: var(--soft); margin: .5rem 0 0; }
figure { margin: 1.9rem 0; }
figcaption { margin: .6rem 0 0; }
.panels { display: flex; flex-wrap: wrap; gap: .9rem; align-items: flex-end; }
.panel { flex: 1 1 22rem; min-width: min(100%, 18rem); max-width: 100%; margin: 0; text-align: center; }
.panel.whole { flex-basis: 100%; }
.panel img { max-width: 100%; height: auto; background: #ffffff; border-radius: 4px; }
.panel p { font-family: "Inter", "Segoe UI", "DejaVu Sans", sans-serif; font-size: .82rem; color: var(--soft); margin: .25rem 0 0; }
.missing { border: 1px dashed var(--rule); border-radius: 4px; padding: 2rem 1rem; color: var(--soft); }
@media (max-width: 30rem) { main { padding: 1.2rem .9rem 3rem; } h1 { font-size: 1.5rem; } }
@media print {
  :root { --text: #000000; --soft: #444444; --rule: #999999; --page: #ffffff; --accent: #000000; }
  @page { margin: 20mm 18mm; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  figure, .table, .panel { break-inside: avoid; }
  figure { margin: 1rem 0; }
  .panel { flex: 1 1 45%; min-width: 0; }
  .panel img { max-height: 9.5cm; }
  p { orphans: 3; widows: 3; }
  h2, h3 { break-after: avoid; }
  .wide { overflow: visible; }
}
)css";

std::string base64(const std::string& bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // with the zero that OpenSSL ends it by
    const auto* begin = reinterpret_cast<const unsigned char*>(bytes.data());
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), begin, static_cast<int>(bytes.size()));
    text.pop_back();
    return text;
}

std::string cells(const DocumentTable& table, const std::vector<std::string>& texts, const std::string& tag)
{
    std::string row = "<tr>";
    for (std::size_t i = 0; i < texts.size(); ++i) {
        row += "<" + tag + (isOfNumbers(table, i) ? " class=\"number\">" : ">");
        row += htmlText(texts[i]) + "</" + tag + ">";
    }
    return row + "</tr>\n";
}

std::string htmlOf(const DocumentTable& table)
{
    std::string text = "<div class=\"table\" id=\"table-" + htmlText(table.number) + "\">\n<p class=\"caption\"><b>Table " +
                       htmlText(table.number) + ".</b> " + htmlText(table.caption) +
                       "</p>\n<div class=\"wide\"><table>\n<thead>" + cells(table, table.columns, "th") + "</thead>\n<tbody>\n";
    for (const std::vector<std::string>& row : table.rows) text += cells(table, row, "td");
    text += "</tbody></table></div>\n";
    for (const std::string& note : table.notes) text += "<p class=\"notes\">" + htmlText(note) + "</p>\n";
    return text + "</div>\n";
}

std::string htmlOf(const DocumentFigure& figure, const PictureOf& pictureOf)
{
    std::string text = "<figure id=\"figure-" + htmlText(figure.number) + "\">\n<div class=\"panels\">\n";
    for (const Panel& panel : figure.panels) {
        const std::string words = panel.words.empty() ? figure.caption : panel.words;
        const auto picture = pictureOf(panel.name);
        text += isPicture(panel.figure) ? "<div class=\"panel whole\">" : "<div class=\"panel\">";
        if (picture) {
            text += "<img alt=\"Figure " + htmlText(figure.number) + ": " + htmlText(words) + "\" src=\"data:" + picture->type +
                    ";base64," + base64(picture->bytes) + "\">";
        } else {
            text += "<div class=\"missing\">Left out: this build draws no such picture. Its values are in figures/" +
                    htmlText(panel.name) + ".csv.</div>";
        }
        if (!panel.words.empty()) text += "<p>" + htmlText(panel.words) + "</p>";
        text += "</div>\n";
    }
    return text + "</div>\n<figcaption><b>Figure " + htmlText(figure.number) + ".</b> " + htmlText(figure.caption) +
           "</figcaption>\n</figure>\n";
}

std::string contents(const Document& document)
{
    std::string text = "<nav>";
    for (const DocumentTable* table : blocksOf<DocumentTable>(document)) {
        const std::string number = htmlText(table->number);
        text += "<a href=\"#table-" + number + "\">Table " + number + "</a> ";
    }
    for (const DocumentFigure* figure : blocksOf<DocumentFigure>(document)) {
        const std::string number = htmlText(figure->number);
        text += "<a href=\"#figure-" + number + "\">Figure " + number + "</a> ";
    }
    return text + "</nav>\n";
}

} // namespace

std::string htmlText(const std::string& text)
{
    std::string out;
    for (const char letter : text) {
        switch (letter) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += letter;
        }
    }
    return out;
}

std::string documentHtml(const Document& document, const PictureOf& pictureOf)
{
    std::string text = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<link rel=\"icon\" href=\"data:,\">\n<title>" +
                       htmlText(document.title) + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n<main>\n<h1>" +
                       htmlText(document.title) + "</h1>\n<p class=\"subtitle\">" + htmlText(document.subtitle) + "</p>\n" +
                       contents(document);
    for (const Block& block : document.blocks) {
        if (const auto* heading = std::get_if<Heading>(&block)) {
            const std::string tag = heading->level == 1 ? "h2" : "h3";
            text += "<" + tag + ">" + htmlText(heading->text) + "</" + tag + ">\n";
        } else if (const auto* paragraph = std::get_if<Paragraph>(&block)) {
            const std::string lead = paragraph->lead.empty() ? "" : "<b>" + htmlText(paragraph->lead) + "</b> ";
            text += "<p>" + lead + htmlText(paragraph->text) + "</p>\n";
        } else if (const auto* table = std::get_if<DocumentTable>(&block)) {
            text += htmlOf(*table);
        } else {
            text += htmlOf(std::get<DocumentFigure>(block), pictureOf);
        }
    }
    return text + "</main>\n</body>\n</html>\n";
}

} // namespace latentoscope
