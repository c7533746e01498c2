#include "ui/figures/PointRaster.h"
#include "core/figures/ScatterFigure.h"

#include "tests/ui/FigureSamples.h"
#include "ui/common/Colors.h"
#include "ui/common/Theme.h"

#include <gtest/gtest.h>

#include <limits>

namespace latentoscope::ui {
namespace {

ScatterFigure twoPoints()
{
    ScatterFigure figure;
    figure.x = {10.5F, 30.5F};
    figure.y = {10.5F, 10.5F};
    figure.labels = {0, 1};
    figure.items = {0, 1};
    return figure;
}

DotStyle opaque()
{
    DotStyle style;
    style.opacity = 1;
    style.muted = QColor(200, 200, 200);
    style.mutedOpacity = 1;
    return style;
}

TEST(PointRaster, PaintsEachPointInItsClassColour)
{
    const QImage image = rasterPoints(twoPoints(), {40, 20}, {}, opaque());
    EXPECT_EQ(image.pixelColor(10, 10), classColor(0));
    EXPECT_EQ(image.pixelColor(30, 10), classColor(1));
    EXPECT_EQ(image.pixelColor(20, 10).alpha(), 0);
}

TEST(PointRaster, ADotHasTheAreaOfItsDisc)
{
    const QImage image = rasterPoints(twoPoints(), {20, 20}, {}, opaque());
    double area = 0;
    for (int y = 0; y < 20; ++y)
        for (int x = 0; x < 20; ++x) area += image.pixelColor(x, y).alphaF();
    EXPECT_NEAR(area, 3.14159 * 2 * 2, 0.7);
}

TEST(PointRaster, ClassesSwitchedOffStayVisibleInGreyUnderTheOthers)
{
    ScatterFigure figure = twoPoints();
    figure.x[1] = 10.5F;
    figure.visible = {1, 0};
    EXPECT_EQ(rasterPoints(figure, {20, 20}, {}, opaque()).pixelColor(10, 10), classColor(0));
    figure.visible = {0, 1};
    EXPECT_EQ(rasterPoints(figure, {20, 20}, {}, opaque()).pixelColor(10, 10), classColor(1));
    figure.visible = {0, 0};
    EXPECT_EQ(rasterPoints(figure, {20, 20}, {}, opaque()).pixelColor(10, 10), QColor(200, 200, 200));
}

TEST(PointRaster, PointsOutsideAndNotFiniteOnesAreLeftOut)
{
    ScatterFigure figure = twoPoints();
    figure.x = {std::numeric_limits<float>::quiet_NaN(), 1e30F};
    const QImage image = rasterPoints(figure, {20, 20}, {}, opaque());
    for (int y = 0; y < 20; ++y)
        for (int x = 0; x < 20; ++x) ASSERT_EQ(image.pixelColor(x, y).alpha(), 0);
}

TEST(Theme, BothAppearancesAreReadBackFromTheirPalettes)
{
    EXPECT_EQ(appearanceOf(themePalette(Appearance::Dark)), Appearance::Dark);
    EXPECT_EQ(appearanceOf(themePalette(Appearance::Light)), Appearance::Light);
    EXPECT_FALSE(themeStyleSheet(Appearance::Dark).contains(QLatin1Char('@')));
    EXPECT_EQ(themeColors(Appearance::Light).accent, QColor(0x25, 0x63, 0xc9));
}

TEST(Colors, MapsEndWhereTheyShould)
{
    EXPECT_EQ(viridis(0), qRgb(68, 1, 84));
    EXPECT_EQ(viridis(2), qRgb(253, 231, 37));
    EXPECT_EQ(classColor(13), classColor(3));
}

} // namespace
} // namespace latentoscope::ui
