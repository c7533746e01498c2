#include "ui/figures/RegionColors.h"

#include "core/values/LatentPlane.h"
#include "ui/common/Colors.h"

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr double kOpacity = 0.38; ///< where a class is certain: points stay readable on it

} // namespace

QImage regionsImage(const ClassRegions& regions)
{
    if (regions.probabilities.empty()) return {};
    const auto classes = static_cast<std::size_t>(regions.classes);
    QImage image(regions.columns, regions.rows, QImage::Format_ARGB32);
    for (int row = 0; row < regions.rows; ++row) {
        for (int column = 0; column < regions.columns; ++column) {
            const float* p = regions.probabilities.data() + static_cast<std::size_t>(row * regions.columns + column) * classes;
            double red = 0, green = 0, blue = 0;
            for (std::size_t c = 0; c < classes; ++c) {
                const QColor color = classColor(static_cast<int>(c));
                const auto share = static_cast<double>(p[c]);
                red += share * color.red();
                green += share * color.green();
                blue += share * color.blue();
            }
            const double chance = 1.0 / static_cast<double>(classes);
            const auto highest = static_cast<double>(*std::max_element(p, p + classes));
            const double sure = std::clamp((highest - chance) / (1 - chance), 0.0, 1.0);
            image.setPixelColor(column, row,
                                QColor(static_cast<int>(red), static_cast<int>(green), static_cast<int>(blue),
                                       static_cast<int>(255 * kOpacity * sure)));
        }
    }
    return image;
}

} // namespace latentoscope::ui
