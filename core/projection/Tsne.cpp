#include "core/projection/Tsne.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/projection/kernels/ProjectionKernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace latentoscope {
namespace {

using kernels::kQueries;
using kernels::Push;

constexpr int kRows = 64; ///< that a worker takes at a time
constexpr double kStartDeviation = 1e-4;
constexpr float kLeastGain = 0.01F;

int piecesOf(int count) { return (count + kRows - 1) / kRows; }

/// Moves along one axis: gains grow where the direction stays and shrink where it turns.
void move(double gradient, float rate, float momentum, float& gain, float& speed, float& place)
{
    const bool turned = (gradient > 0) == (speed > 0);
    gain = std::max(kLeastGain, turned ? gain * 0.8F : gain + 0.2F);
    speed = momentum * speed - rate * gain * static_cast<float>(gradient);
    place += speed;
}

void recentre(std::vector<float>& places, int count)
{
    double sum = 0;
    for (int i = 0; i < count; ++i) sum += static_cast<double>(places[static_cast<std::size_t>(i)]);
    const auto mean = static_cast<float>(sum / count);
    for (int i = 0; i < count; ++i) places[static_cast<std::size_t>(i)] -= mean;
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
    : m_affinities(std::move(affinities)), m_options(options), m_pool(pool), m_count(start.count())
{
    if (start.dimension != 2 || m_count != m_affinities.count()) {
        throw Error(Error::Kind::InvalidArgument, "t-SNE: found " + groupedText(m_count) + " places of " +
                                                      std::to_string(start.dimension) + " dimensions to begin with, expected " +
                                                      groupedText(m_affinities.count()) + " of two");
    }
    if (m_options.learningRate <= 0) m_options.learningRate = std::max(50.0, m_count / 12.0);
    const auto padded =
        static_cast<std::size_t>((m_count + kernels::kColumnMultiple - 1) / kernels::kColumnMultiple * kernels::kColumnMultiple);
    const auto count = static_cast<std::size_t>(m_count);
    // Not infinity, whose difference with itself is no number; the square of this is infinite.
    constexpr float kFar = 1e30F;
    m_x.assign(padded, kFar);
    m_y.assign(padded, kFar);
    for (std::size_t i = 0; i < count; ++i) {
        m_x[i] = start.values[2 * i];
        m_y[i] = start.values[2 * i + 1];
    }
    m_speedX.assign(count, 0);
    m_speedY.assign(count, 0);
    m_gainX.assign(count, 1);
    m_gainY.assign(count, 1);
}

TsneGradient Tsne::repulsion() const
{
    TsneGradient into;
    into.x.resize(static_cast<std::size_t>(m_count));
    into.y.resize(static_cast<std::size_t>(m_count));
    std::vector<double> weights(static_cast<std::size_t>(m_count));
    m_pool.run(piecesOf(m_count), [&](int, int piece) {
        for (int first = piece * kRows; first < std::min(m_count, (piece + 1) * kRows); first += kQueries) {
            std::array<Push, kQueries> pushes;
            const auto at = static_cast<std::size_t>(first); // beyond the last point there is padding
            kernels::bestProjection().repel(m_x.data(), m_y.data(), static_cast<std::int64_t>(m_x.size()), m_x.data() + at,
                                            m_y.data() + at, pushes.data());
            for (int p = 0; p < std::min(kQueries, m_count - first); ++p) {
                const Push& push = pushes[static_cast<std::size_t>(p)];
                into.x[at + static_cast<std::size_t>(p)] = push.x;
                into.y[at + static_cast<std::size_t>(p)] = push.y;
                weights[at + static_cast<std::size_t>(p)] = push.weight - 1; // itself
            }
        }
    });
    for (const double weight : weights) into.weight += weight;
    return into;
}

void Tsne::attract(double exaggeration, TsneGradient& into) const
{
    m_pool.run(piecesOf(m_count), [&](int, int piece) {
        for (int row = piece * kRows; row < std::min(m_count, (piece + 1) * kRows); ++row) {
            const auto i = static_cast<std::size_t>(row);
            float pullX = 0;
            float pullY = 0;
            for (auto at = static_cast<std::size_t>(m_affinities.begins[i]);
                 at < static_cast<std::size_t>(m_affinities.begins[i + 1]); ++at) {
                const auto j = static_cast<std::size_t>(m_affinities.columns[at]);
                const float dx = m_x[i] - m_x[j];
                const float dy = m_y[i] - m_y[j];
                const float pull = m_affinities.values[at] / (1 + dx * dx + dy * dy);
                pullX += pull * dx;
                pullY += pull * dy;
            }
            into.x[i] = exaggeration * static_cast<double>(pullX) - into.x[i] / into.weight;
            into.y[i] = exaggeration * static_cast<double>(pullY) - into.y[i] / into.weight;
        }
    });
}

TsneGradient Tsne::gradient(double exaggeration) const
{
    TsneGradient gradient = repulsion();
    attract(exaggeration, gradient);
    return gradient;
}

void Tsne::iterate()
{
    const bool early = m_iteration < m_options.earlyIterations;
    const TsneGradient found = gradient(early ? m_options.exaggeration : m_options.lateExaggeration);
    const auto rate = static_cast<float>(4 * m_options.learningRate); // the factor that gradient() leaves out
    const auto momentum = static_cast<float>(early ? m_options.earlyMomentum : m_options.momentum);
    for (std::size_t i = 0; i < static_cast<std::size_t>(m_count); ++i) {
        move(found.x[i], rate, momentum, m_gainX[i], m_speedX[i], m_x[i]);
        move(found.y[i], rate, momentum, m_gainY[i], m_speedY[i], m_y[i]);
    }
    recentre(m_x, m_count);
    recentre(m_y, m_count);
    ++m_iteration;
}

Points Tsne::places() const
{
    Points places{2, {}};
    places.values.reserve(2 * static_cast<std::size_t>(m_count));
    for (std::size_t i = 0; i < static_cast<std::size_t>(m_count); ++i) {
        places.values.push_back(m_x[i]);
        places.values.push_back(m_y[i]);
    }
    return places;
}

double Tsne::klDivergence() const
{
    const double weight = repulsion().weight;
    std::vector<double> rows(static_cast<std::size_t>(m_count));
    m_pool.run(piecesOf(m_count), [&](int, int piece) {
        for (int row = piece * kRows; row < std::min(m_count, (piece + 1) * kRows); ++row) {
            const auto i = static_cast<std::size_t>(row);
            double sum = 0;
            for (auto at = static_cast<std::size_t>(m_affinities.begins[i]);
                 at < static_cast<std::size_t>(m_affinities.begins[i + 1]); ++at) {
                const auto p = static_cast<double>(m_affinities.values[at]);
                if (!(p > 0)) continue;
                const auto j = static_cast<std::size_t>(m_affinities.columns[at]);
                const double dx = static_cast<double>(m_x[i]) - static_cast<double>(m_x[j]);
                const double dy = static_cast<double>(m_y[i]) - static_cast<double>(m_y[j]);
                sum += p * std::log(p * weight * (1 + dx * dx + dy * dy));
            }
            rows[i] = sum;
        }
    });
    double kl = 0;
    for (const double row : rows) kl += row;
    return kl;
}

} // namespace latentoscope
