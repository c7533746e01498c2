#include "ui/figures/PointRaster.h"

#include "core/figures/ScatterFigure.h"
#include "ui/common/Colors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace latentoscope::ui {
namespace {

constexpr int kPhases = 4; ///< a dot's centre is exact to 1/4 pixel each way, finer than the eye sees

/// One colour's dots, one for each phase of the centre within its pixel.
class Dots {
public:
    Dots(const QColor& color, double radius, double opacity)
        : m_reach(static_cast<int>(std::ceil(radius + 0.5))), m_side(2 * m_reach + 1)
    {
        m_pixels.resize(static_cast<std::size_t>(kPhases * kPhases * m_side * m_side));
        std::size_t at = 0;
        for (int phaseY = 0; phaseY < kPhases; ++phaseY)
            for (int phaseX = 0; phaseX < kPhases; ++phaseX)
                for (int y = -m_reach; y <= m_reach; ++y)
                    for (int x = -m_reach; x <= m_reach; ++x) {
                        const double cover =
                            coverage(x + 0.5 - (phaseX + 0.5) / kPhases, y + 0.5 - (phaseY + 0.5) / kPhases, radius);
                        const int alpha = static_cast<int>(std::lround(cover * opacity * 255));
                        m_pixels[at++] = qPremultiply(qRgba(color.red(), color.green(), color.blue(), alpha));
                    }
    }

    int reach() const { return m_reach; }
    int side() const { return m_side; }
    const QRgb* pixels(int phaseX, int phaseY) const
    {
        return m_pixels.data() + static_cast<std::size_t>((phaseY * kPhases + phaseX) * m_side * m_side);
    }

private:
    /// How much of a pixel at this distance from the centre lies in the disc.
    static double coverage(double x, double y, double radius) { return std::clamp(radius - std::hypot(x, y) + 0.5, 0.0, 1.0); }

    int m_reach;
    int m_side;
    std::vector<QRgb> m_pixels;
};

/// source over target, both premultiplied, two channels at a time.
inline QRgb over(QRgb source, QRgb target)
{
    const std::uint32_t rest = 255U - static_cast<std::uint32_t>(qAlpha(source));
    std::uint32_t rb = (target & 0xff00ffU) * rest + 0x800080U;
    std::uint32_t ag = ((target >> 8) & 0xff00ffU) * rest + 0x800080U;
    rb = ((rb + ((rb >> 8) & 0xff00ffU)) >> 8) & 0xff00ffU;
    ag = (ag + ((ag >> 8) & 0xff00ffU)) & 0xff00ff00U;
    return source + (rb | ag);
}

class Canvas {
public:
    explicit Canvas(const QSize& size) : m_image(size, QImage::Format_ARGB32_Premultiplied)
    {
        m_image.fill(Qt::transparent);
        m_bits = reinterpret_cast<QRgb*>(m_image.bits());
        m_stride = m_image.bytesPerLine() / 4;
    }

    void blend(const Dots& dots, double x, double y)
    {
        // Also false for NaN; and it keeps the conversions to int within range.
        if (!(x > -64 && y > -64 && x < m_image.width() + 64 && y < m_image.height() + 64)) return;
        const int column = static_cast<int>(std::floor(x));
        const int row = static_cast<int>(std::floor(y));
        const QRgb* source = dots.pixels(static_cast<int>((x - column) * kPhases), static_cast<int>((y - row) * kPhases));
        const int left = column - dots.reach();
        const int top = row - dots.reach();
        const int fromX = std::max(0, -left);
        const int toX = std::min(dots.side(), m_image.width() - left);
        const int toY = std::min(dots.side(), m_image.height() - top);
        for (int dy = std::max(0, -top); dy < toY; ++dy) {
            QRgb* line = m_bits + (top + dy) * m_stride + left;
            const QRgb* dot = source + dy * dots.side();
            for (int dx = fromX; dx < toX; ++dx)
                if (dot[dx]) line[dx] = over(dot[dx], line[dx]);
        }
    }

    QImage take() { return std::move(m_image); }

private:
    QImage m_image;
    QRgb* m_bits;
    qsizetype m_stride;
};

} // namespace

QImage rasterPoints(const ScatterFigure& figure, const QSize& size, const PixelMap& map, const DotStyle& style)
{
    if (size.isEmpty()) return {};
    Canvas canvas(size);
    const auto draw = [&](std::size_t row, const Dots& dots) {
        canvas.blend(dots, map.xOffset + map.xFactor * static_cast<double>(figure.x[row]),
                     map.yOffset + map.yFactor * static_cast<double>(figure.y[row]));
    };
    const Dots muted(style.muted, style.radius, style.mutedOpacity);
    Label highest = 0;
    for (const Label label : figure.labels) highest = std::max(highest, label);
    std::vector<bool> seen(highest + std::size_t{1}), shown(seen);
    for (std::size_t row = 0; row < figure.x.size(); ++row) seen[figure.labelAt(row)] = true;
    std::vector<Dots> dots;
    std::vector<std::size_t> dotsOf(seen.size());
    for (std::size_t label = 0; label < seen.size(); ++label) {
        shown[label] = figure.isVisible(static_cast<Label>(label));
        if (!seen[label] || !shown[label]) continue;
        dotsOf[label] = dots.size();
        dots.emplace_back(classColor(static_cast<int>(label)), style.radius, style.opacity);
    }
    if (!figure.visible.empty())
        for (std::size_t row = 0; row < figure.x.size(); ++row)
            if (!shown[figure.labelAt(row)]) draw(row, muted);
    for (std::size_t row = 0; row < figure.x.size(); ++row)
        if (shown[figure.labelAt(row)]) draw(row, dots[dotsOf[figure.labelAt(row)]]);
    return canvas.take();
}

} // namespace latentoscope::ui
