#include "ui/latent/ProbeView.h"
#include "core/figures/FigureData.h"
#include "core/figures/ImageFigures.h"
#include "core/values/LatentCodes.h"

#include "core/values/LatentPlane.h"
#include "tests/ui/FigureSamples.h"
#include "ui/common/ItemImage.h"
#include "ui/latent/CodeGeometry.h"

#include <QDoubleSpinBox>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

Q_DECLARE_METATYPE(std::vector<float>)

namespace latentoscope::ui {
namespace {

TEST(ProbeView, ASliderChangesOneValueOfTheCodeAndSaysSo)
{
    ProbeView view;
    view.setRanges({{-1, 1}, {0, 10}, {5, 6}});
    view.setCode({0, 3, 5.5F});
    QSignalSpy edited(&view, &ProbeView::codeEdited);
    view.findChild<QSlider*>(QStringLiteral("codeSlider1"))->setValue(500);
    ASSERT_EQ(edited.size(), 1);
    EXPECT_EQ(edited[0][0].value<std::vector<float>>(), (std::vector<float>{0, 5, 5.5F}));
    EXPECT_DOUBLE_EQ(view.findChild<QDoubleSpinBox*>(QStringLiteral("codeNumber1"))->value(), 5);
    view.findChild<QDoubleSpinBox*>(QStringLiteral("codeNumber0"))->setValue(-7);
    EXPECT_EQ(view.code()[0], -7);
}

TEST(ProbeView, SettingTheCodeIsNoEdit)
{
    ProbeView view;
    const QSignalSpy edited(&view, &ProbeView::codeEdited);
    view.setCode({1, 2});
    view.setRanges({{0, 1}, {0, 4}});
    view.setCode({0.5F, 1});
    EXPECT_EQ(edited.size(), 0);
    EXPECT_EQ(view.findChild<QSlider*>(QStringLiteral("codeSlider1"))->value(), 250);
}

TEST(ProbeView, ExportsTheImageWithItsCode)
{
    ProbeView view;
    EXPECT_TRUE(std::holds_alternative<std::monostate>(view.figure()));
    std::vector<float> values(64, 0.5F);
    values[0] = 2;
    values[1] = std::numeric_limits<float>::quiet_NaN();
    view.setCode({1.25F, -2});
    view.setImage({8, 8, 1}, values);
    const auto figure = std::get<ImageFigure>(view.figure());
    EXPECT_EQ(figure.pixels[0], 255);
    EXPECT_EQ(figure.pixels[1], 0);
    EXPECT_EQ(figure.pixels[2], 128);
    EXPECT_EQ(figure.code, (std::vector<float>{1.25F, -2}));
    view.clearImage();
    EXPECT_FALSE(view.hasFigure());
}

TEST(ProbeView, AClickOnAThumbnailChoosesItsRow)
{
    ProbeView view;
    view.resize(290, 700);
    view.setImage({8, 8, 1}, std::vector<float>(64, 0.5F));
    const QImage image = itemImage(ImageShape{8, 8, 1}, std::span<const std::uint8_t>(sampleReconstructions()->inputs).first(64));
    view.setNearest({{image, QStringLiteral("Shoe"), 40, 0, 0.1, true}, {image, QStringLiteral("Bag"), 11, 1, 0.2, false}});
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    QSignalSpy chosen(&view, &ProbeView::nearestChosen);
    auto* items = view.findChild<QWidget*>(QStringLiteral("nearestItems"));
    QTest::mouseClick(items, Qt::LeftButton, {}, QPoint(items->width() / 2, 20));
    ASSERT_EQ(chosen.size(), 1);
    EXPECT_EQ(chosen[0][0].toInt(), 1);
}

TEST(ProbeView, TrustIsToldInWords)
{
    EXPECT_EQ(trustText(0.3), QStringLiteral("among data · 0.3 × usual gap"));
    EXPECT_EQ(trustText(12), QStringLiteral("far from data · 12 × usual gap"));
    EXPECT_EQ(trustText(std::numeric_limits<double>::infinity()), QStringLiteral("not known"));
    EXPECT_DOUBLE_EQ(trustLevel(0), 1);
    EXPECT_DOUBLE_EQ(trustLevel(3), 0.5);
}

TEST(CodeGeometry, FindsTheNearestRowsInAllDimensions)
{
    const auto codes = sampleCodes(2);
    const std::vector<float> place{1.5F, -1.5F};
    const std::vector<Neighbour> nearest = nearestRows(*codes, place, 2);
    ASSERT_EQ(nearest.size(), 2U);
    EXPECT_EQ(nearest[0].row, 2); // (2, -2)
    EXPECT_NEAR(nearest[0].distance, std::sqrt(0.5), 1e-9);
    EXPECT_EQ(nearest[1].row, 4); // (0, -1)
    EXPECT_TRUE(nearestRows(*codes, std::vector<float>{1}, 2).empty());
}

TEST(CodeGeometry, RangesAndMeanAreThoseByHand)
{
    LatentCodes codes;
    codes.dimension = 1;
    for (int i = 0; i <= 100; ++i) {
        codes.items.push_back(i);
        codes.labels.push_back(0);
        codes.values.push_back(static_cast<float>(2 * i));
    }
    EXPECT_EQ(codeRanges(codes).at(0), (AxisRange{2, 198}));
    EXPECT_EQ(meanCode(codes), std::vector<float>{100});
    EXPECT_TRUE(codeRanges(LatentCodes{}).empty());
}

} // namespace
} // namespace latentoscope::ui
