// A report as pages: all of it, in order, on paper of the right size.
#include "ui/figures/DocumentPdf.h"
#include "core/base/AtomicFile.h"
#include "tests/ui/FigureSamples.h"
#include "ui/figures/DocumentBoxes.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <gtest/gtest.h>

namespace latentoscope::ui {
namespace {

Document someDocument(int paragraphs)
{
    Document document{"Title", "seed 1", {Heading{1, "Methods"}}};
    for (int i = 0; i < paragraphs; ++i) {
        std::string words = "Words that fill a line or two of a page, with a number";
        for (int k = 0; k < 20; ++k) words += " " + std::to_string(100 * i + k);
        document.blocks.emplace_back(Paragraph{words, "Lead."});
    }
    DocumentTable table{"t", "I", "Caption", {"Name", "Value"}, {}, {"A note."}};
    for (int i = 0; i < 8; ++i) table.rows.push_back({"row " + std::to_string(i), "1"});
    document.blocks.emplace_back(table);
    document.blocks.emplace_back(
        DocumentFigure{"1", "Both", {{"a", "(a) one", sampleCurves()}, {"b", "(b) other", sampleCurves()}}});
    return document;
}

int pagesOf(const QByteArray& pdf)
{
    const auto found = QRegularExpression(QStringLiteral("/Count (\\d+)")).match(QString::fromLatin1(pdf));
    return found.captured(1).toInt();
}

std::string sizeOf(const QByteArray& pdf)
{
    return QRegularExpression(QStringLiteral("/MediaBox \\[([^\\]]*)\\]"))
        .match(QString::fromLatin1(pdf))
        .captured(1)
        .toStdString();
}

} // namespace

TEST(DocumentPdf, HasPagesOfThePaperAndAsManyAsItNeeds)
{
    const QByteArray small = documentPdf(someDocument(3), Paper::A4);
    EXPECT_TRUE(small.startsWith("%PDF-"));
    EXPECT_EQ(pagesOf(small), 1);
    EXPECT_EQ(sizeOf(small).substr(0, 15), "0 0 595.000000 ") << sizeOf(small);
    EXPECT_EQ(sizeOf(documentPdf(someDocument(3), Paper::Letter)).substr(0, 15), "0 0 612.000000 ");
    EXPECT_GE(pagesOf(documentPdf(someDocument(60), Paper::A4)), 3);
    EXPECT_GT(pagesOf(documentPdf(someDocument(60), Paper::Letter)), 2);
}

TEST(DocumentPdf, IsWrittenWhole)
{
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(QStringLiteral("report.pdf")).toStdString();
    writeDocumentPdf(file, someDocument(1), Paper::A4);
    EXPECT_TRUE(readFile(file).starts_with("%PDF-"));
    EXPECT_NE(readFile(file).find("%%EOF"), std::string::npos);
}

TEST(DocumentBoxes, AreNoWiderThanThePageAndHeadingsAreNeverLast)
{
    const Document document = someDocument(2);
    const std::vector<DocumentBox> boxes = documentBoxes(document, 600);
    ASSERT_GT(boxes.size(), 6U);
    EXPECT_TRUE(boxes[0].keepWithNext) << "the title";
    EXPECT_TRUE(boxes[2].keepWithNext) << "the heading";
    for (const DocumentBox& box : boxes) {
        EXPECT_GT(box.height, 0);
        EXPECT_LT(box.height, 900) << "fits a page";
    }
    EXPECT_FALSE(boxes.back().keepWithNext);
    // Narrower pages need more lines, and the same words.
    EXPECT_GT(documentBoxes(document, 300).size(), boxes.size());
}

} // namespace latentoscope::ui
