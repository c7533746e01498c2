#include "ui/latent/ClassRegions.h"

#include "ui/common/Colors.h"

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kColumns = 120;
constexpr int kRows = 90;
constexpr double kOpacity = 0.38; ///< where a class is certain: points stay readable on it

} // namespace

QImage classRegions(const FrozenModel& model, const LatentPlane& plane)
{
    std::vector<float> codes;
    codes.reserve(static_cast<std::size_t>(kColumns) * kRows * plane.base.size());
    const auto at = [](const AxisRange& range, double share) { return static_cast<float>(range.lower + share * range.size()); };
    for (int row = 0; row < kRows; ++row) {
        for (int column = 0; column < kColumns; ++column) {
            std::vector<float> code = plane.base;
            code[static_cast<std::size_t>(plane.xDimension)] = at(plane.x, (column + 0.5) / kColumns);
            if (plane.yDimension != plane.xDimension)
                code[static_cast<std::size_t>(plane.yDimension)] = at(plane.y, 1 - (row + 0.5) / kRows);
            codes.insert(codes.end(), code.begin(), code.end());
        }
    }
    const std::vector<float> all = model.probabilities(codes);
    const auto classes = static_cast<std::size_t>(model.options().classes);
    QImage image(kColumns, kRows, QImage::Format_ARGB32);
    for (int row = 0; row < kRows; ++row) {
        for (int column = 0; column < kColumns; ++column) {
            const float* p = all.data() + static_cast<std::size_t>(row * kColumns + column) * classes;
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
