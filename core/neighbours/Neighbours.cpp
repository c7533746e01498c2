#include "core/neighbours/Neighbours.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/neighbours/Leaves.h"
#include "core/neighbours/kernels/NeighbourKernels.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <utility>

namespace latentoscope {
namespace {

using kernels::Candidate;
using kernels::CandidateList;
using kernels::kQueries;

constexpr int kPiece = 32; ///< queries that a worker takes at a time: those of a part of a leaf
constexpr int kLeaf = 64;  ///< points that are looked at together, and most candidates that come at once
/// Candidates kept beyond those wanted: a float's last digit may put the last of them in the wrong order.
constexpr int kSpare = 16;

/// The leaves' points, each leaf one dimension after the other and filled up with points that are infinitely far from all.
struct Turned {
    Turned(const Points& points, const Leaves& leaves) : offsets(leaves.all.size()), columns(leaves.all.size())
    {
        std::size_t size = 0;
        for (std::size_t i = 0; i < leaves.all.size(); ++i) {
            columns[i] =
                (leaves.all[i].count + kernels::kColumnMultiple - 1) / kernels::kColumnMultiple * kernels::kColumnMultiple;
            offsets[i] = size;
            size += static_cast<std::size_t>(columns[i] * points.dimension);
        }
        values.assign(size, std::numeric_limits<float>::infinity());
        for (std::size_t i = 0; i < leaves.all.size(); ++i) {
            for (int at = 0; at < leaves.all[i].count; ++at) {
                const float* row = points.row(leaves.rows[static_cast<std::size_t>(leaves.all[i].first + at)]);
                for (int d = 0; d < points.dimension; ++d)
                    values[offsets[i] + static_cast<std::size_t>(d * columns[i] + at)] = row[d];
            }
        }
    }

    std::vector<std::size_t> offsets;  ///< of each leaf in `values`
    std::vector<std::int64_t> columns; ///< of each leaf
    std::vector<float> values;
};

/// A part of a leaf.
struct Piece {
    int first = 0; ///< place in the leaves' order
    int count = 0; ///< ≤ kPiece
};

/// The nearest so far of a few queries that are near each other.
class Search {
public:
    /// Of `queries`, pieces of which are places of `order`, among the points.
    Search(const Points& points, const Leaves& leaves, const Turned& turned, const Points& queries, const std::vector<int>& order,
           int keep)
        : m_points(points),
          m_leaves(leaves),
          m_turned(turned),
          m_asking(queries),
          m_askingOrder(order),
          m_keep(static_cast<std::size_t>(keep)),
          m_room(2 * m_keep + 2 * kLeaf),
          m_candidates(m_room * kPiece),
          m_lists(kPiece),
          m_queries(static_cast<std::size_t>(kPiece * points.dimension)),
          m_box(static_cast<std::size_t>(2 * points.dimension))
    {
    }

    /// Looks at leaf after leaf, the nearest first, until none can hold anything that is near enough.
    void run(const Piece& piece)
    {
        for (int q = 0; q < kPiece; ++q) {
            // Queries that only fill up a tile find nothing: no distance is below 0.
            m_lists[static_cast<std::size_t>(q)] = {q < piece.count ? std::numeric_limits<float>::infinity() : 0, begin(q)};
            const int place = piece.first + std::min(q, piece.count - 1); // the last again where there are fewer
            std::copy_n(m_asking.row(m_askingOrder[static_cast<std::size_t>(place)]), m_points.dimension,
                        m_queries.begin() + static_cast<std::ptrdiff_t>(q) * m_points.dimension);
        }
        boxAround(m_asking, m_askingOrder, piece.first, piece.count, m_box.data());
        m_order.clear();
        for (std::size_t leaf = 0; leaf < m_leaves.all.size(); ++leaf) {
            const float* box = m_leaves.boxes.data() + leaf * m_box.size();
            m_order.emplace_back(squaredGap(m_box.data(), box, m_points.dimension), static_cast<int>(leaf));
        }
        // A heap, since of very many leaves only a few are looked at.
        std::make_heap(m_order.begin(), m_order.end(), std::greater<>());
        float furthest = std::numeric_limits<float>::infinity();
        for (auto end = m_order.end(); end != m_order.begin() && m_order.front().first <= furthest; --end) {
            look(static_cast<std::size_t>(m_order.front().second), piece.count);
            std::pop_heap(m_order.begin(), end, std::greater<>());
            furthest = 0;
            for (int q = 0; q < piece.count; ++q) {
                if (size(q) > 2 * m_keep) shrink(q);
                furthest = std::max(furthest, m_lists[static_cast<std::size_t>(q)].limit);
            }
        }
        for (int q = 0; q < piece.count; ++q) {
            if (size(q) > m_keep) shrink(q);
        }
    }

