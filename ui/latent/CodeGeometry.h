/// Distances, ranges and neighbours among codes, without a widget.
#pragma once

#include "core/base/AxisRange.h"

#include <span>
#include <vector>

namespace latentoscope {
struct LatentCodes;
}

namespace latentoscope::ui {

/// Of each dimension: from its 1st to its 99th percentile, at least 1e-3 wide. Empty for no codes.
std::vector<AxisRange> codeRanges(const LatentCodes& codes);

/// One row of codes and its Euclidean distance.
struct Neighbour {
    int row = -1;
    double distance = 0;
};

/// The `count` rows nearest to `code` in all dimensions, nearest first, ties by row. Fewer where there are fewer codes.
std::vector<Neighbour> nearestRows(const LatentCodes& codes, std::span<const float> code, int count);

} // namespace latentoscope::ui
