#include "ui/common/Ticks.h"
#include "core/base/AxisRange.h"

#include <gtest/gtest.h>

#include <cmath>

namespace latentoscope::ui {
namespace {

void expectNear(const std::vector<double>& found, const std::vector<double>& expected)
{
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-9);
}

TEST(Ticks, LinearOnesAreRound)
{
    expectNear(linearTicks({-33, 12}, 5), {-30, -20, -10, 0, 10});
    EXPECT_TRUE(linearTicks({1, 1}, 5).empty());
}

TEST(Ticks, OfEpochsAndTrialsAreWhole)
{
    expectNear(wholeTicks({0, 3.1}, 5), {0, 1, 2, 3});
    expectNear(wholeTicks({0, 1}, 5), {0, 1});
    expectNear(wholeTicks({0, 60}, 5), {0, 10, 20, 30, 40, 50, 60});
    expectNear(wholeTicks({2.2, 2.7}, 5), {2.2, 2.3, 2.4, 2.5, 2.6, 2.7}); // within an epoch
    EXPECT_TRUE(wholeTicks({1, 1}, 5).empty());
}

TEST(Ticks, LogarithmicOnesFitTheRange)
{
    expectNear(logTicks({0.025, 0.2}), {0.03, 0.05, 0.1, 0.2});
    expectNear(logTicks({1e-3, 1}), {1e-3, 1e-2, 1e-1, 1});
    expectNear(logTicks({0.03, 0.05}), {0.03, 0.035, 0.04, 0.045, 0.05});
    EXPECT_TRUE(logTicks({0, 1}).empty());
}

TEST(Ticks, NumbersReadLikeThoseOfABook)
{
    EXPECT_EQ(tickText(0.1 + 0.2), "0.3");
    EXPECT_EQ(tickText(-25), "−25");
    EXPECT_EQ(tickText(60000), "60,000");
    EXPECT_EQ(tickText(2e-5), "2·10⁻⁵");
    EXPECT_EQ(tickText(1e7), "10⁷");
    EXPECT_EQ(tickText(0), "0");
    EXPECT_EQ(tickText(-1e-17), "−10⁻¹⁷") << "small is not nothing";
    for (const double tick : linearTicks({-2e-14, 7e-14}, 5)) EXPECT_EQ(tickText(tick) == "0", tick == 0);
    EXPECT_EQ(linearTicks({-0.3, 0.3}, 3)[1], 0) << "without a rounding error, which would be drawn as a number";
}

TEST(Ticks, LabelsKeepApartAndInOrder)
{
    expectNear(spreadLabels({50, 10}, 12, 0, 100), {50, 10});
    expectNear(spreadLabels({50, 50}, 12, 0, 100), {44, 56});
    expectNear(spreadLabels({99, 98}, 12, 0, 100), {94, 82});
    expectNear(spreadLabels({0, 0, 0}, 12, 0, 100), {6, 18, 30});
}

} // namespace
} // namespace latentoscope::ui
