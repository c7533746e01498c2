#include "ui/training/ReconstructionsView.h"
#include "core/figures/FigureData.h"
#include "core/values/LatentCodes.h"

#include "core/figures/Grid.h"
#include "tests/ui/FigureSamples.h"
#include "ui/common/PanelHeader.h"
#include "ui/figures/ImageGridLayout.h"
#include "ui/training/ReconstructionsCanvas.h"

#include <QTest>
#include <QToolButton>
#include <gtest/gtest.h>

#include <cmath>

namespace latentoscope::ui {
namespace {

TEST(ReconstructionsView, ShowsWhatIsChosenAndExportsTheSame)
{
    ReconstructionsView view;
    EXPECT_FALSE(view.hasFigure());
    view.setReconstructions(sampleReconstructions());
    view.setGrid(2, 1);
    view.findChild<QToolButton*>(QStringLiteral("reconstructionsError"))->click();
    const auto figure = std::get<ReconstructionsFigure>(view.figure());
    EXPECT_EQ(figure.rows, 2);
    EXPECT_EQ(figure.columns, 1);
    EXPECT_EQ(figure.errorRow, ErrorRow::Shown);
    EXPECT_EQ(view.header().subtitle(), QStringLiteral("2 of 2 validation items"));
}

TEST(ReconstructionsView, TheItemUnderTheMouseIsEnlarged)
{
    ReconstructionsView view;
    view.resize(600, 300);
    view.setReconstructions(sampleReconstructions());
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    auto* canvas = view.findChild<ReconstructionsCanvas*>();
    const ImageGridLayout grid(std::get<ReconstructionsFigure>(view.figure()), canvas->imageArea(), canvas->devicePixelRatioF());
    QTest::mouseMove(canvas, grid.cell(1, 1).center().toPoint());
    EXPECT_TRUE(QTest::qWaitFor([canvas] { return canvas->hoveredItem() == 1; }));
}

TEST(ReconstructionsView, TheHeaderSaysThatItShowsThePast)
{
    ReconstructionsView view;
    view.setReconstructions(sampleReconstructions());
    EXPECT_FALSE(view.header().subtitle().contains(QStringLiteral("epoch")));
    view.setPast(true);
    EXPECT_TRUE(view.header().subtitle().startsWith(QStringLiteral("epoch ")));
}

TEST(ImageGridLayout, WantedColumnsGrowAsFarAsTheyFitAndLargeImagesShrink)
{
    ReconstructionsFigure figure;
    figure.reconstructions = sampleReconstructions(); // 8 x 8
    const QSizeF room(400, 150);
    const GridCounts four = fittingGrid(figure, room, 1, {4, 0});
    EXPECT_EQ(four.columns, 4);
    EXPECT_EQ(four.rows, 1);
    const GridCounts free = fittingGrid(figure, room, 1);
    EXPECT_GE(free.columns, 6);
    auto large = std::make_shared<Reconstructions>();
    large->shape = {256, 256, 1};
    large->items = {0, 1, 2, 3, 4, 5, 6};
    large->labels.assign(7, 0);
    large->inputs.assign(7 * large->shape.values(), 9);
    large->outputs.assign(7 * large->shape.values(), 100);
    figure.reconstructions = large;
    figure.errorRow = ErrorRow::Shown;
    const GridCounts counts = fittingGrid(figure, room, 1);
    figure.columns = counts.columns;
    figure.rows = counts.rows;
    const ImageGridLayout grid(figure, QRectF(QPointF(), room), 1);
    EXPECT_GE(grid.count(), 6);
    EXPECT_LE(grid.bounds().bottom(), 150);
    EXPECT_LE(grid.bounds().right(), 400);
    EXPECT_GE(grid.cell(0, 0).height(), 40); // and no smaller than it must be
}

TEST(ImageGridLayout, PicturesAreWholeFactorsOnDevicePixelsAtEveryRatio)
{
    ReconstructionsFigure figure;
    figure.reconstructions = sampleReconstructions();
    figure.errorRow = ErrorRow::Shown;
    for (const double ratio : {1.0, 1.25, 2.0}) {
        const ImageGridLayout grid(figure, QRectF(10, 4, 333, 301), ratio);
        const double factor = grid.cell(0, 0).width() / 8 * ratio;
        EXPECT_NEAR(factor, std::round(factor), 1e-9);
        EXPECT_GT(factor, 4);
        EXPECT_LE(grid.bounds().right(), 343 + 1e-9);
        EXPECT_LE(grid.bounds().bottom(), 305 + 1e-9);
        EXPECT_EQ(grid.at(grid.cell(1, 2).center()).item, 1);
        EXPECT_EQ(grid.at(grid.cell(1, 2).center()).line, 2);
        EXPECT_EQ(grid.at(QPointF(0, 0)).item, -1);
    }
}

TEST(Grid, ReconstructionsStandInputAboveOutputAboveError)
{
    ReconstructionsFigure figure;
    figure.reconstructions = sampleReconstructions();
    figure.errorRow = ErrorRow::Shown;
    const PixelImage grid = composeReconstructions(figure, 2);
    EXPECT_EQ(grid.width, 2 * 16 + 2);
    EXPECT_EQ(grid.height, 3 * 16 + 2 * 2);
    const auto at = [&grid](int x, int y) { return static_cast<int>(grid.pixels[static_cast<std::size_t>(y * grid.width + x)]); };
    EXPECT_EQ(at(0, 0), 10);
    EXPECT_EQ(at(15, 15), 10);
    EXPECT_EQ(at(16, 0), 255); // the gap
    EXPECT_EQ(at(18, 0), 200);
    EXPECT_EQ(at(18, 18), 150);
    EXPECT_EQ(at(33, 51), 50);
}

TEST(Grid, ColoursStayTogetherAndMissingCellsAreBackground)
{
    const ImageShape shape{8, 8, 3};
    std::vector<std::uint8_t> images(3 * shape.values());
    for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<std::uint8_t>(i % 3);
    GridOptions options;
    options.columns = 2;
    options.factor = 1;
    options.background = 9;
    const PixelImage grid = composeGrid(shape, images, options);
    EXPECT_EQ(grid.width, 18);
    EXPECT_EQ(grid.height, 18);
    EXPECT_EQ((std::vector<std::uint8_t>{grid.pixels[0], grid.pixels[1], grid.pixels[2]}), (std::vector<std::uint8_t>{0, 1, 2}));
    EXPECT_EQ(grid.pixels.back(), 9);
}

} // namespace
} // namespace latentoscope::ui
