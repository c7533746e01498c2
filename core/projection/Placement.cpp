#include "core/projection/Placement.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/neighbours/Neighbours.h"
#include "core/projection/Affinities.h"
#include "core/projection/PlaneOrder.h"
#include "core/projection/kernels/ProjectionKernels.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace latentoscope {
namespace {

using kernels::kQueries;
using kernels::Push;

/// The largest curvature of log Σ 1 / (1 + d²) in any direction: that of one term, (6 d² - 2) / (1 + d²)², is largest at
/// d² = 5/3, and the logarithm of a sum curves less than its terms' weighted mean.
constexpr double kCurvature = 9.0 / 8;

/// The finished picture, one axis after the other, filled up with points that push nothing.
struct Still {
    explicit Still(const Points& places)
    {
        const auto count = static_cast<std::size_t>(places.count());
        const auto multiple = static_cast<std::size_t>(kernels::kColumnMultiple);
        x.assign((count + multiple - 1) / multiple * multiple, kernels::kFar);
        y = x;
        for (std::size_t i = 0; i < count; ++i) {
            x[i] = places.values[2 * i];
            y[i] = places.values[2 * i + 1];
        }
    }

    std::vector<float> x, y;
};

/// What pulls a new point: its near points and how strongly.
struct Pulls {
    std::vector<double> x, y, strengths;

    void take(std::span<const int> rows, std::span<const double> distances, std::span<const double> perplexities,
              const Points& places)
    {
        x.clear();
        y.clear();
        strengths.resize(rows.size());
        meanKernel(distances, perplexities, strengths);
        for (const int row : rows) {
            x.push_back(static_cast<double>(places.row(row)[0]));
            y.push_back(static_cast<double>(places.row(row)[1]));
        }
    }

    /// The near point at whose place the pull costs least, Σ p log(1 + d²); of equally good ones the nearer.
    std::size_t best() const
    {
        std::size_t best = 0;
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < x.size(); ++i) {
            double cost = 0;
            for (std::size_t k = 0; k < x.size() && cost < least; ++k) {
                const double dx = x[i] - x[k], dy = y[i] - y[k];
                cost += strengths[k] * std::log1p(dx * dx + dy * dy);
            }
            if (cost < least) {
                least = cost;
                best = i;
            }
        }
        return best;
    }
};

/// A step towards less cost, from (x, y) by what all points push it with.
std::array<double, 2> step(const Pulls& pulls, double exaggeration, double x, double y, const Push& push)
{
    double pullX = 0, pullY = 0, sum = 0;
    for (std::size_t k = 0; k < pulls.x.size(); ++k) {
        const double dx = pulls.x[k] - x, dy = pulls.y[k] - y;
        const double strength = exaggeration * pulls.strengths[k] / (1 + dx * dx + dy * dy);
        pullX += strength * dx;
        pullY += strength * dy;
        sum += strength;
    }
    const double scale = 2 / (2 * sum + kCurvature); // Σ p log(1 + d²) lies below a parabola of curvature 2 Σ p q
    return {scale * (pullX + push.x / push.weight), scale * (pullY + push.y / push.weight)};
}

/// kQueries new points at a time; rows beyond the last are the last again.
struct Tile {
    std::array<Pulls, kQueries> pulls;
    std::array<float, kQueries> x{}, y{};
    std::array<bool, kQueries> atRest{};

    void settle(const Still& still, const PlacementOptions& options)
    {
        const auto count = static_cast<std::int64_t>(still.x.size());
        std::array<Push, kQueries> pushes;
        for (int i = 0; i < options.iterations; ++i) {
            if (std::all_of(atRest.begin(), atRest.end(), [](bool rests) { return rests; })) return;
            kernels::bestProjection().repel(still.x.data(), still.y.data(), count, x.data(), y.data(), pushes.data());
            for (std::size_t q = 0; q < kQueries; ++q) {
                if (atRest[q]) continue;
                const auto [dx, dy] =
                    step(pulls[q], options.exaggeration, static_cast<double>(x[q]), static_cast<double>(y[q]), pushes[q]);
                x[q] += static_cast<float>(dx);
                y[q] += static_cast<float>(dy);
                atRest[q] = std::hypot(dx, dy) < options.precision;
            }
        }
    }
};

void requireFitting(const Points& points, const Points& places, const PlacementOptions& options)
{
    if (places.dimension != 2 || places.count() != points.count()) {
        throw Error(Error::Kind::InvalidArgument,
                    "placement: found " + groupedText(places.count()) + " places of " + std::to_string(places.dimension) +
                        " dimensions, expected two of each of the " + groupedText(points.count()) + " points");
    }
    if (options.perplexities.empty()) throw Error(Error::Kind::InvalidArgument, "placement: found no perplexity, expected one");
    for (const double perplexity : options.perplexities) {
        if (!(perplexity >= 1) || neighboursFor(perplexity) > points.count()) {
            throw Error(Error::Kind::InvalidArgument, "placement: found the perplexity " + numberText(perplexity) +
                                                          ", expected 1 to a third of the " + groupedText(points.count()) +
                                                          " points");
        }
    }
}

} // namespace

std::optional<Points> placeAmong(const Points& points, const Points& places, const Points& added, const PlacementOptions& options,
                                 WorkerPool& pool, const WorkProgress& progress)
{
    requireFitting(points, places, options);
    const double widest = *std::max_element(options.perplexities.begin(), options.perplexities.end());
    const auto table =
        nearestAmong(points, added, neighboursFor(widest), pool, [&](double done) { return progress(0.1 * done); });
    if (!table) return std::nullopt;
    const Still still(places);
    const auto neighbours = static_cast<std::size_t>(table->neighbours);
    Points found{2, std::vector<float>(2 * static_cast<std::size_t>(added.count()))};
    const int tiles = (added.count() + kQueries - 1) / kQueries;
    std::vector<Tile> workers(static_cast<std::size_t>(pool.threads()));
    std::atomic<int> done{0};
    std::atomic<bool> ended{false};
    pool.run(tiles, [&](int worker, int number) {
        if (ended) return;
        Tile& tile = workers[static_cast<std::size_t>(worker)];
        const int first = number * kQueries;
        const int count = std::min(kQueries, added.count() - first);
        for (int q = 0; q < kQueries; ++q) {
            const auto to = static_cast<std::size_t>(q);
            const int row = first + std::min(q, count - 1);
            Pulls& pulls = tile.pulls[to];
            pulls.take({table->row(row), neighbours}, {table->distance(row), neighbours}, options.perplexities, places);
            const std::size_t best = pulls.best();
            tile.x[to] = static_cast<float>(pulls.x[best]);
            tile.y[to] = static_cast<float>(pulls.y[best]);
            tile.atRest[to] = q >= count;
        }
        tile.settle(still, options);
        for (int q = 0; q < count; ++q) {
            const auto from = static_cast<std::size_t>(q);
            const auto to = 2 * static_cast<std::size_t>(first + q);
            found.values[to] = tile.x[from];
            found.values[to + 1] = tile.y[from];
        }
        if (!progress(0.1 + 0.9 * static_cast<double>(++done) / tiles)) ended = true;
    });
    if (ended) return std::nullopt;
    return found;
}

} // namespace latentoscope
