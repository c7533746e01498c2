#include "ui/common/Ticks.h"

#include "core/base/AxisRange.h"
#include "core/base/Text.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace latentoscope::ui {
namespace {

constexpr const char* kMinus = "\u2212";

double roundStep(double rough)
{
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double mantissa = rough / power;
    return (mantissa < 1.5 ? 1 : mantissa < 3.5 ? 2 : mantissa < 7.5 ? 5 : 10) * power;
}

std::string superscript(int exponent)
{
    static const char* const kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string text = exponent < 0 ? "⁻" : "";
    for (const char c : std::to_string(std::abs(exponent))) text += kDigits[c - '0'];
    return text;
}

std::string sixDigits(double value) { return roundedText(value, 6); }

std::vector<double> multiples(const AxisRange& range, double step)
{
    std::vector<double> ticks;
    const double first = std::ceil(range.lower / step - 1e-9);
    const double last = std::floor(range.upper / step + 1e-9);
    for (double k = first; k <= last; ++k) ticks.push_back(k * step);
    return ticks;
}

bool canBeCut(const AxisRange& range, int wanted) { return range.size() > 0 && std::isfinite(range.size()) && wanted >= 1; }

} // namespace

std::vector<double> linearTicks(const AxisRange& range, int wanted)
{
    return canBeCut(range, wanted) ? multiples(range, roundStep(range.size() / wanted)) : std::vector<double>();
}

std::vector<double> wholeTicks(const AxisRange& range, int wanted)
{
    if (!canBeCut(range, wanted)) return {};
    const std::vector<double> whole = multiples(range, std::max(1.0, roundStep(range.size() / wanted)));
    return whole.size() > 1 ? whole : linearTicks(range, wanted);
}

std::vector<double> logTicks(const AxisRange& range)
{
    if (!(range.lower > 0) || !(range.upper > range.lower)) return {};
    const double decades = std::log10(range.upper / range.lower);
    if (decades < 0.48) return linearTicks(range, 4);
    static const std::vector<double> kFew{1, 2, 3, 5};
    static const std::vector<double> kSome{1, 2, 5};
    static const std::vector<double> kOne{1};
    const std::vector<double>& mantissas = decades < 1.3 ? kFew : decades < 2.5 ? kSome : kOne;
    const int step = std::max(1, static_cast<int>(std::ceil(decades / 7)));
    std::vector<double> ticks;
    const int first = static_cast<int>(std::floor(std::log10(range.lower)));
    const int last = static_cast<int>(std::ceil(std::log10(range.upper)));
    for (int exponent = first; exponent <= last; ++exponent) {
        if (exponent % step != 0) continue;
        for (const double mantissa : mantissas) {
            const double tick = mantissa * std::pow(10.0, exponent);
            if (tick >= range.lower * (1 - 1e-9) && tick <= range.upper * (1 + 1e-9)) ticks.push_back(tick);
        }
    }
    return ticks;
}

std::string tickText(double value)
{
    if (!std::isfinite(value)) return "";
    const double size = std::abs(value);
    if (size == 0) return "0";
    const std::string sign = value < 0 ? kMinus : "";
    if (size >= 1e6 || size < 1e-4) {
        const int exponent = static_cast<int>(std::floor(std::log10(size) + 1e-9));
        const std::string mantissa = sixDigits(size / std::pow(10.0, exponent));
        return sign + (mantissa == "1" ? "" : mantissa + "·") + "10" + superscript(exponent);
    }
    if (size >= 1e4 && size == std::floor(size)) return sign + groupedText(static_cast<std::int64_t>(size));
    return sign + sixDigits(size);
}

std::vector<double> spreadLabels(const std::vector<double>& centres, double height, double low, double high)
{
    const std::size_t count = centres.size();
    if (count == 0) return {};
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return centres[a] < centres[b]; });
    const double room = std::max(0.0, high - low - height);
    const double step = count > 1 ? std::min(height, room / static_cast<double>(count - 1)) : height;
    // Pool adjacent violators: labels that would overlap become a block around their common mean.
    struct Block {
        double sum;
        std::size_t size;
    };
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < count; ++i) {
        blocks.push_back({centres[order[i]] - step * static_cast<double>(i), 1});
        while (blocks.size() > 1) {
            Block& before = blocks[blocks.size() - 2];
            const Block& last = blocks.back();
            if (before.sum / static_cast<double>(before.size) <= last.sum / static_cast<double>(last.size)) break;
            before.sum += last.sum;
            before.size += last.size;
            blocks.pop_back();
        }
    }
    std::vector<double> placed(count);
    std::size_t i = 0;
    const double lowest = low + height / 2;
    const double highest = std::max(lowest, high - height / 2 - step * static_cast<double>(count - 1));
    for (const Block& block : blocks)
        for (std::size_t k = 0; k < block.size; ++k, ++i)
            placed[order[i]] =
                std::clamp(block.sum / static_cast<double>(block.size), lowest, highest) + step * static_cast<double>(i);
    return placed;
}

} // namespace latentoscope::ui
