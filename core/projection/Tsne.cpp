#include "core/projection/Tsne.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/projection/PlaneOrder.h"
#include "core/projection/kernels/ProjectionKernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

namespace latentoscope {
namespace {

constexpr int kRows = 256; ///< that a worker takes at a time
constexpr double kStartDeviation = 1e-4;
constexpr float kLeastGain = 0.01F;
/// When points are put into a new order: often while the picture forms.
constexpr std::array<int, 6> kReorderings{0, 60, 150, 300, 500, 750};
constexpr int kReorderEvery = 500; ///< afterwards

int piecesOf(int count) { return (count + kRows - 1) / kRows; }

/// Moves along one axis: gains grow where the direction stays and shrink where it turns.
float moved(float place, float gradient, float rate, float momentum, float& gain, float& speed)
{
    const bool turned = (gradient > 0) == (speed > 0);
    gain = std::max(kLeastGain, turned ? gain * 0.8F : gain + 0.2F);
    speed = momentum * speed - rate * gain * gradient;
    return place + speed;
}

bool reorderedAt(int iteration)
{
    const int last = kReorderings.back();
    if (iteration > last) return (iteration - last) % kReorderEvery == 0;
    return std::find(kReorderings.begin(), kReorderings.end(), iteration) != kReorderings.end();
}

TsneOptions withLearningRate(TsneOptions options, int count)
{
    if (options.learningRate <= 0) options.learningRate = std::max(50.0, count / 12.0);
    return options;
}

void requireCount(const Affinities& affinities, const Points& places)
{
    if (places.dimension == 2 && places.count() == affinities.count()) return;
    throw Error(Error::Kind::InvalidArgument, "t-SNE: found " + groupedText(places.count()) + " places of " +
                                                  std::to_string(places.dimension) + " dimensions, expected " +
                                                  groupedText(affinities.count()) + " of two");
}

/// A copy of (N, 2) values in another order.
std::vector<float> taken(const std::vector<float>& values, const std::vector<int>& order)
{
    std::vector<float> to(values.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto from = 2 * static_cast<std::size_t>(order[i]);
        to[2 * i] = values[from];
        to[2 * i + 1] = values[from + 1];
    }
    return to;
}

/// Rows and columns of a matrix in another order, rows filled up with zeros for the kernels. Within rows columns stay as they
/// come.
Affinities taken(const Affinities& from, const std::vector<int>& order, WorkerPool& pool)
{
    constexpr auto kMultiple = static_cast<std::int64_t>(kernels::kPairMultiple);
    const int count = from.count();
    std::vector<int> places(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) places[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
    Affinities to;
    // Without what filled rows up before, and what a smaller perplexity leaves of a table of many neighbours.
    to.begins.resize(order.size() + 1);
    pool.run(piecesOf(count), [&](int, int piece) {
        for (int row = piece * kRows; row < std::min(count, (piece + 1) * kRows); ++row) {
            const auto source = static_cast<std::size_t>(order[static_cast<std::size_t>(row)]);
            const auto length =
                std::count_if(from.values.begin() + from.begins[source], from.values.begin() + from.begins[source + 1],
                              [](float value) { return value > 0; });
            to.begins[static_cast<std::size_t>(row) + 1] = (length + kMultiple - 1) / kMultiple * kMultiple;
        }
    });
    for (std::size_t i = 0; i < order.size(); ++i) to.begins[i + 1] += to.begins[i];
    to.columns.resize(static_cast<std::size_t>(to.begins.back()));
    to.values.resize(to.columns.size());
    pool.run(piecesOf(count), [&](int, int piece) {
        for (int row = piece * kRows; row < std::min(count, (piece + 1) * kRows); ++row) {
            const auto i = static_cast<std::size_t>(row);
            auto at = static_cast<std::size_t>(to.begins[i]);
            const auto source = static_cast<std::size_t>(order[i]);
            for (auto k = static_cast<std::size_t>(from.begins[source]); k < static_cast<std::size_t>(from.begins[source + 1]);
                 ++k) {
                if (!(from.values[k] > 0)) continue;
                to.columns[at] = places[static_cast<std::size_t>(from.columns[k])];
                to.values[at++] = from.values[k];
            }
            for (; at < static_cast<std::size_t>(to.begins[i + 1]); ++at) {
                to.columns[at] = row;
                to.values[at] = 0;
            }
        }
    });
    return to;
}

} // namespace

Points tsneStart(const Points& points, WorkerPool& pool)
{
    const int components = std::min(2, points.dimension);
    const auto pca = principalComponents(points, components, pool);
    const Points projected = pca->project(points);
    const double deviation = std::sqrt(pca->variance.front());
    const auto scale = static_cast<float>(deviation > 0 ? kStartDeviation / deviation : 0);
    Points start{2, {}};
    start.values.reserve(2 * static_cast<std::size_t>(points.count()));
    for (int row = 0; row < points.count(); ++row) {
        start.values.push_back(scale * projected.row(row)[0]);
        start.values.push_back(components > 1 ? scale * projected.row(row)[1] : 0);
    }
    return start;
}

Tsne::Tsne(Affinities affinities, const Points& start, const TsneOptions& options, WorkerPool& pool)
    : m_affinities(std::move(affinities)),
      m_options(withLearningRate(options, start.count())),
      m_pool(pool),
      m_count(start.count()),
      m_places(start.values),
      m_repulsion(options.repulsion, pool)
{
    requireCount(m_affinities, start);
    requireFinite(start, "t-SNE's start");
    m_rows.resize(static_cast<std::size_t>(m_count));
    std::iota(m_rows.begin(), m_rows.end(), 0);
    m_next.resize(m_places.size());
    rest();
    reorder();
}

void Tsne::setOptions(const TsneOptions& options) { m_options = withLearningRate(options, m_count); }

void Tsne::setAffinities(Affinities affinities)
{
    Points now = places();
    requireCount(affinities, now);
    m_affinities = std::move(affinities);
    m_places = std::move(now.values);
    std::iota(m_rows.begin(), m_rows.end(), 0);
    rest();
    reorder();
}

void Tsne::rest()
{
    m_speeds.assign(m_places.size(), 0);
    m_gains.assign(m_places.size(), 1);
}

void Tsne::reorder()
{
    const std::vector<int> order = planeOrder(m_places);
    m_affinities = taken(m_affinities, order, m_pool);
    m_places = taken(m_places, order);
    m_speeds = taken(m_speeds, order);
    m_gains = taken(m_gains, order);
    std::vector<int> rows(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) rows[i] = m_rows[static_cast<std::size_t>(order[i])];
    m_rows = std::move(rows);
}

void Tsne::gradientOf(int first, int end, double exaggeration, double weight, const std::vector<float>& pushes, float* into) const
{
    const kernels::SparseRows rows{m_affinities.begins.data(), m_affinities.columns.data(), m_affinities.values.data()};
    kernels::bestProjection().attract(m_places.data(), rows, first, end, into);
    const auto pull = static_cast<float>(exaggeration);
    const auto push = static_cast<float>(1 / weight);
    const float* from = pushes.data() + 2 * static_cast<std::ptrdiff_t>(first);
    for (std::ptrdiff_t i = 0; i < 2 * static_cast<std::ptrdiff_t>(end - first); ++i) into[i] = pull * into[i] - push * from[i];
}

TsneGradient Tsne::gradient(double exaggeration) const
{
    Repulsion repulsion(m_options.repulsion, m_pool);
    std::vector<float> pushes;
    TsneGradient gradient;
    gradient.weight = repulsion.push(m_places, pushes);
    std::vector<float> found(m_places.size());
    m_pool.run(piecesOf(m_count), [&](int, int piece) {
        const int first = piece * kRows;
        gradientOf(first, std::min(m_count, first + kRows), exaggeration, gradient.weight, pushes,
                   found.data() + 2 * static_cast<std::ptrdiff_t>(first));
    });
    gradient.values.resize(found.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const auto row = 2 * static_cast<std::size_t>(m_rows[i]);
        gradient.values[row] = found[2 * i];
        gradient.values[row + 1] = found[2 * i + 1];
    }
    return gradient;
}

void Tsne::iterate()
{
    if (m_iteration > 0 && reorderedAt(m_iteration)) reorder();
    const bool early = m_iteration < m_options.earlyIterations;
    const double exaggeration = early ? m_options.exaggeration : m_options.lateExaggeration;
    const auto rate = static_cast<float>(4 * m_options.learningRate); // the factor that the gradient is without
    const auto momentum = static_cast<float>(early ? m_options.earlyMomentum : m_options.momentum);
    const double weight = m_repulsion.push(m_places, m_pushes);
    std::vector<std::array<double, 2>> sums(static_cast<std::size_t>(piecesOf(m_count)));
    m_pool.run(piecesOf(m_count), [&](int, int piece) {
        const int first = piece * kRows;
        const int end = std::min(m_count, first + kRows);
        std::array<float, std::size_t{2} * kRows> found;
        gradientOf(first, end, exaggeration, weight, m_pushes, found.data());
        std::array<double, 2> sum{};
        for (std::size_t i = 0; i < 2 * static_cast<std::size_t>(end - first); ++i) {
            const std::size_t at = 2 * static_cast<std::size_t>(first) + i;
            m_next[at] = moved(m_places[at], found[i], rate, momentum, m_gains[at], m_speeds[at]);
            sum[i % 2] += static_cast<double>(m_next[at]);
        }
        sums[static_cast<std::size_t>(piece)] = sum;
    });
    std::array<double, 2> sum{};
    for (const auto& part : sums) {
        sum[0] += part[0];
        sum[1] += part[1];
    }
    if (!std::isfinite(sum[0] + sum[1])) {
        throw Error(Error::Kind::InvalidArgument, "t-SNE: the picture ran away to infinity in iteration " +
                                                      std::to_string(m_iteration + 1) + "; give a lower learning rate");
    }
    const std::array<float, 2> mean{static_cast<float>(sum[0] / m_count), static_cast<float>(sum[1] / m_count)};
    m_pool.run(piecesOf(m_count), [&](int, int piece) {
        const std::size_t first = 2 * static_cast<std::size_t>(piece) * kRows;
        for (std::size_t i = first; i < std::min(m_next.size(), first + std::size_t{2} * kRows); i += 2) {
            m_places[i] = m_next[i] - mean[0];
            m_places[i + 1] = m_next[i + 1] - mean[1];
        }
    });
    ++m_iteration;
}

Points Tsne::places() const
{
    Points places{2, std::vector<float>(m_places.size())};
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const auto row = 2 * static_cast<std::size_t>(m_rows[i]);
        places.values[row] = m_places[2 * i];
        places.values[row + 1] = m_places[2 * i + 1];
    }
    return places;
}

double Tsne::klDivergence(RepulsionMethod method) const
{
    RepulsionSettings settings = m_options.repulsion;
    settings.method = method;
    std::vector<float> pushes;
    const double weight = Repulsion(settings, m_pool).push(m_places, pushes);
    std::vector<double> rows(static_cast<std::size_t>(m_count));
    m_pool.run(piecesOf(m_count), [&](int, int piece) {
        for (int row = piece * kRows; row < std::min(m_count, (piece + 1) * kRows); ++row) {
            const auto i = static_cast<std::size_t>(row);
            double sum = 0;
            for (auto at = static_cast<std::size_t>(m_affinities.begins[i]);
                 at < static_cast<std::size_t>(m_affinities.begins[i + 1]); ++at) {
                const auto p = static_cast<double>(m_affinities.values[at]);
                if (!(p > 0)) continue;
                const float* other = m_places.data() + 2 * static_cast<std::ptrdiff_t>(m_affinities.columns[at]);
                sum += p * std::log(p * weight * (1 + squaredDistance(m_places.data() + 2 * i, other, 2)));
            }
            rows[i] = sum;
        }
    });
    double kl = 0;
    for (const double row : rows) kl += row;
    return kl;
}

} // namespace latentoscope
