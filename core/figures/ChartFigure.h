/// A study's charts, as plain values.
#pragma once

#include "core/base/AxisRange.h"
#include "core/figures/TableFigure.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace latentoscope {

/// An axis of a chart: numbers, or words at places.
struct ChartAxis {
    std::string title;
    AxisScale scale = AxisScale::Linear;
    std::vector<std::pair<double, std::string>> ticks = {}; ///< empty: numbers
    std::optional<AxisRange> range = {};                    ///< none: all of the data
    bool whole = false;                                     ///< counts something: there is nothing between two numbers
};

/// Points, a line or bars of a chart. NaN and infinite values are not drawn.
struct ChartSeries {
    enum class Shape {
        Points,
        Line,  ///< from each to the next
        Steps, ///< level from each to the next, then up or down
        Bars   ///< horizontal, from x to x2
    };
    /// What a series stands out as.
    enum class Role { Plain, Best, Pruned, Failed, Running, Chosen };

    std::string name;
    Shape shape = Shape::Points;
    Role role = Role::Plain;
    std::vector<double> x = {};
    std::vector<double> y = {};     ///< as many as x
    std::vector<double> x2 = {};    ///< of Bars, likewise
    std::vector<double> shade = {}; ///< of Plain, likewise or one for all: 0 … 1, from a faint colour to the accent; empty: 1
    std::vector<int> trials = {};   ///< likewise: what each is, for whoever points at it; empty: nothing
};

/// A picture of values behind a chart, row 0 at the bottom.
struct ChartField {
    int columns = 0;
    int rows = 0;
    std::vector<double> shade; ///< (rows, columns) 0 … 1
};

/// Words at a place of a chart, centred on x; below y, or above.
struct ChartWords {
    double x = 0;
    double y = 0;
    bool below = false;
    std::string text;
};

/// What trials of a study tell.
struct ChartFigure {
    std::string title;
    ChartAxis x;
    ChartAxis y;
    std::vector<ChartSeries> series; ///< later ones are drawn over earlier ones
    ChartField field = {};           ///< over the whole of both axes' ranges, which are then given
    std::vector<ChartWords> words = {};
    TableFigure numbers = {}; ///< what is drawn in numbers, where places in the chart are not they; empty: they are
};

} // namespace latentoscope
