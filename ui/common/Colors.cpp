#include "ui/common/Colors.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace latentoscope::ui {
namespace {

struct Stop {
    double red;
    double green;
    double blue;
};

QRgb between(const Stop& a, const Stop& b, double t)
{
    const auto mixed = [t](double from, double to) { return static_cast<int>(std::lround(from + (to - from) * t)); };
    return qRgb(mixed(a.red, b.red), mixed(a.green, b.green), mixed(a.blue, b.blue));
}

} // namespace

QColor classColor(int label)
{
    static constexpr std::array<QRgb, 10> kCycle{0xff3f90da, 0xffffa90e, 0xffbd1f01, 0xff94a4a2, 0xff832db6,
                                                 0xffa96b59, 0xffe76300, 0xffb9ac70, 0xff717581, 0xff92dadd};
    const int index = ((label % 10) + 10) % 10;
    return QColor::fromRgb(kCycle[static_cast<std::size_t>(index)]);
}

QRgb viridis(double t)
{
    // matplotlib's viridis at every eighth; linear between, at most 2 of 255 off.
    static constexpr std::array<Stop, 9> kStops{{{68, 1, 84},
                                                 {71, 44, 122},
                                                 {59, 81, 139},
                                                 {44, 113, 142},
                                                 {33, 144, 141},
                                                 {39, 173, 129},
                                                 {92, 200, 99},
                                                 {170, 220, 50},
                                                 {253, 231, 37}}};
    const double at = (t > 0 ? std::min(t, 1.0) : 0.0) * 8;
    const auto index = std::min<std::size_t>(7, static_cast<std::size_t>(at));
    return between(kStops[index], kStops[index + 1], at - static_cast<double>(index));
}

QString className(const std::vector<std::string>& names, int label)
{
    if (label >= 0 && static_cast<std::size_t>(label) < names.size())
        return QString::fromStdString(names[static_cast<std::size_t>(label)]);
    return QString::number(label);
}

QString classNameAt(const std::vector<std::string>& names, const std::vector<Label>& labels, std::size_t at)
{
    return labels.empty() ? QString() : className(names, labels[at]);
}

} // namespace latentoscope::ui