    /// The nearest of query q and a few more, in no order; their columns are places.
    std::span<const Candidate> found(int q) { return {begin(q), m_lists[static_cast<std::size_t>(q)].end}; }

private:
    Candidate* begin(int q) { return m_candidates.data() + static_cast<std::size_t>(q) * m_room; }
    std::size_t size(int q) { return static_cast<std::size_t>(m_lists[static_cast<std::size_t>(q)].end - begin(q)); }

    void look(std::size_t leaf, int queries)
    {
        const kernels::Columns columns{m_turned.values.data() + m_turned.offsets[leaf], m_points.dimension,
                                       m_turned.columns[leaf], m_turned.columns[leaf], m_leaves.all[leaf].first};
        for (int q = 0; q < queries; q += kQueries) {
            kernels::bestNeighbours().appendNearer(
                columns, m_queries.data() + static_cast<std::ptrdiff_t>(q) * m_points.dimension, m_lists.data() + q);
        }
    }

    void shrink(int q)
    {
        CandidateList& list = m_lists[static_cast<std::size_t>(q)];
        Candidate* last = begin(q) + static_cast<std::ptrdiff_t>(m_keep) - 1;
        std::nth_element(begin(q), last, list.end, [this](const Candidate& a, const Candidate& b) {
            return a.distance < b.distance || (a.distance == b.distance && m_leaves.rows[static_cast<std::size_t>(a.column)] <
                                                                               m_leaves.rows[static_cast<std::size_t>(b.column)]);
        });
        list.end = last + 1;
        // One that is as far may have a lower row: it must still be taken.
        list.limit = std::nextafter(last->distance, std::numeric_limits<float>::infinity());
    }

