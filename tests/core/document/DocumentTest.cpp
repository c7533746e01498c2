// A report's formats: the same words and numbers in each, nothing that breaks out of its format.
#include "core/document/Document.h"
#include "core/document/DocumentHtml.h"
#include "core/document/DocumentLatex.h"

#include <gtest/gtest.h>

namespace latentoscope {
namespace {

Document someDocument()
{
    DocumentTable table{
        "table-5",      "V", "Accuracy & error <of 2>", {"Network", "Value"}, {{"a, \"b\"", "96.8 ± 0.05"}, {"c_d", "9.7 %"}},
        {"100·(1−MSE)"}};
    DocumentFigure figure{"1", "Loss and \"pictures\"", {{"figure-1a", "(a) loss", {}}, {"figure-1b", "(b) lost", {}}}};
    return {"Title & more", "seed 1", {Heading{1, "Results"}, Paragraph{"β ≥ 1"}, table, Heading{2, "Part"}, figure}};
}

int count(const std::string& text, const std::string& part)
{
    int found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

} // namespace

TEST(Document, TablesAreCsv)
{
    const Document document = someDocument();
    ASSERT_EQ(blocksOf<DocumentTable>(document).size(), 1U);
    EXPECT_EQ(tableCsv(*blocksOf<DocumentTable>(document)[0]), "Network,Value\n\"a, \"\"b\"\"\",96.8 ± 0.05\nc_d,9.7 %\n");
}

TEST(Document, HtmlHoldsEverythingAndNeedsNothing)
{
    const std::string html = documentHtml(someDocument(), [](const std::string& name) -> std::optional<PictureFile> {
        if (name != "figure-1a") return std::nullopt;
        return PictureFile{"image/png", std::string("\0\x01\xff\x7fz", 5)};
    });
    EXPECT_NE(html.find("<td>a, &quot;b&quot;</td><td>96.8 ± 0.05</td>"), std::string::npos);
    EXPECT_NE(html.find("Accuracy &amp; error &lt;of 2&gt;"), std::string::npos);
    EXPECT_NE(html.find("id=\"table-V\""), std::string::npos);
    EXPECT_NE(html.find("href=\"#table-V\""), std::string::npos);
    EXPECT_NE(html.find("id=\"figure-1\""), std::string::npos);
    EXPECT_NE(html.find("data:image/png;base64,AAH/f3o=\""), std::string::npos) << "as coreutils' base64 has it";
    EXPECT_NE(html.find("figures/figure-1b.csv"), std::string::npos) << "what is missing says where its values are";
    EXPECT_EQ(html.find("http"), std::string::npos) << "nothing is fetched";
    EXPECT_EQ(html.find("<script"), std::string::npos);
    for (const char* tag : {"figure", "table", "div", "p", "tr", "td", "th", "main", "nav"})
        EXPECT_EQ(count(html, std::string("<") + tag + ">") + count(html, std::string("<") + tag + " "),
                  count(html, std::string("</") + tag + ">"))
            << tag;
}

TEST(Document, LatexEscapesWhatItWouldTakeForCommands)
{
    EXPECT_EQ(latexText("a_b & 5 % of {x} \\ $ # ~ ^"),
              "a\\_b \\& 5 \\% of \\{x\\} \\textbackslash{} \\$ \\# \\textasciitilde{} \\textasciicircum{}");
    EXPECT_EQ(latexText("100·(1−MSE) ± 2"), "100$\\cdot$(1$-$MSE) $\\pm$ 2");
    const Document document = someDocument();
    const std::string table = tableLatex(*blocksOf<DocumentTable>(document)[0]);
    EXPECT_NE(table.find("\\begin{tabular}{ll}\n\\toprule\nNetwork & Value \\\\\n\\midrule\n"), std::string::npos) << table;
    EXPECT_NE(table.find("c\\_d & 9.7 \\% \\\\\n\\bottomrule"), std::string::npos) << table;
    const std::string text = documentLatex(
        document, true, [](const std::string& name) { return name == "figure-1a" ? name + ".pdf" : std::string(); });
    EXPECT_NE(text.find("letterpaper"), std::string::npos);
    EXPECT_NE(text.find("\\input{tables/table-5.tex}"), std::string::npos);
    EXPECT_NE(text.find("{figures/figure-1a.pdf}"), std::string::npos);
    EXPECT_NE(text.find("figures/figure-1b.csv"), std::string::npos);
    EXPECT_EQ(count(text, "\\begin{"), count(text, "\\end{"));
    for (const char letter : text) EXPECT_LT(static_cast<unsigned char>(letter), 0x80U) << "a sign that is not translated";
}

} // namespace latentoscope
