#include "ui/latent/ScatterView.h"
#include "core/figures/FigureData.h"

#include "tests/ui/FigureSamples.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"

#include <QApplication>
#include <QComboBox>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <gtest/gtest.h>

Q_DECLARE_METATYPE(std::vector<float>)

namespace latentoscope::ui {
namespace {

class ScatterViewTest : public testing::Test {
protected:
    ScatterViewTest() : moved(&view, &ScatterView::probeMoved)
    {
        view.setClassNames({"Shoe", "Bag", "Hat"});
        view.resize(640, 520);
        view.show();
        fill(2);
    }

    void fill(int dimension)
    {
        view.setCodes(sampleCodes(dimension));
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
        view.plot().replot(QCustomPlot::rpImmediateRefresh);
    }

    QPoint pixelOf(double x, double y)
    {
        return QPointF(view.plot().xAxis->coordToPixel(x), view.plot().yAxis->coordToPixel(y)).toPoint();
    }

    std::vector<float> lastCode() { return moved.back().at(0).value<std::vector<float>>(); }
    int lastItem() { return moved.back().at(1).toInt(); }

    ScatterView view;
    QSignalSpy moved;
};

TEST_F(ScatterViewTest, AClickOnAPointGivesExactlyItsCodeAndRow)
{
    QTest::mouseClick(&view.plot(), Qt::LeftButton, {}, pixelOf(2, -2) + QPoint(2, 1));
    ASSERT_EQ(moved.size(), 1);
    EXPECT_EQ(lastItem(), 2);
    EXPECT_EQ(lastCode(), (std::vector<float>{2, -2}));
    EXPECT_EQ(view.probe(), lastCode());
}

TEST_F(ScatterViewTest, AClickInFreeSpaceGivesThatPlace)
{
    QTest::mouseClick(&view.plot(), Qt::LeftButton, {}, pixelOf(-2, 1.5));
    ASSERT_EQ(moved.size(), 1);
    EXPECT_EQ(lastItem(), -1);
    EXPECT_NEAR(lastCode()[0], -2, 0.02);
    EXPECT_NEAR(lastCode()[1], 1.5, 0.02);
}

TEST_F(ScatterViewTest, ADragOverAPointIsNoClickOnIt)
{
    QTest::mousePress(&view.plot(), Qt::LeftButton, {}, pixelOf(-2, 1.5));
    QTest::mouseMove(&view.plot(), pixelOf(2, -2));
    QTest::mouseRelease(&view.plot(), Qt::LeftButton, {}, pixelOf(2, -2));
    ASSERT_GE(moved.size(), 2);
    EXPECT_EQ(lastItem(), -1);
    EXPECT_NEAR(lastCode()[0], 2, 0.02);
}

TEST_F(ScatterViewTest, IsolatingAClassKeepsTheIdentityOfItems)
{
    view.isolateClass(2);
    QTest::mouseClick(&view.plot(), Qt::LeftButton, {}, pixelOf(1, 3));
    EXPECT_EQ(lastItem(), 5);
    EXPECT_EQ(lastCode(), (std::vector<float>{1, 3}));
    // A grey point is no item to choose: the place itself is decoded.
    QTest::mouseClick(&view.plot(), Qt::LeftButton, {}, pixelOf(3, 1));
    EXPECT_EQ(lastItem(), -1);
    const auto figure = std::get<ScatterFigure>(view.figure());
    EXPECT_EQ(figure.items, (std::vector<int>{40, 11, 32, 7, 25, 3}));
    EXPECT_EQ(figure.visible, (std::vector<std::uint8_t>{0, 0, 1}));
}

TEST_F(ScatterViewTest, ChipsToggleOnClickAndIsolateWithAlt)
{
    auto* bag = view.findChild<QWidget*>(QStringLiteral("classChip1"));
    ASSERT_NE(bag, nullptr);
    QTest::mouseClick(bag, Qt::LeftButton);
    EXPECT_FALSE(view.scene().isVisible(1));
    EXPECT_TRUE(view.scene().isVisible(0));
    EXPECT_TRUE(view.header().subtitle().startsWith(QStringLiteral("4 of 6 test codes")))
        << view.header().subtitle().toStdString();
    QTest::mouseClick(bag, Qt::LeftButton, Qt::AltModifier);
    EXPECT_TRUE(view.scene().isVisible(1));
    EXPECT_FALSE(view.scene().isVisible(0));
    QTest::mouseClick(bag, Qt::LeftButton, Qt::AltModifier);
    EXPECT_TRUE(view.scene().isVisible(0));
}

TEST_F(ScatterViewTest, ADoubleClickOnAChipIsolatesAndASecondOneShowsAll)
{
    auto* hat = view.findChild<QWidget*>(QStringLiteral("classChip2"));
    const auto doubleClick = [hat] {
        QTest::mouseClick(hat, Qt::LeftButton);
        QTest::mouseDClick(hat, Qt::LeftButton);
    };
    doubleClick();
    EXPECT_TRUE(view.scene().isVisible(2));
    EXPECT_FALSE(view.scene().isVisible(0));
    EXPECT_FALSE(view.scene().isVisible(1));
    doubleClick();
    EXPECT_TRUE(view.scene().isVisible(0));
}

TEST_F(ScatterViewTest, ArrowsMoveTheProbeShiftFinerEscapeClears)
{
    QTest::mouseClick(&view.plot(), Qt::LeftButton, {}, pixelOf(2, -2));
    QTest::keyClick(&view.plot(), Qt::Key_Right);
    const float coarse = lastCode()[0] - 2;
    EXPECT_GT(coarse, 0);
    EXPECT_EQ(lastCode()[1], -2);
    EXPECT_EQ(lastItem(), -1);
    const std::vector<float> before = lastCode();
    QTest::keyClick(&view.plot(), Qt::Key_Up, Qt::ShiftModifier);
    EXPECT_EQ(lastCode()[0], before[0]);
    EXPECT_GT(lastCode()[1], before[1]);
    EXPECT_LT(lastCode()[1] - before[1], coarse);
    const QSignalSpy cleared(&view, &ScatterView::probeCleared);
    QTest::keyClick(&view.plot(), Qt::Key_Escape);
    EXPECT_EQ(cleared.size(), 1);
    EXPECT_TRUE(view.probe().empty());
}

TEST_F(ScatterViewTest, OtherDimensionsComeFromTheChosenItemAtFirstFromTheMean)
{
    fill(4);
    QTest::mouseClick(&view.plot(), Qt::LeftButton, {}, pixelOf(-2, 1.5));
    EXPECT_FLOAT_EQ(lastCode()[2], 22.5F); // 20 … 25
    EXPECT_FLOAT_EQ(lastCode()[3], 32.5F);
    QTest::mouseClick(&view.plot(), Qt::LeftButton, {}, pixelOf(1, 3));
    EXPECT_EQ(lastCode(), (std::vector<float>{1, 3, 25, 35}));
    QTest::mouseClick(&view.plot(), Qt::LeftButton, {}, pixelOf(-2, 1.5));
    EXPECT_EQ(lastCode()[2], 25);
    EXPECT_EQ(lastCode()[3], 35);
}

TEST_F(ScatterViewTest, ChoosingTheOtherAxisDimensionSwapsTheTwo)
{
    fill(3);
    view.findChild<QComboBox*>(QStringLiteral("scatterX"))->setCurrentIndex(1);
    EXPECT_EQ(view.xDimension(), 1);
    EXPECT_EQ(view.yDimension(), 0);
    view.findChild<QComboBox*>(QStringLiteral("scatterY"))->setCurrentIndex(2);
    EXPECT_EQ(view.yDimension(), 2);
    EXPECT_EQ(std::get<ScatterFigure>(view.figure()).yTitle, "z2");
}

TEST_F(ScatterViewTest, NewCodesKeepAZoomAndCtrlZeroFits)
{
    const QCPRange all = view.plot().xAxis->range();
    const QPointF at = pixelOf(0, 0);
    QWheelEvent wheel(at, view.plot().mapToGlobal(at), {}, QPoint(0, 480), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(&view.plot(), &wheel);
    const QCPRange zoomed = view.plot().xAxis->range();
    EXPECT_LT(zoomed.size(), all.size() * 0.7);
    view.setCodes(sampleCodes());
    EXPECT_EQ(view.plot().xAxis->range(), zoomed);
    QTest::keyClick(&view.plot(), Qt::Key_0, Qt::ControlModifier);
    EXPECT_EQ(view.plot().xAxis->range(), all);
}

TEST_F(ScatterViewTest, TheHeaderSaysWhichPartOfTheSplitItShowsAndThatItIsOfThePast)
{
    ItemSelection items;
    items.split = sampleCodes(2)->split;
    items.whole = 15000;
    view.setImages(nullptr, items);
    view.setPast(true);
    EXPECT_TRUE(view.header().subtitle().contains(QStringLiteral("of its 15,000"))) << view.header().subtitle().toStdString();
    EXPECT_TRUE(view.header().subtitle().contains(QStringLiteral("· epoch ")));
    view.setPast(false);
    EXPECT_FALSE(view.header().subtitle().contains(QStringLiteral("epoch")));
}

TEST_F(ScatterViewTest, WithoutCodesItSaysWhatToDo)
{
    view.setCodes(nullptr);
    EXPECT_FALSE(view.hasFigure());
    EXPECT_TRUE(std::holds_alternative<std::monostate>(view.figure()));
    EXPECT_TRUE(view.findChild<QWidget*>(QStringLiteral("emptyState"))->isVisible());
    QTest::mouseClick(&view.plot(), Qt::LeftButton);
    EXPECT_EQ(moved.size(), 0);
}

TEST_F(ScatterViewTest, OneDimensionIsAMapTooAndNothingCrashes)
{
    fill(1);
    const auto figure = std::get<ScatterFigure>(view.figure());
    ASSERT_TRUE(figure.strips);
    for (std::size_t i = 0; i < figure.y.size(); ++i) EXPECT_NEAR(figure.y[i], figure.labels[i], 0.4) << "outside its strip";
    EXPECT_EQ(view.header().subtitle().contains(QStringLiteral("z0 ×")), false);
    QTest::mouseClick(&view.plot(), Qt::LeftButton, {}, pixelOf(figure.x[2], figure.y[2]));
    EXPECT_EQ(lastCode(), (std::vector<float>{2}));
    EXPECT_EQ(lastItem(), 2);
    // In a free place the height means nothing.
    QTest::mouseClick(&view.plot(), Qt::LeftButton, {}, pixelOf(-2, 0.5));
    EXPECT_NEAR(lastCode()[0], -2, 0.02);
    EXPECT_EQ(lastCode().size(), 1U);
}

} // namespace
} // namespace latentoscope::ui
