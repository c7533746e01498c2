/// Codes in a plane, as plain values.
#pragma once

#include "core/base/AxisRange.h"
#include "core/data/Label.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

struct ClassRegions;

/// Points of a plane coloured by class, or in one colour where there are none. Row i of x, y, labels and items is one item for
/// ever: nothing is sorted.
struct ScatterFigure {
    std::string title;
    std::string xTitle = "z0";
    std::string yTitle = "z1";
    std::vector<float> x;
    std::vector<float> y;
    std::vector<Label> labels; ///< empty: without classes
    std::vector<int> items;    ///< indices in their image set
    std::vector<std::string> classNames;
    bool strips = false;                         ///< y are places in classStrips(), which mean nothing but the class
    std::vector<std::uint8_t> visible;           ///< by label: 0 is drawn grey; empty: all are shown
    std::shared_ptr<const ClassRegions> regions; ///< drawn behind the points; null: nothing is
    std::optional<AxisRange> xRange;             ///< none: all of it
    std::optional<AxisRange> yRange;             ///< none: all of it

    bool hasClasses() const { return !labels.empty(); }
    /// 0 without classes.
    Label labelAt(std::size_t row) const { return hasClasses() ? labels[row] : Label{0}; }
    bool isVisible(Label label) const { return label >= visible.size() || visible[label] != 0; }
};

} // namespace latentoscope
