#include "core/projection/SymmetricGraph.h"

#include "core/base/WorkerPool.h"

#include <algorithm>
#include <utility>

namespace latentoscope {
namespace {

constexpr int kRows = 256; ///< that a worker takes at a time

/// Of each point the points that have it as a neighbour, ascending, and where their own value for it stands.
struct Incoming {
    std::vector<std::int64_t> begins; ///< (N + 1)
    std::vector<int> rows;
    std::vector<std::size_t> places;
};

Incoming incomingOf(const NeighbourTable& table)
{
    const auto count = static_cast<std::size_t>(table.count());
    Incoming incoming{std::vector<std::int64_t>(count + 1, 0), std::vector<int>(table.rows.size()),
                      std::vector<std::size_t>(table.rows.size())};
    for (const int row : table.rows) ++incoming.begins[static_cast<std::size_t>(row) + 1];
    for (std::size_t i = 0; i < count; ++i) incoming.begins[i + 1] += incoming.begins[i];
    std::vector<std::int64_t> next(incoming.begins.begin(), incoming.begins.end() - 1);
    const auto neighbours = static_cast<std::size_t>(table.neighbours);
    for (std::size_t place = 0; place < table.rows.size(); ++place) {
        const auto at = static_cast<std::size_t>(next[static_cast<std::size_t>(table.rows[place])]++);
        incoming.rows[at] = static_cast<int>(place / neighbours);
        incoming.places[at] = place;
    }
    return incoming;
}

/// One row: those that a point sees and those that see it, made one where they are the same.
void mergeRow(const NeighbourTable& table, const std::vector<float>& values, const Incoming& incoming, int row,
              float (*both)(float, float), std::vector<std::pair<int, float>>& merged)
{
    merged.clear();
    for (int k = 0; k < table.neighbours; ++k) {
        const float value =
            values[static_cast<std::size_t>(row) * static_cast<std::size_t>(table.neighbours) + static_cast<std::size_t>(k)];
        merged.emplace_back(table.row(row)[k], value);
    }
    const auto begin = static_cast<std::size_t>(incoming.begins[static_cast<std::size_t>(row)]);
    const auto end = static_cast<std::size_t>(incoming.begins[static_cast<std::size_t>(row) + 1]);
    for (std::size_t at = begin; at < end; ++at) merged.emplace_back(incoming.rows[at], values[incoming.places[at]]);
    std::sort(merged.begin(), merged.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::size_t kept = 0;
    for (const auto& [column, value] : merged) {
        if (kept > 0 && merged[kept - 1].first == column)
            merged[kept - 1].second = both(merged[kept - 1].second, value); // at most two of a column
        else
            merged[kept++] = {column, value};
    }
    merged.resize(kept);
}

} // namespace

Affinities symmetrised(const NeighbourTable& neighbours, const std::vector<float>& values, float (*both)(float own, float others),
                       float scale, WorkerPool& pool)
{
    const Incoming incoming = incomingOf(neighbours);
    const int count = neighbours.count();
    const int pieces = (count + kRows - 1) / kRows;
    std::vector<std::vector<std::pair<int, float>>> parts(static_cast<std::size_t>(pieces));
    Affinities affinities;
    affinities.begins.assign(static_cast<std::size_t>(count) + 1, 0);
    pool.run(pieces, [&](int, int piece) {
        std::vector<std::pair<int, float>> merged;
        for (int row = piece * kRows; row < std::min(count, (piece + 1) * kRows); ++row) {
            mergeRow(neighbours, values, incoming, row, both, merged);
            affinities.begins[static_cast<std::size_t>(row) + 1] = static_cast<std::int64_t>(merged.size());
            parts[static_cast<std::size_t>(piece)].insert(parts[static_cast<std::size_t>(piece)].end(), merged.begin(),
                                                          merged.end());
        }
    });
    for (std::size_t row = 0; row < static_cast<std::size_t>(count); ++row) affinities.begins[row + 1] += affinities.begins[row];
    affinities.columns.resize(static_cast<std::size_t>(affinities.begins.back()));
    affinities.values.resize(affinities.columns.size());
    pool.run(pieces, [&](int, int piece) {
        auto at = static_cast<std::size_t>(affinities.begins[static_cast<std::size_t>(piece) * kRows]);
        for (const auto& [column, value] : parts[static_cast<std::size_t>(piece)]) {
            affinities.columns[at] = column;
            affinities.values[at++] = value * scale;
        }
        parts[static_cast<std::size_t>(piece)] = {};
    });
    return affinities;
}

} // namespace latentoscope
