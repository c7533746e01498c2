/// Bars, as plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace latentoscope {

/// One bar a name, the marked ones in the accent's colour.
struct BarsFigure {
    std::string title;
    std::string xTitle;
    std::string yTitle;
    std::vector<std::string> names;
    std::vector<double> values;       ///< as many as names
    std::vector<std::uint8_t> marked; ///< likewise; empty: all are
    std::string markedName;           ///< what marked bars are: "active"; empty: not said
};

} // namespace latentoscope
