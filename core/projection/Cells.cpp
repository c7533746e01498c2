#include "core/projection/Cells.h"

#include <algorithm>

namespace latentoscope {
namespace {

constexpr std::size_t kMoreToRead = 64;

} // namespace

void sortIntoCells(const std::vector<float>& places, const CellGrid& grid, Cells& into)
{
    const std::size_t count = places.size() / 2;
    const auto cells = static_cast<std::size_t>(grid.cells);
    into.grid = grid;
    into.points.resize(count);
    into.x.resize(count + kMoreToRead);
    into.y.resize(count + kMoreToRead);
    into.begins.assign(cells * cells + 2, 0);
    const float perUnit = 1 / grid.side;
    const auto last = static_cast<float>(grid.cells - 1);
    const auto cellOf = [&](std::size_t i) {
        const float column = std::clamp((places[2 * i] - grid.lowX) * perUnit, 0.0F, last);
        const float row = std::clamp((places[2 * i + 1] - grid.lowY) * perUnit, 0.0F, last);
        return static_cast<std::size_t>(row) * cells + static_cast<std::size_t>(column);
    };
    // Counted two places further on, so that after the sums begins[c + 1] is where cell c is filled next, and at last its end.
    for (std::size_t i = 0; i < count; ++i) ++into.begins[cellOf(i) + 2];
    for (std::size_t c = 2; c < into.begins.size(); ++c) into.begins[c] += into.begins[c - 1];
    for (std::size_t i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(into.begins[cellOf(i) + 1]++);
        into.points[at] = static_cast<int>(i);
        into.x[at] = places[2 * i];
        into.y[at] = places[2 * i + 1];
    }
    into.begins.pop_back();
}

} // namespace latentoscope
