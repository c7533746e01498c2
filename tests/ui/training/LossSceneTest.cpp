// What the loss view shows, without a display.
#include "ui/training/LossScene.h"

#include <gtest/gtest.h>

#include <cmath>

namespace latentoscope::ui {
namespace {

const std::vector<Measure> kMeasures{{"loss", "Loss", "nats/image"},
                                     {"kl", "KL", "nats/image"},
                                     {"kl_0", "KL 0", "nats", 1, true, Measure::Detail::Epoch},
                                     {"bce", "BCE", "nats/image"}};

EpochMetrics epoch(int number, double train, std::optional<double> validation)
{
    EpochMetrics metrics{number, {{"train", "loss", train}, {"train", "kl", train / 2}}};
    if (validation) metrics.values.push_back({"validation", "loss", *validation});
    return metrics;
}

LossScene scene()
{
    LossScene made;
    made.measures = kMeasures;
    made.steps = {{0.5, 8, {3, 5}}, {1, 4, {2, 2}}, {1.5, 3, {1, 2}}};
    made.epochs = {epoch(1, 6, 5), epoch(2, 3, 2.5)};
    made.expectedEpochs = 4;
    return made;
}

std::vector<std::string> namesOf(const CurvesFigure& figure)
{
    std::vector<std::string> names;
    for (const Curve& curve : figure.curves) names.push_back(curve.name);
    return names;
}

} // namespace

TEST(LossScene, WithoutAnythingHasAnEmptyFigure)
{
    const LossScene empty;
    EXPECT_TRUE(empty.empty());
    EXPECT_TRUE(empty.figure().curves.empty());
    EXPECT_EQ(empty.xRange(), (AxisRange{0, 1}));
    EXPECT_EQ(empty.yRange(), (AxisRange{0.01, 1})) << "an axis that can be drawn";
    EXPECT_EQ(empty.subtitle(), "");
}

TEST(LossScene, ShowsStepsAndEpochsOfTheLoss)
{
    const CurvesFigure figure = scene().figure();
    EXPECT_EQ(namesOf(figure), (std::vector<std::string>{"train step", "train", "validation"}));
    EXPECT_EQ(figure.curves[0].y, (std::vector<double>{8, 4, 3}));
    EXPECT_EQ(figure.curves[1].x, (std::vector<double>{1, 2}));
    EXPECT_EQ(figure.curves[2].y, (std::vector<double>{5, 2.5}));
    EXPECT_EQ(figure.yTitle, "Loss (nats/image)");
}

TEST(LossScene, TermsAreThoseRecordedEveryStepInTheirOrder)
{
    LossScene parts = scene();
    parts.shown = 1;
    EXPECT_EQ(parts.stepValue(parts.steps[0]), 3);
    parts.shown = 3;
    EXPECT_EQ(parts.stepValue(parts.steps[0]), 5) << "the measure between is no term of a step";
    parts.shown = 2;
    EXPECT_TRUE(std::isnan(parts.stepValue(parts.steps[0])));
    EXPECT_EQ(namesOf(parts.figure()), (std::vector<std::string>{})) << "recorded neither by step nor by these epochs";
    parts.shown = 99;
    EXPECT_TRUE(parts.figure().yTitle.empty());
}

TEST(LossScene, SmoothingAddsACurveAndKeepsTheRawOne)
{
    LossScene smooth = scene();
    smooth.smoothingPercent = 50;
    const CurvesFigure figure = smooth.figure();
    ASSERT_EQ(figure.curves.size(), 4U);
    EXPECT_EQ(figure.curves[0].role, Curve::Role::TrainStep);
    EXPECT_EQ(figure.curves[1].role, Curve::Role::Smoothed);
    // Half of the past is kept, and the sum of the weights so far divides.
    EXPECT_DOUBLE_EQ(figure.curves[1].y[0], 8);
    EXPECT_DOUBLE_EQ(figure.curves[1].y[1], (0.5 * 4 + 0.25 * 8) / 0.75);
    EXPECT_DOUBLE_EQ(figure.curves[1].y[2], (0.5 * 3 + 0.25 * 4 + 0.125 * 8) / 0.875);
}

TEST(LossScene, SmoothingPassesOverWhatIsNotFinite)
{
    const std::vector<double> means = smoothed({2, NAN, 2, INFINITY, 2}, 90);
    for (const double mean : means) EXPECT_DOUBLE_EQ(mean, 2);
    EXPECT_TRUE(std::isnan(smoothed({NAN, 1}, 90).front())) << "there is no mean yet";
    EXPECT_EQ(smoothed({1, 5}, 0), (std::vector<double>{1, 5}));
    EXPECT_EQ(smoothed({1, 5}, 200), smoothed({1, 5}, 99));
}

TEST(LossScene, OtherRunsShowWhatTellsThemBest)
{
    LossScene others = scene();
    others.overlays = {{"held", {{1, 9, {}}}, {epoch(1, 7, 6)}, kMeasures},
                       {"all-of-it", {{1, 9, {}}}, {epoch(1, 7, std::nullopt)}, kMeasures},
                       {"young", {{0.5, 9, {1, 2}}}, {}, kMeasures},
                       {"classes", {{1, 1, {}}}, {}, {{"cross_entropy", "Cross-entropy", "nats"}}}};
    const CurvesFigure figure = others.figure();
    const std::vector<std::string> names = namesOf(figure);
    EXPECT_EQ(std::vector<std::string>(names.begin(), names.begin() + 3),
              (std::vector<std::string>{"held, validation", "all-of-it, train", "young, train step"}));
    EXPECT_EQ(figure.curves[0].color, overlayColor(0));
    EXPECT_NE(overlayColor(0), overlayColor(1));
    EXPECT_EQ(others.withoutCurve(), "classes: no Loss");
    others.overlays.push_back(others.overlays.back());
    EXPECT_EQ(others.withoutCurve(), "2 ticked runs: no Loss");
    EXPECT_NE(others.subtitle().find(others.withoutCurve()), std::string::npos);
}

TEST(LossScene, SaysTheNewestOrTheEpochLookedAt)
{
    LossScene words = scene();
    EXPECT_EQ(words.ownSubtitle(), "validation 2.5000");
    words.marker = 1;
    EXPECT_EQ(words.ownSubtitle(), "epoch 1, validation 5.0000");
    words.marker = 0;
    EXPECT_EQ(words.ownSubtitle(), "epoch 1, validation 5.0000") << "before the first there is none";
    words.marker.reset();
    words.epochs.clear();
    EXPECT_EQ(words.ownSubtitle(), "train step 3.0000");
    words.measures.resize(1);
    EXPECT_EQ(words.ownSubtitle(), "Loss (nats/image) · train step 3.0000") << "no chooser beside it says what is shown";
}

TEST(LossScene, ReferenceLinesBelongToTheirMeasure)
{
    LossScene lines = scene();
    lines.references["loss"] = {{"PCA-2", 50}};
    ASSERT_EQ(lines.lines().size(), 1U);
    EXPECT_GT(lines.yRange().upper, 50) << "a line is seen as a whole";
    lines.shown = 1;
    EXPECT_TRUE(lines.lines().empty());
}

TEST(LossScene, RangesHoldEverythingThatCanBeDrawn)
{
    LossScene ranges = scene();
    EXPECT_EQ(ranges.xRange(), (AxisRange{0, 4})) << "as many epochs as are expected";
    ranges.overlays = {{"long", {}, {epoch(9, 1, 0.5)}, kMeasures}};
    EXPECT_EQ(ranges.xRange().upper, 9);
    const AxisRange logarithmic = ranges.yRange();
    EXPECT_LT(logarithmic.lower, 0.5);
    EXPECT_GT(logarithmic.lower, 0) << "on a logarithmic axis";
    EXPECT_GT(logarithmic.upper, 8);
    ranges.steps.push_back({2, -1, {}});
    ranges.steps.push_back({2.5, INFINITY, {}});
    EXPECT_EQ(ranges.yRange(), logarithmic) << "neither negative nor infinite values move it";
    ranges.scale = AxisScale::Linear;
    EXPECT_LT(ranges.yRange().lower, -1);
    EXPECT_TRUE(std::isfinite(ranges.yRange().upper));
}

} // namespace latentoscope::ui
