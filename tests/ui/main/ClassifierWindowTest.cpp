// What the window shows of a classifier, and how one is begun with the encoder of another run.
#include "core/figures/FigureCsv.h"
#include "core/latent/ClassRegions.h"
#include "core/models/FrozenModel.h"
#include "tests/ui/FigureSamples.h"
#include "tests/ui/WindowFixture.h"
#include "ui/common/Colors.h"
#include "ui/common/MessageBar.h"
#include "ui/common/PanelHeader.h"
#include "ui/figures/ClassFigures.h"
#include "ui/figures/Export.h"
#include "ui/figures/RegionColors.h"
#include "ui/latent/ProbePresenter.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ScatterView.h"
#include "ui/training/ConfusionView.h"
#include "ui/training/LossView.h"
#include "ui/training/MistakesView.h"
#include "ui/training/ReconstructionsView.h"

#include <QAction>
#include <QSignalSpy>
#include <QToolButton>

#include <numeric>

namespace latentoscope::ui {
namespace {

/// Six images of three classes, of which rows 1 and 4 are taken for others.
Predictions somePredictions()
{
    return {3, "test", {0, 1, 2, 3, 4, 5}, {0, 1, 2, 0, 1, 2}, {0, 2, 2, 0, 0, 2}, {0.9F, 0.7F, 0.8F, 0.6F, 0.95F, 0.5F}};
}

/// A classifier of a plane whose first dimension alone tells two classes apart: the second where it is positive.
FrozenModel halves()
{
    ModelOptions options;
    options.kind = "classifier";
    options.channels = {1};
    options.hidden = 1;
    options.latent = 2;
    options.head = {2};
    options.classes = 2;
    std::vector<float> weights(parameterCount(parameterLayout(options, {8, 8, 1})), 0);
    for (const ParameterEntry& entry : parameterLayout(options, {8, 8, 1})) {
        float* at = weights.data() + entry.offset;
        if (entry.name == "head.0.weight") { // (2, 2): relu(z0), relu(-z0)
            at[0] = 1;
            at[2] = -1;
        }
        if (entry.name == "head.3.weight") { // (2, 2): the larger wins, by far
            at[1] = 50;
            at[2] = 50;
        }
    }
    return {options, {8, 8, 1}, weights};
}

} // namespace

TEST(ConfusionView, ShowsCountsAndSaysHowManyAreRight)
{
    ConfusionView view;
    EXPECT_FALSE(view.hasFigure());
    view.setPredictions(somePredictions(), {"Shoe", "Bag", "Hat"});
    const auto figure = std::get<ConfusionFigure>(view.figure());
    EXPECT_EQ(figure.counts, (std::vector<int>{2, 0, 0, 1, 0, 1, 0, 0, 2}));
    EXPECT_TRUE(view.header().subtitle().startsWith(QStringLiteral("accuracy 66.67 % · 6 test images")));
    EXPECT_EQ(figureCsv(figure), "label,class,Shoe,Bag,Hat\n0,Shoe,2,0,0\n1,Bag,1,0,1\n2,Hat,0,0,2\n");
    EXPECT_FALSE(renderImage(figure, naturalSize(figure), 1).isNull());
    view.setPredictions(std::nullopt, {});
    EXPECT_FALSE(view.hasFigure());
}

TEST(ConfusionLayout, CellsAreFoundWhereTheyAreDrawn)
{
    ConfusionFigure figure;
    figure.classNames = {"Shoe", "Bag", "Hat"};
    figure.counts.assign(9, 1);
    const ConfusionLayout layout(figure, QRectF(10, 20, 300, 200), QFont());
    for (int label = 0; label < 3; ++label) {
        for (int predicted = 0; predicted < 3; ++predicted)
            EXPECT_EQ(layout.at(layout.cell(label, predicted).center()), QPoint(predicted, label));
        EXPECT_GE(layout.rowName(label).left(), 10);
        EXPECT_GE(layout.columnName(label).bottom(), 20) << "within the area";
    }
    EXPECT_EQ(layout.at(QPointF(0, 0)), QPoint(-1, -1));
}

TEST(MistakesView, GivesTheRowOfThePictureThatIsClicked)
{
    MistakesView view;
    view.resize(500, 240);
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    view.setPredictions(somePredictions(), test::smallData({8, 8, 1}));
    const auto figure = std::get<MistakesFigure>(view.figure());
    EXPECT_EQ(figure.items, (std::vector<int>{4, 1})) << "the most confident first";
    EXPECT_EQ(view.header().subtitle(), QStringLiteral("2 of 6 wrong · most confident first"));
    EXPECT_TRUE(figureCsv(figure).starts_with("index,label,class,predicted,predicted_class,probability,p0,"));
    EXPECT_NE(figureCsv(figure).find("\n4,1,1,0,0,0.95,"), std::string::npos);
    EXPECT_FALSE(renderImage(figure, naturalSize(figure), 1).isNull());
    QSignalSpy chosen(&view, &MistakesView::rowChosen);
    auto* canvas = view.findChild<QWidget*>(QStringLiteral("mistakesCanvas"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return canvas->width() > 300; }));
    QTest::mouseClick(canvas, Qt::LeftButton, {}, view.pictureAt(1).center().toPoint());
    ASSERT_EQ(chosen.size(), 1);
    EXPECT_EQ(chosen.front().front().toInt(), 1);
}

