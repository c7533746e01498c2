#include "ui/figures/Export.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/figures/FigureCsv.h"
#include "tests/ui/FigureSamples.h"
#include "ui/common/Theme.h"
#include "ui/figures/ExportDialog.h"
#include "ui/latent/ScatterView.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QMimeData>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <gtest/gtest.h>

namespace latentoscope::ui {
namespace {

using Format = ExportOptions::Format;

ScatterFigure sampleScatter()
{
    ScatterScene scene;
    scene.setCodes(sampleCodes());
    scene.setClassNames({"Shoe", "Bag, large", "Hat"});
    return scene.figure();
}

ExportOptions optionsOf(Format format)
{
    ExportOptions options;
    options.format = format;
    return options;
}

TEST(FigureExport, CsvHoldsEveryPointOfTheCurvesAndTheReferenceLines)
{
    EXPECT_EQ(figureCsv(sampleCurves()), "curve,role,epoch,value\n"
                                         "train step,train step,0.2,0.2\ntrain step,train step,0.4,0.1\n"
                                         "train step,train step,0.6,0.08\ntrain step,train step,0.8,0.06\n"
                                         "train step,train step,1,0.05\ntrain step,train step,1.5,0.04\n"
                                         "train step,train step,2,0.03\n"
                                         "train,train,1,0.1\ntrain,train,2,0.04\n"
                                         "validation,validation,1,0.06\nvalidation,validation,2,0.035\n"
                                         "PCA-2,reference,,0.05\n");
}

TEST(FigureExport, CsvOfAScatterHoldsWhatTheZoomShowsAndWhatIsGrey)
{
    ScatterFigure figure = sampleScatter();
    figure.visible = {1, 0, 1};
    figure.xRange = AxisRange{-2, 2.5};
    figure.yRange = AxisRange{-5, 5};
    EXPECT_EQ(figureCsv(figure), "index,label,class,shown,z0,z1\n"
                                 "11,1,\"Bag, large\",0,-1,2\n32,2,Hat,1,2,-2\n25,1,\"Bag, large\",0,0,-1\n3,2,Hat,1,1,3\n");
}

TEST(FigureExport, CsvOfReconstructionsHoldsTheErrorOnlyWhenItIsDrawn)
{
    ReconstructionsFigure figure;
    figure.reconstructions = sampleReconstructions();
    const std::string without = figureCsv(figure);
    figure.errorRow = ErrorRow::Shown;
    const std::string with = figureCsv(figure);
    EXPECT_EQ(without.find(",error,"), std::string::npos);
    EXPECT_NE(with.find("\n5,1,1,0,0,error,20,20,"), std::string::npos) << with;
    EXPECT_NE(with.find("\n9,0,0,0,1,error,50,50,"), std::string::npos) << with;
}

TEST(FigureExport, PngHasTheAskedSizeAndAWhiteBackgroundInADarkWindow)
{
    const QPalette before = qApp->palette();
    applyTheme(*qApp, ThemeChoice::Dark, before);
    ExportOptions options = optionsOf(Format::Png);
    options.size = QSizeF(100, 60);
    options.unit = ExportOptions::Unit::Millimetres;
    options.scale = 2;
    for (const FigureData& figure : {FigureData(sampleCurves()), FigureData(sampleScatter())}) {
        const QImage image = QImage::fromData(renderFigure(figure, options));
        EXPECT_EQ(image.size(), QSize(756, 454)); // 100 mm and 60 mm at 96 units an inch, twice
        EXPECT_EQ(image.pixelColor(0, 0), QColor(Qt::white));
        EXPECT_EQ(image.pixelColor(755, 453), QColor(Qt::white));
        int dark = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) dark += image.pixelColor(x, y).lightness() < 128;
        EXPECT_GT(dark, 50);
        EXPECT_LT(dark, image.width() * image.height() / 10);
    }
    applyTheme(*qApp, ThemeChoice::Light, before);
}

TEST(FigureExport, PdfHasEmbeddedFontsAndNoPictureOfThePoints)
{
    const QByteArray pdf = renderFigure(sampleScatter(), optionsOf(Format::Pdf));
    EXPECT_TRUE(pdf.startsWith("%PDF-1."));
    EXPECT_TRUE(pdf.contains("/FontFile2"));
    EXPECT_FALSE(pdf.contains("/Subtype /Image"));
}

TEST(FigureExport, SvgDrawsOneShapeAPointAndWritesWordsAsText)
{
    const ScatterFigure figure = sampleScatter();
    const QByteArray svg = renderFigure(figure, optionsOf(Format::Svg));
    // One dot a point, and one a class in the legend.
    EXPECT_EQ(svg.count("<circle") + svg.count("<ellipse"), 6 + 3);
    for (const char* word : {">Shoe<", ">Bag, large<", ">Hat<", ">z0<", ">z1<"}) EXPECT_TRUE(svg.contains(word)) << word;
    EXPECT_FALSE(svg.contains("<image"));
}

TEST(FigureExport, VectorsKeepEveryPointOfALongCurve)
{
    CurvesFigure figure;
    Curve curve{"train step", Curve::Role::TrainStep, {}, {}, 0};
    for (int i = 0; i < 20'000; ++i) {
        curve.x.push_back(i / 2000.0);
        curve.y.push_back(1 + 0.1 * (i % 7));
    }
    figure.curves.push_back(curve);
    EXPECT_GT(renderFigure(figure, optionsOf(Format::Svg)).count(','), 20'000);
}

TEST(FigureExport, AllFourFilesAreWrittenIntoAFolderThatIsMade)
{
    const QTemporaryDir folder;
    const std::filesystem::path figures = std::filesystem::path(folder.path().toStdString()) / "a" / "figures";
    writeFigureFiles(figures, "loss", sampleCurves());
    for (const char* name : {"loss.png", "loss.svg", "loss.pdf", "loss.csv"})
        EXPECT_GT(std::filesystem::file_size(figures / name), 100U);
    EXPECT_EQ(QDir(QString::fromStdString(figures.string())).entryList(QDir::Files | QDir::Hidden).size(), 4);
    EXPECT_EQ(readFile(figures / "loss.csv"), figureCsv(sampleCurves()));
}

TEST(FigureExport, AFolderThatCannotBeWrittenGivesASentenceAndNoFile)
{
    const QTemporaryDir folder;
    const std::filesystem::path blocker = std::filesystem::path(folder.path().toStdString()) / "file";
    writeFileAtomically(blocker, "x");
    try {
        exportFigure(sampleCurves(), blocker / "loss.png", optionsOf(Format::Png));
        FAIL() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::Io);
        EXPECT_NE(std::string(error.what()).find((blocker / "loss.png").string()), std::string::npos) << error.what();
        EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    }
    EXPECT_THROW(writeFigureFiles(blocker / "figures", "loss", sampleCurves()), Error);
}

TEST(FigureExport, AnEmptyFigureAndAnAbsurdSizeAreRefused)
{
    EXPECT_THROW(renderFigure(FigureData{}, optionsOf(Format::Pdf)), Error);
    ExportOptions options = optionsOf(Format::Png);
    options.size = QSizeF(100'000, 100'000);
    EXPECT_THROW(renderFigure(sampleCurves(), options), Error);
    options.size = QSizeF(8000, 8000);
    options.scale = 16;
    EXPECT_THROW(renderFigure(sampleCurves(), options), Error);
}

TEST(FigureExport, TheClipboardGetsAPictureAndVectors)
{
    const auto data = figureMimeData(sampleCurves());
    EXPECT_TRUE(data->hasImage());
    EXPECT_TRUE(data->data(QStringLiteral("image/svg+xml")).contains("<svg"));
}

TEST(ExportDialog, WritesWhatIsChosenAndRemembersIt)
{
    const QTemporaryDir folder;
    const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "chosen.svg";
    {
        ExportDialog dialog(sampleCurves(), QStringLiteral("loss"));
        ExportOptions options = optionsOf(Format::Svg);
        options.size = QSizeF(300, 200);
        dialog.setOptions(options);
        dialog.setFile(file);
        dialog.accept();
        EXPECT_EQ(dialog.result(), QDialog::Accepted) << dialog.message().toStdString();
    }
    EXPECT_NE(readFile(file).find("viewBox=\"0 0 300 200\""), std::string::npos);
    ExportDialog again(sampleCurves(), QStringLiteral("loss"));
    EXPECT_EQ(again.options().format, Format::Svg);
    EXPECT_EQ(again.options().size, QSizeF(300, 200));
    EXPECT_EQ(again.file().parent_path(), file.parent_path());
}

TEST(ExportDialog, StaysOpenAndSaysWhyTheFileCannotBeWritten)
{
    ExportDialog dialog(sampleCurves(), QStringLiteral("loss"));
    dialog.setFile("/no-such-folder/loss.png");
    dialog.accept();
    EXPECT_NE(dialog.result(), QDialog::Accepted);
    EXPECT_TRUE(dialog.message().contains(QStringLiteral("/no-such-folder/loss.png")));
}

TEST(ExportDialog, AsksBeforeItWritesOverAFile)
{
    const QTemporaryDir folder;
    const std::filesystem::path there = std::filesystem::path(folder.path().toStdString()) / "there.csv";
    writeFileAtomically(there, "mine");
    ExportDialog dialog(sampleCurves(), QStringLiteral("loss"));
    dialog.setOptions(optionsOf(Format::Csv));
    const auto* button = dialog.findChild<QPushButton*>(QStringLiteral("exportAccept"));
    dialog.setFile(there);
    dialog.accept();
    EXPECT_NE(dialog.result(), QDialog::Accepted);
    EXPECT_EQ(readFile(there), "mine");
    EXPECT_TRUE(dialog.message().contains(QStringLiteral("there.csv is there already"))) << dialog.message().toStdString();
    EXPECT_EQ(button->text(), QStringLiteral("Replace"));
    // What was agreed to is this file, not another one that is there as well.
    const std::filesystem::path other = there.parent_path() / "other.csv";
    writeFileAtomically(other, "mine, too");
    dialog.setFile(other);
    EXPECT_EQ(button->text(), QStringLiteral("Export"));
    EXPECT_EQ(dialog.message(), QString());
    dialog.accept();
    EXPECT_EQ(readFile(other), "mine, too");
    dialog.accept();
    EXPECT_EQ(dialog.result(), QDialog::Accepted);
    EXPECT_TRUE(readFile(other).starts_with("curve,role"));
    // The ending that is typed is the format that is meant.
    ExportDialog again(sampleCurves(), QStringLiteral("loss"));
    again.setOptions(optionsOf(Format::Svg));
    again.setFile(there.parent_path() / "picture.png");
    EXPECT_EQ(again.options().format, Format::Png);
    again.accept();
    EXPECT_TRUE(readFile(there.parent_path() / "picture.png").starts_with("\x89PNG"));
}

TEST(FigureExport, TablesAreDrawnAndWritten)
{
    TableFigure table{"folds", {"fold", "note"}, {{"1", "a, b"}, {"2", ""}}};
    EXPECT_EQ(figureCsv(table), "fold,note\n1,\"a, b\"\n2,\n");
    EXPECT_TRUE(renderFigure(table, optionsOf(Format::Svg)).contains("<svg"));
    const QSizeF few = naturalSize(table);
    for (int i = 3; i < 5000; ++i) table.rows.push_back({std::to_string(i), ""});
    EXPECT_GT(naturalSize(table).height(), few.height());
    EXPECT_LT(naturalSize(table).height(), 3000) << "a picture of thousands of rows could not be read";
    EXPECT_FALSE(renderFigure(table, optionsOf(Format::Png)).isEmpty());
}

TEST(ExportDialog, ChangingTheUnitKeepsTheSize)
{
    ExportDialog dialog(sampleCurves(), QStringLiteral("unit"));
    ExportOptions options = optionsOf(Format::Png);
    options.size = QSizeF(480, 240);
    dialog.setOptions(options);
    auto* unit = dialog.findChild<QComboBox*>(QStringLiteral("exportUnit"));
    unit->setCurrentIndex(0);
    EXPECT_EQ(dialog.options().unit, ExportOptions::Unit::Millimetres);
    EXPECT_NEAR(dialog.options().size.width(), 127, 0.06);
    unit->setCurrentIndex(1);
    EXPECT_EQ(dialog.options().size, QSizeF(480, 240));
}

} // namespace
} // namespace latentoscope::ui
