/// A piece of an axis, and its scale.
#pragma once

namespace latentoscope {

/// Lower and upper end of an axis, in data units.
struct AxisRange {
    double lower = 0;
    double upper = 1;

    bool contains(double value) const { return value >= lower && value <= upper; }
    double size() const { return upper - lower; }
    bool operator==(const AxisRange&) const = default;
};

enum class AxisScale { Linear, Logarithmic };

} // namespace latentoscope
