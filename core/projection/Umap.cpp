#include "core/projection/Umap.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/projection/Pca.h"
#include "core/projection/kernels/ProjectionKernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace latentoscope {
namespace {

/// Points whose number leaves the same rest move at the same time, and see each other where they were before.
constexpr std::size_t kRounds = 4;
constexpr std::size_t kPiece = 64; ///< points of a round that a worker takes at a time
constexpr float kLargestMove = 4;  ///< of one gradient along an axis
constexpr double kStartWidth = 10;
constexpr int kFewPoints = 10'000;

void require(bool holds, const std::string& field, const std::string& found, const std::string& expected)
{
    if (!holds) throw Error(Error::Kind::InvalidArgument, "UMAP: " + field + ": found " + found + ", expected " + expected);
}

} // namespace

UmapCurve umapCurve(double minimumDistance, double spread)
{
    constexpr int kSamples = 300;
    constexpr int kMostSteps = 200;
    const auto wanted = [&](double d) { return d < minimumDistance ? 1 : std::exp(-(d - minimumDistance) / spread); };
    const auto at = [&](int i) { return 3 * spread * i / (kSamples - 1); };
    const auto error = [&](const UmapCurve& curve) {
        double sum = 0;
        for (int i = 0; i < kSamples; ++i) sum += std::pow(1 / (1 + curve.a * std::pow(at(i), 2 * curve.b)) - wanted(at(i)), 2);
        return sum;
    };
    UmapCurve curve;
    double damping = 1e-3; // Levenberg and Marquardt's
    for (int step = 0; step < kMostSteps; ++step) {
        double aa = 0, ab = 0, bb = 0, ga = 0, gb = 0;
        for (int i = 1; i < kSamples; ++i) { // at 0 the curve is 1 whatever a and b are
            const double raised = std::pow(at(i), 2 * curve.b);
            const double value = 1 / (1 + curve.a * raised);
            const double slopeA = -raised * value * value;
            const double slopeB = -2 * curve.a * std::log(at(i)) * raised * value * value;
            const double rest = value - wanted(at(i));
            aa += slopeA * slopeA;
            ab += slopeA * slopeB;
            bb += slopeB * slopeB;
            ga += slopeA * rest;
            gb += slopeB * rest;
        }
        const double p = aa * (1 + damping), q = bb * (1 + damping), determinant = p * q - ab * ab;
        const UmapCurve next{curve.a - (q * ga - ab * gb) / determinant, curve.b - (p * gb - ab * ga) / determinant};
        if (next.a > 0 && next.b > 0 && error(next) <= error(curve)) {
            const bool settled = std::abs(next.a - curve.a) + std::abs(next.b - curve.b) < 1e-12;
            curve = next;
            damping /= 10;
            if (settled) break;
        } else {
            damping *= 10;
        }
    }
    return curve;
}

Points umapStart(const Points& points, WorkerPool& pool)
{
    const int components = std::min(2, points.dimension);
    const Points projected = principalComponents(points, components, pool)->project(points);
    std::array<float, 2> low{projected.values[0], 0}, high = low;
    if (components > 1) low[1] = high[1] = projected.values[1];
    for (int row = 0; row < projected.count(); ++row) {
        for (std::size_t d = 0; d < static_cast<std::size_t>(components); ++d) {
            low[d] = std::min(low[d], projected.row(row)[d]);
            high[d] = std::max(high[d], projected.row(row)[d]);
        }
    }
    const double width = std::max(static_cast<double>(high[0]) - static_cast<double>(low[0]),
                                  static_cast<double>(high[1]) - static_cast<double>(low[1]));
    const double scale = width > 0 ? kStartWidth / width : 0;
    Points start{2, {}};
    start.values.reserve(2 * static_cast<std::size_t>(points.count()));
    for (int row = 0; row < projected.count(); ++row) {
        start.values.push_back(static_cast<float>(scale * static_cast<double>(projected.row(row)[0])));
        start.values.push_back(components > 1 ? static_cast<float>(scale * static_cast<double>(projected.row(row)[1])) : 0);
    }
    return start;
}

