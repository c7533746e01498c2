#include "ui/figures/LineRaster.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace latentoscope::ui {
namespace {

/// One colour laid over pixels by how much of each it covers.
struct Brush {
    QRgb* pixels;
    qsizetype stride; ///< pixels a row
    int width, height;
    unsigned red, green, blue;
    float strength; ///< of a pixel that is wholly covered, below 256

    void cover(int x, int y, double share) const
    {
        if (x < 0 || y < 0 || x >= width || y >= height) return;
        const auto own = static_cast<unsigned>(strength * static_cast<float>(std::min(1.0, share)));
        QRgb& pixel = pixels[y * stride + x];
        const unsigned rest = 255 - own;
        const auto over = [own, rest](unsigned color, unsigned below) { return (color * own + below * rest + 127) * 257 >> 16U; };
        const QRgb below = pixel;
        pixel = over(255, below >> 24U) << 24U | over(red, below >> 16U & 255U) << 16U | over(green, below >> 8U & 255U) << 8U |
                over(blue, below & 255U);
    }
};

/// A column a step along the longer side: the line covers a span across it.
void rasterPiece(const Brush& brush, QPointF from, QPointF to, double width, int dash)
{
    const bool steep = std::abs(to.y() - from.y()) > std::abs(to.x() - from.x());
    if (steep) {
        from = from.transposed();
        to = to.transposed();
    }
    if (from.x() > to.x()) std::swap(from, to);
    const double slope = to.x() > from.x() ? (to.y() - from.y()) / (to.x() - from.x()) : 0;
    const double half = width / 2 * std::sqrt(1 + slope * slope);
    const int length = steep ? brush.height : brush.width;
    const int first = std::max(0, static_cast<int>(std::floor(from.x())));
    const int last = std::min(length - 1, static_cast<int>(std::floor(to.x())));
    for (int x = first; x <= last; ++x) {
        if (dash > 0 && x / dash % 2 != 0) continue;
        const double along = std::min<double>(x + 1, to.x()) - std::max<double>(x, from.x()); // of the column, at the ends
        const double centre = from.y() + slope * (std::clamp(x + 0.5, from.x(), to.x()) - from.x());
        const double low = centre - half, high = centre + half;
        for (int y = static_cast<int>(std::floor(low)); y <= static_cast<int>(std::floor(high)); ++y) {
            const double across = std::min<double>(y + 1, high) - std::max<double>(y, low);
            steep ? brush.cover(y, x, along * across) : brush.cover(x, y, along * across);
        }
    }
}

} // namespace

void rasterLine(QImage& image, const QPolygonF& corners, const QColor& color, double width, int dash)
{
    const Brush brush{reinterpret_cast<QRgb*>(image.bits()),
                      image.bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb)),
                      image.width(),
                      image.height(),
                      static_cast<unsigned>(color.red()),
                      static_cast<unsigned>(color.green()),
                      static_cast<unsigned>(color.blue()),
                      255.99F * color.alphaF()};
    for (qsizetype i = 0; i + 1 < corners.size(); ++i) rasterPiece(brush, corners[i], corners[i + 1], width, dash);
}

} // namespace latentoscope::ui
