#include "core/projection/Quality.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/base/Text.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>
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

Points chosen(const Points& points, const std::vector<int>& rows)
{
    Points part{points.dimension, {}};
    for (const int row : rows) part.values.insert(part.values.end(), points.row(row), points.row(row) + points.dimension);
    return part;
}

/// All others by their distance from one point, nearest first, and at each its place in that order, from 1.
struct Order {
    std::vector<int> rows;
    std::vector<int> rank;

    void sort(const Points& points, int from)
    {
        const int count = points.count();
        m_distances.resize(static_cast<std::size_t>(count));
        rows.clear();
        rank.resize(static_cast<std::size_t>(count));
        for (int row = 0; row < count; ++row) {
            m_distances[static_cast<std::size_t>(row)] = squaredDistance(points.row(row), points.row(from), points.dimension);
            if (row != from) rows.push_back(row);
        }
        std::sort(rows.begin(), rows.end(), [this](int a, int b) {
            const double da = m_distances[static_cast<std::size_t>(a)], db = m_distances[static_cast<std::size_t>(b)];
            return da < db || (da == db && a < b);
        });
        for (std::size_t place = 0; place < rows.size(); ++place)
            rank[static_cast<std::size_t>(rows[place])] = static_cast<int>(place) + 1;
    }

private:
    std::vector<double> m_distances;
};

/// Σ over the first K of `near` of how far beyond K they are in `other`.
std::int64_t intrusion(const Order& near, const Order& other, int neighbours)
{
    std::int64_t sum = 0;
    for (int k = 0; k < neighbours; ++k)
        sum += std::max(0, other.rank[static_cast<std::size_t>(near.rows[static_cast<std::size_t>(k)])] - neighbours);
    return sum;
}

bool isRight(const Order& near, int neighbours, const std::vector<std::uint8_t>& labels, int from)
{
    std::array<int, 256> votes{};
    for (int k = 0; k < neighbours; ++k) ++votes[labels[static_cast<std::size_t>(near.rows[static_cast<std::size_t>(k)])]];
    const auto winner = std::max_element(votes.begin(), votes.end()) - votes.begin();
    return winner == labels[static_cast<std::size_t>(from)];
}

} // namespace

std::optional<ProjectionQuality> projectionQuality(const Points& points, const Points& projected,
                                                   std::span<const std::uint8_t> labels, std::uint64_t seed, WorkerPool& pool,
                                                   const WorkProgress& progress, int neighbours, int most)
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
    const Points truth = chosen(points, rows);
    const Points picture = chosen(projected, rows);
    std::vector<std::uint8_t> own;
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
        order.truth.sort(truth, from);
        order.picture.sort(picture, from);
        strangers += intrusion(order.picture, order.truth, neighbours);
        missing += intrusion(order.truth, order.picture, neighbours);
        if (!own.empty() && isRight(order.picture, neighbours, own, from)) ++right;
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

} // namespace latentoscope
