/// Points of the plane sorted into square cells, row of cells after row of cells.
#pragma once

#include <vector>

namespace latentoscope {

/// A square grid of cells.
struct CellGrid {
    float lowX = 0;
    float lowY = 0;
    float side = 1; ///< of a cell
    int cells = 1;  ///< along each side
};

struct Cells {
    CellGrid grid;
    std::vector<int> begins; ///< (cells² + 1) where each cell begins below
    std::vector<int> points; ///< (N) their numbers; ascending within a cell
    std::vector<float> x;    ///< (N and some more that may be read) in this order
    std::vector<float> y;

    int begin(int row, int column) const
    {
        return begins[static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.cells) + static_cast<std::size_t>(column)];
    }
    int end(int row, int column) const { return begin(row, column + 1); }
};

/// Sorts places (N, 2); those outside go to the nearest cell. `into` is used again, so that nothing is allocated each time.
void sortIntoCells(const std::vector<float>& places, const CellGrid& grid, Cells& into);

} // namespace latentoscope
