/// A confusion matrix, as plain values.
#pragma once

#include <string>
#include <vector>

namespace latentoscope {

/// How often images of each class are taken for each class.
struct ConfusionFigure {
    std::string title;
    std::vector<std::string> classNames; ///< (C)
    std::vector<int> counts;             ///< (C, C): a row a true class, a column a predicted one
};

} // namespace latentoscope
