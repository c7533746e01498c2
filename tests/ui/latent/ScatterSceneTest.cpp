// What the latent map shows and what lies under the mouse, without a display.
#include "ui/latent/ScatterScene.h"

#include <gtest/gtest.h>

#include <cmath>

namespace latentoscope::ui {
namespace {

/// Points of `dimension` values, row i being (i, 10 i, 100 i, …), of classes 0, 1, 2 in turn.
std::shared_ptr<LatentCodes> codes(int count, int dimension)
{
    auto made = std::make_shared<LatentCodes>();
    made->dimension = dimension;
    made->split = "test";
    made->epoch = 2.5;
    for (int row = 0; row < count; ++row) {
        made->items.push_back(100 + row);
        made->labels.push_back(static_cast<Label>(row % 3));
        for (int d = 0; d < dimension; ++d) made->values.push_back(static_cast<float>(row * std::pow(10, d)));
    }
    return made;
}

/// A picture in which row i lies at (-i, 2 i), and from a place to a code of (x + y, x - y).
class Turned : public PlaneMap {
public:
    Place placeOf(std::span<const float> code) const override
    {
        return {static_cast<double>(code[0]) + 1, static_cast<double>(code[1]) + 2};
    }
    std::vector<float> codeAt(const Place& place) const override
    {
        return {static_cast<float>(place[0] + place[1]), static_cast<float>(place[0] - place[1])};
    }
};

ScatterPicture picture(int count)
{
    auto places = std::make_shared<Points>(Points{2, {}});
    for (int row = 0; row < count; ++row) {
        places->values.push_back(static_cast<float>(-row));
        places->values.push_back(static_cast<float>(2 * row));
    }
    return {"t-SNE", "t-SNE 1", "t-SNE 2", "perplexity 30", places, std::make_shared<Turned>()};
}

ScatterScene sceneOf(std::shared_ptr<const LatentCodes> shown)
{
    ScatterScene scene;
    scene.setCodes(std::move(shown));
    return scene;
}

} // namespace

TEST(ScatterScene, WithoutCodesThereIsNothingAndNothingBreaks)
{
    ScatterScene scene;
    EXPECT_TRUE(scene.empty());
    EXPECT_EQ(scene.dimension(), 0);
    EXPECT_EQ(scene.rowNear(0, 0, {}, 100), -1);
    EXPECT_TRUE(scene.codeAt(1, 2).empty());
    EXPECT_EQ(scene.visibleCount(), 0);
    EXPECT_TRUE(scene.figure().x.empty());
    EXPECT_FALSE(scene.spreadOf(0));
    scene.setPicture(picture(3));
    EXPECT_FALSE(scene.picture()) << "a picture needs codes";
    EXPECT_EQ(scene.xRange(), (AxisRange{-1, 1}));
}

TEST(ScatterScene, ShowsTheChosenDimensionsAndRefusesOthers)
{
    ScatterScene scene = sceneOf(codes(4, 3));
    EXPECT_EQ(scene.x(3), 3);
    EXPECT_EQ(scene.y(3), 30);
    scene.setDimensions(2, 0);
    EXPECT_EQ(scene.x(3), 300);
    EXPECT_EQ(scene.y(3), 3);
    for (const auto& [x, y] : {std::pair{1, 1}, {-1, 0}, {0, 3}, {7, 8}}) {
        scene.setDimensions(x, y);
        EXPECT_EQ(scene.xDimension(), 2) << x << " " << y;
        EXPECT_EQ(scene.yDimension(), 0) << x << " " << y;
    }
    scene.setCodes(codes(4, 3));
    EXPECT_EQ(scene.xDimension(), 2) << "other codes of that many dimensions keep them";
    scene.setCodes(codes(4, 2));
    EXPECT_EQ(scene.xDimension(), 0);
    EXPECT_EQ(scene.yDimension(), 1);
}

TEST(ScatterScene, TheProbeStaysAsLongAsItFits)
{
    ScatterScene scene = sceneOf(codes(4, 3));
    scene.setProbe({1, 2, 3});
    scene.setCodes(codes(5, 3));
    EXPECT_EQ(scene.probe(), (std::vector<float>{1, 2, 3}));
    EXPECT_EQ(scene.codeAt(7, 8), (std::vector<float>{7, 8, 3})) << "what is not shown stays as the probe has it";
    EXPECT_EQ(scene.placeOf({4, 5, 6})[0], 4);
    scene.setCodes(codes(4, 2));
    EXPECT_TRUE(scene.probe().empty());
}

TEST(ScatterScene, WithoutAProbeAPlaceIsCompletedByTheMeanCode)
{
    const ScatterScene scene = sceneOf(codes(3, 3));
    const std::vector<float> code = scene.codeAt(0.5, 0.25);
    ASSERT_EQ(code.size(), 3U);
    EXPECT_EQ(code[0], 0.5F);
    EXPECT_EQ(code[1], 0.25F);
    EXPECT_FLOAT_EQ(code[2], 100) << "of 0, 100 and 200";
}

TEST(ScatterScene, TheNearestRowIsMeasuredInPixelsAmongVisibleClasses)
{
    ScatterScene scene = sceneOf(codes(4, 2)); // (0, 0), (1, 10), (2, 20), (3, 30)
    const PixelScale scale{100, 1};            // a unit of x is as wide as a hundred of y are high
    EXPECT_EQ(scene.rowNear(1.02, 12, scale, 10), 1);
    EXPECT_EQ(scene.rowNear(1.2, 12, scale, 10), -1) << "20 pixels away";
    EXPECT_EQ(scene.rowNear(1.2, 12, scale, 25), 1);
    scene.setState(1, ClassState::Greyed);
    EXPECT_EQ(scene.rowNear(1.02, 12, scale, 10), -1) << "a greyed class cannot be pointed at";
    auto twice = codes(2, 2);
    twice->values = {5, 5, 5, 5};
    EXPECT_EQ(sceneOf(twice).rowNear(5, 5, {}, 1), 1) << "the one drawn on top";
}

TEST(ScatterScene, ClassesAreGreyedIsolatedAndShownAgain)
{
    ScatterScene scene = sceneOf(codes(7, 2)); // labels 0 1 2 0 1 2 0
    scene.setClassNames({"a", "b"});
    EXPECT_EQ(scene.classCount(), 3) << "a label without a name counts too";
    EXPECT_EQ(scene.visibleCount(), 7);
    scene.setState(0, ClassState::Greyed);
    EXPECT_EQ(scene.visibleCount(), 4);
    EXPECT_FALSE(scene.figure().isVisible(0));
    scene.setState(0, ClassState::Coloured);
    EXPECT_TRUE(scene.figure().visible.empty()) << "all are shown";
    scene.isolate(2);
    EXPECT_EQ(scene.visibleCount(), 2);
    scene.isolate(1);
    EXPECT_TRUE(scene.isVisible(1));
    EXPECT_FALSE(scene.isVisible(2));
    scene.isolate(1);
    EXPECT_EQ(scene.visibleCount(), 7) << "once more shows all";
    scene.isolate(9);
    scene.setState(-1, ClassState::Greyed);
    EXPECT_EQ(scene.visibleCount(), 7) << "there is no such class";
}

TEST(ScatterScene, APictureTakesThePlaceOfDimensions)
{
    ScatterScene scene = sceneOf(codes(3, 2));
    scene.setPicture(picture(3));
    ASSERT_TRUE(scene.picture());
    EXPECT_EQ(scene.x(2), -2);
    EXPECT_EQ(scene.y(2), 4);
    EXPECT_EQ(scene.codeAt(3, 1), (std::vector<float>{4, 2}));
    EXPECT_EQ(scene.placeOf({5, 5})[1], 7);
    EXPECT_EQ(scene.rowNear(-2, 4, {}, 1), 2);
    EXPECT_LT(scene.xRange().lower, -2);
    const ScatterFigure figure = scene.figure();
    EXPECT_EQ(figure.xTitle, "t-SNE 1");
    EXPECT_NE(figure.title.find("perplexity 30"), std::string::npos);
    scene.setCodes(codes(3, 2));
    EXPECT_TRUE(scene.picture()) << "a later epoch's codes of the same items keep it";
    scene.setCodes(codes(4, 2));
    EXPECT_FALSE(scene.picture()) << "it has not as many places";
    EXPECT_EQ(scene.x(2), 2);
}

TEST(ScatterScene, PosteriorsAreOfTheShownDimensions)
{
    auto made = codes(2, 3);
    made->deviations = {0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.6F};
    ScatterScene scene = sceneOf(made);
    scene.setDimensions(2, 1);
    const auto spread = scene.spreadOf(1);
    ASSERT_TRUE(spread);
    EXPECT_EQ(spread->x, 100);
    EXPECT_FLOAT_EQ(static_cast<float>(spread->deviationX), 0.6F);
    EXPECT_FLOAT_EQ(static_cast<float>(spread->deviationY), 0.5F);
    EXPECT_FALSE(scene.spreadOf(2)) << "beyond the rows";
    EXPECT_FALSE(scene.spreadOf(-1));
    scene.setPicture(picture(2));
    EXPECT_FALSE(scene.spreadOf(1)) << "an ellipse of codes is none in a picture";
}

TEST(ScatterScene, OneDimensionIsAStripForEachClass)
{
    ScatterScene scene = sceneOf(codes(30, 1));
    EXPECT_TRUE(scene.strips());
    EXPECT_EQ(scene.x(4), 4);
    for (int row = 0; row < 30; ++row) EXPECT_NEAR(scene.y(row), row % 3, 0.5) << row;
    EXPECT_EQ(scene.codeAt(7, 1), (std::vector<float>{7})) << "a height means no value";
    EXPECT_EQ(scene.figure().yTitle, "class");
    EXPECT_TRUE(scene.figure().strips);
}

TEST(ScatterScene, TheFigureHasEveryPointInOrder)
{
    const ScatterScene scene = sceneOf(codes(3, 2));
    const ScatterFigure figure = scene.figure();
    EXPECT_EQ(figure.x, (std::vector<float>{0, 1, 2}));
    EXPECT_EQ(figure.y, (std::vector<float>{0, 10, 20}));
    EXPECT_EQ(figure.items, (std::vector<int>{100, 101, 102}));
    EXPECT_EQ(figure.labels, (std::vector<Label>{0, 1, 2}));
    EXPECT_EQ(figure.title, "Latent codes of 3 test items, epoch 2.5");
}

} // namespace latentoscope::ui
