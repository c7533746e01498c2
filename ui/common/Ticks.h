/// Where an axis has its ticks and what they say, without a widget.
#pragma once

#include <string>
#include <vector>

namespace latentoscope {
struct AxisRange;
}

namespace latentoscope::ui {

/// About `wanted` round values within the range: 1, 2 or 5 times a power of ten apart.
std::vector<double> linearTicks(const AxisRange& range, int wanted);

/// Those of them that are whole numbers, one apart where more would fit; linearTicks() where the range holds fewer than two.
std::vector<double> wholeTicks(const AxisRange& range, int wanted);

/// Round values for a logarithmic axis: decades where there are many, 1-2-5 or 1-2-3-5 within where there are few, linear steps
/// where the range is less than a factor of three. Empty unless 0 < lower < upper.
std::vector<double> logTicks(const AxisRange& range);

/// "0.03", "−25", "60,000", "2·10⁻⁵": at most six significant digits, a true minus sign (UTF-8).
std::string tickText(double value);

/// Moves labels of one height, wanted at these centres, the least that keeps them apart and within [low, high], in their order.
/// Where they cannot all fit they overlap evenly.
std::vector<double> spreadLabels(const std::vector<double>& centres, double height, double low, double high);

} // namespace latentoscope::ui