TEST(ClassRegions, HaveTheColourOfTheClassThatIsSeenThere)
{
    const QImage image = regionsImage(classRegions(halves(), {0, 1, {-2, 2}, {-1, 1}, {0, 0}}));
    ASSERT_FALSE(image.isNull());
    const auto isOf = [&](int x, int label) {
        const QColor found = image.pixelColor(x, image.height() / 2), wanted = classColor(label);
        return std::abs(found.red() - wanted.red()) < 6 && std::abs(found.green() - wanted.green()) < 6 && found.alpha() > 60;
    };
    EXPECT_TRUE(isOf(2, 0));
    EXPECT_TRUE(isOf(image.width() - 3, 1));
    // The same plane looked at the other way round: now the rows tell them apart, the highest value at the top.
    const QImage turned = regionsImage(classRegions(halves(), {1, 0, {-1, 1}, {-2, 2}, {0, 0}}));
    EXPECT_NEAR(turned.pixelColor(5, 2).red(), classColor(1).red(), 6);
    EXPECT_NEAR(turned.pixelColor(5, turned.height() - 3).red(), classColor(0).red(), 6);
}

TEST(ClassRegions, AreDrawnBehindThePointsOfWhatIsExported)
{
    ScatterFigure map;
    map.x = {-1, 1};
    map.y = {0, 0};
    map.labels = {0, 1};
    map.items = {0, 1};
    map.xRange = AxisRange{-2, 2};
    map.yRange = AxisRange{-1, 1};
    const auto size = naturalSize(map);
    const QImage plain = renderImage(map, size, 1);
    map.regions = std::make_shared<const ClassRegions>(classRegions(halves(), {0, 1, {-2, 2}, {-1, 1}, {0, 0}}));
    const QImage coloured = renderImage(map, size, 1);
    ASSERT_EQ(plain.size(), coloured.size());
    int changed = 0;
    for (int y = 0; y < plain.height(); ++y) {
        for (int x = 0; x < plain.width(); ++x) changed += plain.pixel(x, y) != coloured.pixel(x, y);
    }
    EXPECT_GT(changed, plain.width() * plain.height() / 2) << "more than half of the picture is plane";
}

