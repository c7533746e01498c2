#include "core/projection/Quality.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/neighbours/Neighbours.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>
#include <utility>
#include <vector>

namespace latentoscope {
namespace {

/// At most `most` rows in ascending order, drawn by seed.
std::vector<int> subset(int count, int most, std::uint64_t seed)
{
    std::vector<int> rows(static_cast<std::size_t>(count));
    std::iota(rows.begin(), rows.end(), 0);
    if (count <= most) return rows;
    RandomStream random(seed, RandomPurpose::Selection);
    shuffle(rows, random);
    rows.resize(static_cast<std::size_t>(most));
    std::sort(rows.begin(), rows.end());
    return rows;
}

/// The others by their distance from one point, of equally far ones the lower row first: the nearest, and how many are nearer
/// than a given one. A full order is never needed, and takes ten times as long.
class Order {
public:
    void look(const Points& points, int from, int neighbours)
    {
        const int count = points.count();
        m_from = from;
        m_distances.resize(static_cast<std::size_t>(count));
        m_nearest.clear();
        for (int row = 0; row < count; ++row) {
            const double distance = squaredDistance(points.row(row), points.row(from), points.dimension);
            m_distances[static_cast<std::size_t>(row)] = distance;
            if (row == from) continue;
            if (static_cast<int>(m_nearest.size()) == neighbours) {
                if (!(distance < m_nearest.back().first)) continue; // rows ascend: an equal one comes later
                m_nearest.pop_back();
            }
            const std::pair entry(distance, row);
            m_nearest.insert(std::upper_bound(m_nearest.begin(), m_nearest.end(), entry), entry);
        }
    }

    /// (distance, row), nearest first.
    const std::vector<std::pair<double, int>>& nearest() const { return m_nearest; }

    /// The place of a row in the order, from 1.
    int rank(int row) const
    {
        const double distance = m_distances[static_cast<std::size_t>(row)];
        int before = 0;
        for (std::size_t other = 0; other < m_distances.size(); ++other) {
            const bool lower = other < static_cast<std::size_t>(row);
            before += static_cast<int>(m_distances[other] < distance) +
                      static_cast<int>(lower) * static_cast<int>(m_distances[other] == distance);
        }
        // The point itself is the nearest of all, but not one of the others.
        const double own = m_distances[static_cast<std::size_t>(m_from)];
        if (own < distance || (own == distance && m_from < row)) --before;
        return before + 1;
    }

private:
    int m_from = 0;
    std::vector<double> m_distances;
    std::vector<std::pair<double, int>> m_nearest;
};

/// Σ over the nearest of `near` of how far beyond them they are in `other`.
std::int64_t intrusion(const Order& near, const Order& other)
{
    std::int64_t sum = 0;
    const auto neighbours = static_cast<int>(near.nearest().size());
    for (const auto& entry : near.nearest()) sum += std::max(0, other.rank(entry.second) - neighbours);
    return sum;
}

/// The most frequent of labels that are counted one by one.
class Vote {
public:
    void count(Label label)
    {
        if (m_votes.size() <= label) m_votes.resize(label + std::size_t{1});
        ++m_votes[label];
    }
    int winner() const { return static_cast<int>(std::max_element(m_votes.begin(), m_votes.end()) - m_votes.begin()); }

private:
    std::vector<int> m_votes;
};

bool isRight(const Order& near, const std::vector<Label>& labels, int from)
{
    Vote vote;
    for (const auto& entry : near.nearest()) vote.count(labels[static_cast<std::size_t>(entry.second)]);
    return vote.winner() == labels[static_cast<std::size_t>(from)];
}

} // namespace

std::optional<ProjectionQuality> projectionQuality(const Points& points, const Points& projected, std::span<const Label> labels,
                                                   std::uint64_t seed, WorkerPool& pool, const WorkProgress& progress,
                                                   int neighbours, int most)
{
    if (points.count() != projected.count() || (!labels.empty() && static_cast<int>(labels.size()) != points.count())) {
        throw Error(Error::Kind::InvalidArgument, "quality: found " + groupedText(projected.count()) + " projected points and " +
                                                      groupedText(static_cast<std::int64_t>(labels.size())) + " labels of " +
                                                      groupedText(points.count()) + " points");
    }
    const std::vector<int> rows = subset(points.count(), most, seed);
    const auto count = static_cast<int>(rows.size());
    if (neighbours < 1 || count < 2 * neighbours + 2) {
        throw Error(Error::Kind::InvalidArgument, "quality: found " + groupedText(count) + " points, expected at least " +
                                                      groupedText(2 * neighbours + 2) + " to look at " +
                                                      std::to_string(neighbours) + " neighbours of each");
    }
    const Points truth = rowsOf(points, rows);
    const Points picture = rowsOf(projected, rows);
    std::vector<Label> own;
    for (const int row : rows) {
        if (!labels.empty()) own.push_back(labels[static_cast<std::size_t>(row)]);
    }
    struct Orders {
        Order truth, picture;
    };
    std::vector<Orders> orders(static_cast<std::size_t>(pool.threads()));
    std::atomic<std::int64_t> strangers{0}; // whole numbers: the order of adding does not matter
    std::atomic<std::int64_t> missing{0};
    std::atomic<int> right{0};
    std::atomic<int> done{0};
    std::atomic<bool> ended{false};
    pool.run(count, [&](int worker, int from) {
        if (ended) return;
        Orders& order = orders[static_cast<std::size_t>(worker)];
        order.truth.look(truth, from, neighbours);
        order.picture.look(picture, from, neighbours);
        strangers += intrusion(order.picture, order.truth);
        missing += intrusion(order.truth, order.picture);
        if (!own.empty() && isRight(order.picture, own, from)) ++right;
        if (!progress(static_cast<double>(++done) / count)) ended = true;
    });
    if (ended) return std::nullopt;
    const double n = count, k = neighbours;
    const double scale = 2 / (n * k * (2 * n - 3 * k - 1));
    ProjectionQuality quality{
        count, neighbours, 1 - scale * static_cast<double>(strangers), 1 - scale * static_cast<double>(missing), {}};
    if (!own.empty()) quality.labelAccuracy = static_cast<double>(right) / n;
    return quality;
}

double labelAccuracyAmong(const Points& picture, std::span<const Label> labels, const Points& added,
                          std::span<const Label> addedLabels, WorkerPool& pool, int neighbours)
{
    const auto table = nearestAmong(picture, added, std::min(neighbours, picture.count()), pool);
    int right = 0;
    for (int row = 0; row < table->count(); ++row) {
        Vote vote;
        for (int k = 0; k < table->neighbours; ++k) vote.count(labels[static_cast<std::size_t>(table->row(row)[k])]);
        right += static_cast<int>(vote.winner() == addedLabels[static_cast<std::size_t>(row)]);
    }
    return static_cast<double>(right) / added.count();
}

} // namespace latentoscope