Umap::Umap(const Affinities& graph, const Points& start, const UmapOptions& options, WorkerPool& pool)
    : m_options(options), m_pool(pool), m_count(static_cast<std::size_t>(graph.count())), m_places(start.values)
{
    require(start.dimension == 2 && start.count() == graph.count(), "start",
            groupedText(start.count()) + " places of " + std::to_string(start.dimension) + " dimensions",
            groupedText(graph.count()) + " of two");
    require(options.minimumDistance >= 0 && options.minimumDistance <= options.spread && options.spread > 0, "minimum distance",
            numberText(options.minimumDistance) + " with a spread of " + numberText(options.spread),
            "0 to the spread, and a spread above 0");
    require(options.learningRate > 0, "learning rate", numberText(options.learningRate), "a number above 0");
    require(options.negatives >= 0, "negatives", std::to_string(options.negatives), "0 or more");
    requireFinite(start, "UMAP's start");
    m_curve = umapCurve(options.minimumDistance, options.spread);
    m_epochs = options.epochs > 0 ? options.epochs : (graph.count() <= kFewPoints ? 500 : 200);
    const float largest = graph.values.empty() ? 0 : *std::max_element(graph.values.begin(), graph.values.end());
    const float least = largest / static_cast<float>(m_epochs); // less is never visited
    m_begins.assign(m_count + 1, 0);
    for (std::size_t i = 0; i < m_count; ++i) {
        for (auto at = static_cast<std::size_t>(graph.begins[i]); at < static_cast<std::size_t>(graph.begins[i + 1]); ++at) {
            if (graph.values[at] < least || !(graph.values[at] > 0)) continue;
            m_others.push_back(graph.columns[at]);
            m_periods.push_back(largest / graph.values[at]);
        }
        m_begins[i + 1] = static_cast<std::int64_t>(m_others.size());
    }
    m_due = m_periods;
    m_next = m_places;
    m_random.resize(m_count);
    for (std::size_t i = 0; i < m_count; ++i) {
        RandomStream random(options.seed, RandomPurpose::Embedding, static_cast<std::uint32_t>(i));
        m_random[i] = static_cast<std::uint64_t>(random.next()) << 32 | random.next() | 1U; // never 0
    }
}

void Umap::movePoint(std::size_t point, float rate, std::vector<int>& visited)
{
    visited.clear();
    const auto now = static_cast<float>(m_epoch + 1);
    for (auto edge = static_cast<std::size_t>(m_begins[point]); edge < static_cast<std::size_t>(m_begins[point + 1]); ++edge) {
        if (m_due[edge] > now) continue;
        m_due[edge] += m_periods[edge];
        visited.push_back(m_others[edge]);
    }
    float* place = m_next.data() + 2 * static_cast<std::ptrdiff_t>(point);
    std::copy_n(m_places.data() + 2 * static_cast<std::ptrdiff_t>(point), 2, place);
    const kernels::UmapForces forces{static_cast<float>(m_curve.a), static_cast<float>(m_curve.b), rate, kLargestMove,
                                     m_options.negatives};
    kernels::bestProjection().embedPoint(forces, m_places.data(), static_cast<std::int64_t>(m_count), visited.data(),
                                         static_cast<std::int64_t>(visited.size()), &m_random[point], place);
}

void Umap::iterate()
{
    const auto rate = static_cast<float>(m_options.learningRate * (1 - static_cast<double>(m_epoch) / m_epochs));
    for (std::size_t round = 0; round < kRounds; ++round) {
        const std::size_t points = (m_count + kRounds - 1 - round) / kRounds;
        const auto pieces = static_cast<int>((points + kPiece - 1) / kPiece);
        const auto each = [&](int piece, const auto& work) {
            const std::size_t first = static_cast<std::size_t>(piece) * kPiece;
            for (std::size_t i = first; i < std::min(points, first + kPiece); ++i) work(i * kRounds + round);
        };
        m_pool.run(pieces, [&](int, int piece) {
            std::vector<int> visited;
            each(piece, [&](std::size_t point) { movePoint(point, rate, visited); });
        });
        m_pool.run(pieces, [&](int, int piece) {
            each(piece, [&](std::size_t point) {
                m_places[2 * point] = m_next[2 * point];
                m_places[2 * point + 1] = m_next[2 * point + 1];
            });
        });
    }
    ++m_epoch;
}

} // namespace latentoscope