    const Points& m_points;
    const Leaves& m_leaves;
    const Turned& m_turned;
    const Points& m_asking;
    const std::vector<int>& m_askingOrder;
    std::size_t m_keep;
    std::size_t m_room;
    std::vector<Candidate> m_candidates;
    std::vector<CandidateList> m_lists;
    std::vector<float> m_queries;
    std::vector<float> m_box;
    std::vector<std::pair<float, int>> m_order; ///< leaves by their distance
};

/// Of whom the neighbours are sought.
struct Asking {
    const Points& points;
    bool theSame; ///< as those among which they are sought: no point is its own neighbour
};

/// The nearest of the candidates, by distances in double.
void choose(const Points& points, const Leaves& leaves, const Asking& asking, int query, std::span<const Candidate> candidates,
            std::vector<std::pair<double, int>>& exact, NeighbourTable& into)
{
    exact.clear();
    for (const Candidate& candidate : candidates) {
        const int row = leaves.rows[static_cast<std::size_t>(candidate.column)];
        if (asking.theSame && row == query) continue;
        exact.emplace_back(squaredDistance(asking.points.row(query), points.row(row), points.dimension), row);
    }
    if (exact.size() < static_cast<std::size_t>(into.neighbours)) {
        throw Error(Error::Kind::InvalidArgument,
                    "point " + groupedText(query) +
                        ": its distances are too large for a float; divide all values by a power of "
                        "ten, so that the largest is below 1e18");
    }
    std::sort(exact.begin(), exact.end());
    const auto at = static_cast<std::size_t>(query) * static_cast<std::size_t>(into.neighbours);
    for (std::size_t k = 0; k < static_cast<std::size_t>(into.neighbours); ++k) {
        into.rows[at + k] = exact[k].second;
        into.distances[at + k] = exact[k].first;
    }
}

std::vector<Piece> piecesOf(const Leaves& leaves)
{
    std::vector<Piece> pieces;
    for (const Leaf& leaf : leaves.all) {
        for (int first = 0; first < leaf.count; first += kPiece)
            pieces.push_back({leaf.first + first, std::min(kPiece, leaf.count - first)});
    }
    return pieces;
}

/// `asked` in leaves, those of the points where it is the same.
std::optional<NeighbourTable> search(const Points& points, const Leaves& leaves, const Asking& asking, const Leaves& asked,
                                     int neighbours, WorkerPool& pool, const WorkProgress& progress)
{
    const Turned turned(points, leaves);
    const std::vector<Piece> pieces = piecesOf(asked);
    NeighbourTable table;
    table.neighbours = neighbours;
    table.rows.resize(static_cast<std::size_t>(asking.points.count()) * static_cast<std::size_t>(neighbours));
    table.distances.resize(table.rows.size());
    const int wanted = asking.theSame ? neighbours + 1 : neighbours; // itself is found, too
    const int keep = std::min(points.count(), wanted + kSpare);
    struct Worker {
        std::optional<Search> search;
        std::vector<std::pair<double, int>> exact;
    };
    std::vector<Worker> workers(static_cast<std::size_t>(pool.threads()));
    std::atomic<int> done{0};
    std::atomic<bool> ended{false};
    pool.run(static_cast<int>(pieces.size()), [&](int worker, int number) {
        if (ended) return;
        Worker& own = workers[static_cast<std::size_t>(worker)];
        if (!own.search) own.search.emplace(points, leaves, turned, asking.points, asked.rows, keep);
        const Piece& piece = pieces[static_cast<std::size_t>(number)];
        own.search->run(piece);
        for (int q = 0; q < piece.count; ++q) {
            const int row = asked.rows[static_cast<std::size_t>(piece.first + q)];
            choose(points, leaves, asking, row, own.search->found(q), own.exact, table);
        }
        if (!progress(static_cast<double>(++done) / static_cast<double>(pieces.size()))) ended = true;
    });
    if (ended) return std::nullopt;
    return table;
}

} // namespace

std::optional<NeighbourTable> nearestNeighbours(const Points& points, int neighbours, WorkerPool& pool,
                                                const WorkProgress& progress)
{
    const int count = points.count();
    if (neighbours < 1 || neighbours >= count) {
        throw Error(Error::Kind::InvalidArgument, "neighbours: found " + groupedText(neighbours) + " of " + groupedText(count) +
                                                      " points, expected at least 1 and fewer than there are points");
    }
    const Leaves leaves = leavesOf(points, kLeaf);
    return search(points, leaves, {points, true}, leaves, neighbours, pool, progress);
}

std::optional<NeighbourTable> nearestAmong(const Points& points, const Points& queries, int neighbours, WorkerPool& pool,
                                           const WorkProgress& progress)
{
    if (points.dimension != queries.dimension) {
        throw Error(Error::Kind::InvalidArgument, "neighbours: found points of " + groupedText(queries.dimension) +
                                                      " dimensions, expected the " + groupedText(points.dimension) +
                                                      " of those among which they are sought");
    }
    if (neighbours < 1 || neighbours > points.count()) {
        throw Error(Error::Kind::InvalidArgument, "neighbours: found " + groupedText(neighbours) + ", expected 1 to the " +
                                                      groupedText(points.count()) + " points");
    }
    return search(points, leavesOf(points, kLeaf), {queries, false}, leavesOf(queries, kLeaf), neighbours, pool, progress);
}

} // namespace latentoscope
