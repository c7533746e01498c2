/// A table, as plain values.
#pragma once

#include <string>
#include <vector>

namespace latentoscope {

/// Words and numbers in rows and columns.
struct TableFigure {
    std::string title;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows; ///< each as long as columns
};

} // namespace latentoscope
