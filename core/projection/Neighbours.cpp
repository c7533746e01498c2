#include "core/projection/Neighbours.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/projection/kernels/ProjectionKernels.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <span>
#include <utility>

namespace latentoscope {
namespace {

using kernels::Candidate;
using kernels::CandidateList;
using kernels::kQueries;

constexpr int kPiece = 32;         ///< queries that a worker takes at a time
constexpr int kBlockFloats = 8192; ///< of columns that are looked at together: half of a first-level cache
constexpr int kMostColumns = 512;  ///< in a block: so many candidates a query may come at once
/// Candidates kept beyond those wanted: a float's last digit may put the last of them in the wrong order.
constexpr int kSpare = 16;

bool nearer(const Candidate& a, const Candidate& b)
{
    return a.distance < b.distance || (a.distance == b.distance && a.column < b.column);
}

/// All points, one dimension after the other, filled up with points that are infinitely far from all.
struct Turned {
    explicit Turned(const Points& points)
        : dimensions(points.dimension),
          stride((points.count() + kernels::kColumnMultiple - 1) / kernels::kColumnMultiple * kernels::kColumnMultiple),
          values(static_cast<std::size_t>(dimensions * stride), std::numeric_limits<float>::infinity())
    {
        for (int row = 0; row < points.count(); ++row)
            for (int d = 0; d < points.dimension; ++d) values[static_cast<std::size_t>(d * stride + row)] = points.row(row)[d];
    }

    std::int64_t dimensions;
    std::int64_t stride;
    std::vector<float> values;
};

/// The nearest so far of a few queries.
class Search {
public:
    Search(const Points& points, const Turned& turned, int keep)
        : m_points(points),
          m_turned(turned),
          m_keep(static_cast<std::size_t>(keep)),
          m_room(2 * m_keep + kMostColumns),
          m_candidates(m_room * kPiece),
          m_lists(kPiece),
          m_queries(static_cast<std::size_t>(kPiece * points.dimension))
    {
    }

    /// Looks at all points for the queries first … first + count.
    void run(int first, int count)
    {
        for (int q = 0; q < kPiece; ++q) {
            m_lists[static_cast<std::size_t>(q)] = {std::numeric_limits<float>::infinity(), begin(q)};
            const float* row = m_points.row(first + std::min(q, count - 1)); // the last again where there are fewer
            std::copy_n(row, m_points.dimension, m_queries.begin() + static_cast<std::ptrdiff_t>(q * m_points.dimension));
        }
        const std::int64_t block = std::clamp<std::int64_t>(kBlockFloats / m_points.dimension / kernels::kColumnMultiple, 1,
                                                            kMostColumns / kernels::kColumnMultiple) *
                                   kernels::kColumnMultiple;
        for (std::int64_t column = 0; column < m_turned.stride; column += block) {
            const kernels::Columns columns{m_turned.values.data() + column, m_turned.dimensions, m_turned.stride,
                                           std::min(block, m_turned.stride - column), static_cast<std::int32_t>(column)};
            for (int q = 0; q < count; q += kQueries) {
                kernels::bestProjection().appendNearer(
                    columns, m_queries.data() + static_cast<std::ptrdiff_t>(q * m_points.dimension), m_lists.data() + q);
            }
            for (int q = 0; q < kPiece; ++q) {
                if (m_lists[static_cast<std::size_t>(q)].end - begin(q) > static_cast<std::ptrdiff_t>(2 * m_keep)) shrink(q);
            }
        }
    }

    /// The candidates of query q, in no order.
    std::span<const Candidate> found(int q) { return {begin(q), m_lists[static_cast<std::size_t>(q)].end}; }

private:
    Candidate* begin(int q) { return m_candidates.data() + static_cast<std::size_t>(q) * m_room; }

    void shrink(int q)
    {
        CandidateList& list = m_lists[static_cast<std::size_t>(q)];
        Candidate* last = begin(q) + static_cast<std::ptrdiff_t>(m_keep) - 1;
        std::nth_element(begin(q), last, list.end, nearer);
        list.end = last + 1;
        list.limit = last->distance; // one as far has a higher number, and would be the last
    }

    const Points& m_points;
    const Turned& m_turned;
    std::size_t m_keep;
    std::size_t m_room;
    std::vector<Candidate> m_candidates;
    std::vector<CandidateList> m_lists;
    std::vector<float> m_queries;
};

double squaredDistance(const float* a, const float* b, int dimension)
{
    double sum = 0;
    for (int d = 0; d < dimension; ++d) {
        const double difference = static_cast<double>(a[d]) - static_cast<double>(b[d]);
        sum += difference * difference;
    }
    return sum;
}

/// The nearest of the candidates but the query itself, by distances in double.
void choose(const Points& points, int query, std::span<const Candidate> candidates, NeighbourTable& into)
{
    std::vector<std::pair<double, int>> exact;
    exact.reserve(candidates.size());
    for (const Candidate& candidate : candidates) {
        if (candidate.column == query) continue;
        exact.emplace_back(squaredDistance(points.row(query), points.row(candidate.column), points.dimension), candidate.column);
    }
    if (exact.size() < static_cast<std::size_t>(into.neighbours)) {
        throw Error(Error::Kind::InvalidArgument,
                    "point " + groupedText(query) +
                        ": its distances are too large for a float; divide all values by a power of "
                        "ten, so that the largest is below 1e18");
    }
    const auto wanted = static_cast<std::ptrdiff_t>(into.neighbours);
    std::partial_sort(exact.begin(), exact.begin() + wanted, exact.end());
    const auto at = static_cast<std::size_t>(query) * static_cast<std::size_t>(into.neighbours);
    for (std::size_t k = 0; k < static_cast<std::size_t>(into.neighbours); ++k) {
        into.rows[at + k] = exact[k].second;
        into.distances[at + k] = exact[k].first;
    }
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
    const Turned turned(points);
    NeighbourTable table;
    table.neighbours = neighbours;
    table.rows.resize(static_cast<std::size_t>(count) * static_cast<std::size_t>(neighbours));
    table.distances.resize(table.rows.size());
    const int keep = std::min(count, neighbours + 1 + kSpare); // itself is among them
    std::vector<std::optional<Search>> searches(static_cast<std::size_t>(pool.threads()));
    const int pieces = (count + kPiece - 1) / kPiece;
    std::atomic<int> done{0};
    std::atomic<bool> ended{false};
    pool.run(pieces, [&](int worker, int piece) {
        if (ended) return;
        std::optional<Search>& search = searches[static_cast<std::size_t>(worker)];
        if (!search) search.emplace(points, turned, keep);
        const int first = piece * kPiece;
        const int queries = std::min(kPiece, count - first);
        search->run(first, queries);
        for (int q = 0; q < queries; ++q) choose(points, first + q, search->found(q), table);
        if (!progress(static_cast<double>(++done) / pieces)) ended = true;
    });
    if (ended) return std::nullopt;
    return table;
}

} // namespace latentoscope
