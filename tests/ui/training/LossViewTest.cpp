#include "ui/training/LossView.h"
#include "core/figures/FigureData.h"

#include "tests/support/SmallData.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QWheelEvent>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace latentoscope::ui {
namespace {

std::vector<LossPoint> steps(int first, int count)
{
    std::vector<LossPoint> points;
    for (int i = first; i < first + count; ++i) points.push_back({i / 100.0, 0.1F / static_cast<float>(1 + i), {}});
    return points;
}

const Curve* find(const CurvesFigure& figure, Curve::Role role)
{
    const auto found =
        std::find_if(figure.curves.begin(), figure.curves.end(), [role](const Curve& c) { return c.role == role; });
    return found == figure.curves.end() ? nullptr : &*found;
}

int drawnPoints(const LossView& view)
{
    int points = 0;
    for (int i = 0; i < view.plot().graphCount(); ++i) points += view.plot().graph(i)->dataCount();
    return points;
}

class LossViewTest : public testing::Test {
protected:
    LossViewTest()
    {
        view.setMeasures({{"mse", "MSE", "a pixel", 64, true}});
        view.resize(600, 320);
        view.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
    }

    CurvesFigure figure() const { return std::get<CurvesFigure>(view.figure()); }

    LossView view;
};

TEST_F(LossViewTest, DrawsEveryStepThatArrivesInPieces)
{
    view.append(steps(1, 40));
    ASSERT_TRUE(QTest::qWaitFor([this] { return drawnPoints(view) == 40; }));
    view.append(steps(41, 25));
    ASSERT_TRUE(QTest::qWaitFor([this] { return drawnPoints(view) == 65; }));
    EXPECT_EQ(find(figure(), Curve::Role::TrainStep)->x.size(), 65U);
    view.clear();
    view.append(steps(1, 10));
    EXPECT_TRUE(QTest::qWaitFor([this] { return drawnPoints(view) == 10; }));
}

TEST_F(LossViewTest, ManyAppendsMakeFewReplots)
{
    const QSignalSpy replots(&view.plot(), &QCustomPlot::afterReplot);
    for (int i = 0; i < 200; ++i) view.append(steps(1 + i, 1));
    ASSERT_TRUE(QTest::qWaitFor([this] { return drawnPoints(view) == 200; }));
    EXPECT_LT(replots.size(), 10);
}

TEST_F(LossViewTest, SmoothingIsOffAtFirstAndKeepsTheRawCurve)
{
    view.append(steps(1, 50));
    EXPECT_EQ(view.smoothing(), 0);
    EXPECT_EQ(find(figure(), Curve::Role::Smoothed), nullptr);
    view.setSmoothing(90);
    const CurvesFigure now = figure();
    ASSERT_NE(find(now, Curve::Role::Smoothed), nullptr);
    EXPECT_FLOAT_EQ(static_cast<float>(find(now, Curve::Role::TrainStep)->y[1]), 0.1F / 3);
    EXPECT_NEAR(find(now, Curve::Role::Smoothed)->y[0], 0.05, 1e-6);
    EXPECT_TRUE(QTest::qWaitFor([this] { return view.plot().graphCount() == 2; }));
}

TEST_F(LossViewTest, TheButtonSwitchesBetweenLogarithmicAndLinear)
{
    view.append(steps(1, 50));
    auto* button = view.findChild<QToolButton*>(QStringLiteral("lossLogarithmic"));
    EXPECT_EQ(view.scale(), AxisScale::Logarithmic);
    ASSERT_TRUE(QTest::qWaitFor([this] { return view.plot().yAxis->scaleType() == QCPAxis::stLogarithmic; }));
    QTest::mouseClick(button, Qt::LeftButton);
    EXPECT_EQ(view.scale(), AxisScale::Linear);
    EXPECT_TRUE(QTest::qWaitFor([this] { return view.plot().yAxis->scaleType() == QCPAxis::stLinear; }));
    EXPECT_EQ(figure().yScale, AxisScale::Linear);
}

TEST_F(LossViewTest, AZoomStaysWhileCurvesGrowAndADoubleClickFits)
{
    view.setExpectedEpochs(2);
    view.append(steps(1, 50));
    ASSERT_TRUE(
        QTest::qWaitFor([this] { return view.plot().xAxis->range().contains(2) && view.plot().xAxis->range().upper < 2.1; }));
    const QPointF at = view.plot().axisRect()->rect().center();
    QWheelEvent wheel(at, view.plot().mapToGlobal(at), {}, QPoint(0, 360), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(&view.plot(), &wheel);
    const QCPRange zoomed = view.plot().xAxis->range();
    EXPECT_LT(zoomed.size(), 1.3);
    view.append(steps(51, 50));
    ASSERT_TRUE(QTest::qWaitFor([this] { return drawnPoints(view) == 100; }));
    EXPECT_EQ(view.plot().xAxis->range(), zoomed);
    QTest::mouseDClick(&view.plot(), Qt::LeftButton, {}, at.toPoint());
    EXPECT_TRUE(
        QTest::qWaitFor([this] { return view.plot().xAxis->range().contains(2) && view.plot().xAxis->range().upper < 2.1; }));
}

TEST_F(LossViewTest, TheSubtitleComparesWithTheLowestReferenceLine)
{
    view.setReferences({{"mse", {{"mean image", 0.08}, {"PCA-2", 0.04}}}});
    view.append(std::vector<EpochMetrics>{test::epochMetrics(1, 0.05, 0.03)});
    EXPECT_TRUE(QTest::qWaitFor([this] {
        return view.header().subtitle() == QStringLiteral("25 % below PCA-2 · validation 0.0300");
    })) << view.header().subtitle().toStdString();
}

TEST_F(LossViewTest, OtherRunsAreDrawnWithTheirNames)
{
    view.append(std::vector<EpochMetrics>{test::epochMetrics(1, 0.05, 0.03)});
    view.setOverlays({{"other", {}, {test::epochMetrics(1, 0.06, 0.05), test::epochMetrics(2, 0.05, 0.04)}}});
    const Curve* other = nullptr;
    const CurvesFigure now = figure();
    other = find(now, Curve::Role::Other);
    ASSERT_NE(other, nullptr);
    EXPECT_EQ(other->name, "other, validation");
    EXPECT_EQ(other->y, (std::vector<double>{0.05, 0.04}));
    EXPECT_TRUE(
        QTest::qWaitFor([this] { return view.plot().xAxis->range().contains(2) && view.plot().xAxis->range().upper < 2.1; }));
}

TEST_F(LossViewTest, ARunOfAnotherKindHasACurveWhereItMeasuresTheSame)
{
    view.append(std::vector<EpochMetrics>{test::epochMetrics(1, 0.05, 0.03)});
    // Steps of a variational one: the bound, then reconstruction, KL and squared error.
    const Measure bound{"negative_elbo", "BCE + KL", "nats/image"};
    const std::vector<Measure> measures{bound, {"reconstruction", "BCE", ""}, {"kl", "KL", ""}, {"mse", "MSE", "a pixel", 64}};
    const std::vector<LossPoint> steps{{0.5, 300, {280, 20, 0.09F}}, {1, 250, {240, 10, 0.07F}}};
    const std::vector<LossPoint> labels{{1, 2.3F, {12}}};
    view.setOverlays({{"vae", steps, {}, measures},
                      {"classes", labels, {}, {{"nll", "NLL", "nats/image"}, {"accuracy", "Accuracy", "%", 1, false}}}});
    const CurvesFigure now = figure();
    const Curve* other = find(now, Curve::Role::Other);
    ASSERT_NE(other, nullptr);
    EXPECT_EQ(other->name, "vae, train step");
    ASSERT_EQ(other->y.size(), 2U);
    EXPECT_FLOAT_EQ(static_cast<float>(other->y[1]), 0.07F) << "not its loss, which is in nats";
    EXPECT_EQ(std::count_if(now.curves.begin(), now.curves.end(), [](const Curve& c) { return c.role == Curve::Role::Other; }),
              1);
    EXPECT_TRUE(QTest::qWaitFor([this] { return view.header().subtitle().endsWith(QStringLiteral(" · classes: no MSE")); }))
        << view.header().subtitle().toStdString();
}

TEST_F(LossViewTest, ALongRunNameTakesAThirdOfThePlotAtMost)
{
    view.append(std::vector<EpochMetrics>{test::epochMetrics(1, 0.05, 0.03)});
    const std::string name = "a run whose name is a whole sentence of eighty characters, which is allowed to be so";
    view.setOverlays({{name + name + name, {}, {test::epochMetrics(1, 0.06, 0.05), test::epochMetrics(2, 0.05, 0.04)}}});
    ASSERT_TRUE(
        QTest::qWaitFor([this] { return view.plot().xAxis->range().contains(2) && view.plot().xAxis->range().upper < 2.1; }));
    view.plot().replot();
    EXPECT_GE(view.plot().axisRect()->width(), view.plot().width() / 2);
    for (int i = 0; i < view.plot().itemCount(); ++i) {
        const auto* text = qobject_cast<QCPItemText*>(view.plot().item(i));
        if (text == nullptr || !text->visible()) continue;
        EXPECT_LE(text->right->pixelPosition().x(), view.plot().width()) << text->text().toStdString();
    }
    EXPECT_EQ(find(figure(), Curve::Role::Other)->name,
              name + name + name + ", validation"); // whole in what is exported as numbers
}

TEST_F(LossViewTest, HasAContextMenuByMouseAndKeyboard)
{
    view.append(steps(1, 10));
    for (const auto reason : {QContextMenuEvent::Mouse, QContextMenuEvent::Keyboard}) {
        QStringList entries;
        QTimer::singleShot(0, &view, [&] {
            auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
            if (menu == nullptr) return;
            for (const QAction* action : menu->actions()) entries << action->text();
            menu->close();
        });
        const QPoint place = view.plot().rect().center();
        QContextMenuEvent event(reason, place, view.plot().mapToGlobal(place));
        QApplication::sendEvent(&view.plot(), &event);
        EXPECT_TRUE(entries.contains(QStringLiteral("Export…"))) << entries.join(QLatin1Char(',')).toStdString();
        EXPECT_TRUE(entries.contains(QStringLiteral("Copy data")));
    }
}

TEST_F(LossViewTest, LossesThatAreNotFiniteDoNotBreakTheAxes)
{
    view.append(std::vector<LossPoint>{{0.1, 0.2F, {}},
                                       {0.2, std::numeric_limits<float>::quiet_NaN(), {}},
                                       {0.3, std::numeric_limits<float>::infinity(), {}},
                                       {0.4, 0.0F, {}}});
    ASSERT_TRUE(QTest::qWaitFor([this] { return drawnPoints(view) == 4; }));
    EXPECT_TRUE(std::isfinite(view.plot().yAxis->range().upper));
    EXPECT_GT(view.plot().yAxis->range().lower, 0);
}

} // namespace
} // namespace latentoscope::ui