TEST_F(WindowTest, AClassifierBeginsWithTheShownRunsEncoderAndIsShownInItsViews)
{
    MainWindow& window = open();
    EXPECT_FALSE(window.actions().fineTune->isEnabled()) << "there is no run yet";
    trainToTheEnd(window, 2);
    ASSERT_TRUE(window.actions().fineTune->isEnabled());
    window.actions().fineTune->trigger();
    EXPECT_TRUE(window.messages().isShown());
    TrainingRequest request = window.controls().request();
    EXPECT_EQ(request.configuration.model.kind, "classifier");
    EXPECT_EQ(request.configuration.model.hidden, 8) << "the encoder's";
    request.configuration.training.epochs = 3;
    window.controls().setConfiguration(request.base, request.configuration);
    window.train();
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.controller().state() == RunState::Finished; }, kPatienceMs));
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.isSettled(); }, kPatienceMs));
    const std::filesystem::path run = m_request.runsFolder / "fine-tune-tiny";
    EXPECT_EQ(readRun(run).encoderFolder, (m_request.runsFolder / "tiny").string());
    EXPECT_TRUE(window.confusion().hasFigure());
    EXPECT_TRUE(window.mistakes().hasFigure());
    EXPECT_FALSE(window.reconstructions().hasFigure());
    auto* regions = window.findChild<QToolButton*>(QStringLiteral("scatterRegions"));
    EXPECT_FALSE(regions->isHidden());
    // What is exported has the regions that are seen.
    const auto map = std::get<ScatterFigure>(window.scatter().figure());
    ASSERT_NE(map.regions, nullptr);
    EXPECT_EQ(map.regions->x, *map.xRange);
    EXPECT_EQ(map.regions->classes, 10);
    regions->click();
    EXPECT_EQ(std::get<ScatterFigure>(window.scatter().figure()).regions, nullptr);
    regions->click();
    // A cell of Confusion leads to its images, a picture to its place in the map.
    const MistakesFigure all = std::get<MistakesFigure>(window.mistakes().figure());
    const int label = all.labels.front(), taken = all.predicted.front();
    Q_EMIT window.confusion().pairChosen(label, taken);
    const MistakesFigure some = std::get<MistakesFigure>(window.mistakes().figure());
    EXPECT_LT(some.items.size(), all.items.size());
    for (std::size_t i = 0; i < some.items.size(); ++i) {
        EXPECT_EQ(some.labels[i], label);
        EXPECT_EQ(some.predicted[i], taken);
    }
    Q_EMIT window.confusion().pairChosen(-1, -1);
    EXPECT_EQ(std::get<MistakesFigure>(window.mistakes().figure()).items, all.items);
    for (const char* file : {"figures/confusion.pdf", "figures/mistakes.png", "figures/confusion.csv"})
        EXPECT_TRUE(std::filesystem::exists(run / file)) << file;

    // A click shows what the place is taken for, where another network's would be decoded.
    window.probeLink().probeRow(0);
    ASSERT_TRUE(QTest::qWaitFor([&] { return std::holds_alternative<BarsFigure>(window.probe().figure()); }, kPatienceMs));
    const auto bars = std::get<BarsFigure>(window.probe().figure());
    EXPECT_EQ(bars.values.size(), 10U);
    EXPECT_NEAR(std::accumulate(bars.values.begin(), bars.values.end(), 0.0), 1, 1e-5);

    // Of other sizes, the encoder cannot be used: then it is drawn anew.
    window.controls().setConfiguration(request.base, request.configuration);
    request.configuration.model.hidden = 9;
    window.controls().setConfiguration(request.base, request.configuration);
    window.train();
    ASSERT_TRUE(
        QTest::qWaitFor([&] { return window.isSettled() && window.controller().state() == RunState::Finished; }, kPatienceMs));
    EXPECT_EQ(readRun(window.controller().run().folder).encoderFolder, "");

    // An auto-encoder after it shows neither.
    trainToTheEnd(window, 1);
    EXPECT_FALSE(window.confusion().hasFigure());
    EXPECT_FALSE(window.mistakes().hasFigure());
    EXPECT_TRUE(window.reconstructions().hasFigure());

    // Opened from its folder the classifier is shown as it was.
    window.openPath(run);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.isSettled() && window.confusion().hasFigure(); }, kPatienceMs))
        << window.messages().text().toStdString();
    EXPECT_EQ(window.controller().run().folder, run);
    EXPECT_TRUE(window.mistakes().hasFigure());
    EXPECT_FALSE(window.reconstructions().hasFigure());
    EXPECT_TRUE(QTest::qWaitFor([&] { return !regions->isHidden(); }, kPatienceMs));
}

} // namespace latentoscope::ui
