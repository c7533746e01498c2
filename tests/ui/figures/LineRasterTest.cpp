// Lines drawn fast look as a painter's.
#include "ui/figures/LineRaster.h"

#include <QPainter>

#include <gtest/gtest.h>

#include <cmath>

namespace latentoscope::ui {
namespace {

QImage empty()
{
    QImage image(80, 60, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    return image;
}

double covered(const QImage& image)
{
    double sum = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) sum += qAlpha(image.pixel(x, y)) / 255.0;
    }
    return sum;
}

} // namespace

TEST(LineRaster, CoversWhatAPainterCovers)
{
    for (const double width : {1.0, 1.1, 2.2}) {
        for (int degrees = 0; degrees < 180; degrees += 15) {
            const double angle = degrees * 3.14159265358979 / 180;
            const QPointF middle(40, 30), arm(25 * std::cos(angle), 25 * std::sin(angle));
            const QPolygonF line{middle - arm, middle + arm};
            QImage fast = empty(), slow = empty();
            rasterLine(fast, line, QColor(20, 60, 200), width);
            QPainter painter(&slow);
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(QPen(QColor(20, 60, 200), width, Qt::SolidLine, Qt::FlatCap));
            painter.drawPolyline(line);
            painter.end();
            EXPECT_NEAR(covered(fast), 50 * width, 0.03 * 50 * width) << width << " at " << degrees;
            if (width == 1) continue; // which Qt draws by a rule of its own, thinner the more oblique
            double difference = 0;
            for (int y = 0; y < fast.height(); ++y) {
                for (int x = 0; x < fast.width(); ++x)
                    difference += std::abs(qAlpha(fast.pixel(x, y)) - qAlpha(slow.pixel(x, y))) / 255.0;
            }
            EXPECT_LT(difference, 0.25 * covered(slow)) << width << " at " << degrees;
        }
    }
}

TEST(LineRaster, StaysWithinTheImageAndIsFaintOrDashedWhereAsked)
{
    QImage image = empty();
    rasterLine(image, {{-1000, -970}, {1000, 1030}, {40, -1e7}}, Qt::red, 2);
    EXPECT_GT(covered(image), 40);
    QImage faint = empty(), dashed = empty(), whole = empty();
    const QPolygonF line{{5, 5}, {75, 20}};
    rasterLine(whole, line, Qt::red, 1.5);
    QColor half(Qt::red);
    half.setAlphaF(0.5F);
    rasterLine(faint, line, half, 1.5);
    rasterLine(dashed, line, Qt::red, 1.5, 2);
    EXPECT_NEAR(covered(faint), covered(whole) / 2, 0.5);
    EXPECT_NEAR(covered(dashed), covered(whole) / 2, 0.06 * covered(whole));
    rasterLine(whole, {{5, 5}}, Qt::red, 1); // a point is no line
    rasterLine(whole, {{5, 5}, {5, 5}}, Qt::red, 1);
}

} // namespace latentoscope::ui
