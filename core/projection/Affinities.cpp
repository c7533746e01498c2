#include "core/projection/Affinities.h"

#include "core/base/Error.h"
#include "core/base/Text.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <utility>

namespace latentoscope {
namespace {

constexpr int kRows = 256;          ///< that a worker takes at a time
constexpr double kTolerance = 1e-6; ///< of the entropy in nats
constexpr int kMostSteps = 200;

/// Fills in e^(-beta (d - d0)) over its sum; returns the entropy in nats.
double kernelOf(std::span<const double> distances, double beta, std::span<double> kernel)
{
    double sum = 0;
    double weighted = 0;
    for (std::size_t k = 0; k < distances.size(); ++k) {
        const double further = distances[k] - distances.front();
        kernel[k] = std::exp(-beta * further);
        sum += kernel[k];
        weighted += further * kernel[k];
    }
    for (double& value : kernel) value /= sum;
    return std::log(sum) + beta * weighted / sum;
}

/// What the rows of a table become: values beside its neighbours.
std::optional<std::vector<float>> conditional(const NeighbourTable& table, std::span<const double> perplexities, WorkerPool& pool,
                                              const WorkProgress& progress)
{
    const auto neighbours = static_cast<std::size_t>(table.neighbours);
    std::vector<float> values(table.rows.size(), 0);
    const int pieces = (table.count() + kRows - 1) / kRows;
    std::atomic<int> done{0};
    std::atomic<bool> ended{false};
    pool.run(pieces, [&](int, int piece) {
        if (ended) return;
        std::vector<double> kernel(neighbours);
        std::vector<double> sum(neighbours);
        for (int row = piece * kRows; row < std::min(table.count(), (piece + 1) * kRows); ++row) {
            std::fill(sum.begin(), sum.end(), 0);
            for (const double perplexity : perplexities) {
                const auto used = static_cast<std::size_t>(neighboursFor(perplexity));
                calibratedKernel({table.distance(row), used}, perplexity, {kernel.data(), used});
                for (std::size_t k = 0; k < used; ++k) sum[k] += kernel[k];
            }
            float* to = values.data() + static_cast<std::size_t>(row) * neighbours;
            for (std::size_t k = 0; k < neighbours; ++k)
                to[k] = static_cast<float>(sum[k] / static_cast<double>(perplexities.size()));
        }
        if (!progress(static_cast<double>(++done) / pieces)) ended = true;
    });
    if (ended) return std::nullopt;
    return values;
}

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

/// One row of P: those that a point sees and those that see it, added where they are the same.
void mergeRow(const NeighbourTable& table, const std::vector<float>& values, const Incoming& incoming, int row,
              std::vector<std::pair<int, float>>& merged)
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
            merged[kept - 1].second += value; // at most two of a column: their order does not matter
        else
            merged[kept++] = {column, value};
    }
    merged.resize(kept);
}

} // namespace

int neighboursFor(double perplexity) { return static_cast<int>(std::ceil(3 * perplexity)); }

double calibratedKernel(std::span<const double> distances, double perplexity, std::span<double> kernel)
{
    const double wanted = std::log(perplexity);
    double mean = 0;
    for (const double distance : distances) mean += distance - distances.front();
    mean /= static_cast<double>(distances.size());
    if (!(mean > 0)) { // all equally far
        std::fill(kernel.begin(), kernel.end(), 1 / static_cast<double>(distances.size()));
        return static_cast<double>(distances.size());
    }
    double low = 0;
    double high = std::numeric_limits<double>::infinity();
    double beta = 1 / mean;
    double entropy = kernelOf(distances, beta, kernel);
    for (int step = 0; step < kMostSteps && std::abs(entropy - wanted) > kTolerance; ++step) {
        (entropy > wanted ? low : high) = beta; // too wide, or too narrow
        const double next = std::isinf(high) ? 2 * beta : (low + high) / 2;
        if (next == beta || std::isinf(next)) break; // no width gives it: several are nearest, and equally so
        beta = next;
        entropy = kernelOf(distances, beta, kernel);
    }
    return std::exp(entropy);
}

std::optional<Affinities> jointAffinities(const NeighbourTable& neighbours, std::span<const double> perplexities,
                                          WorkerPool& pool, const WorkProgress& progress)
{
    if (perplexities.empty()) throw Error(Error::Kind::InvalidArgument, "perplexity: found none, expected at least one");
    for (const double perplexity : perplexities) {
        if (!(perplexity >= 1) || neighboursFor(perplexity) > neighbours.neighbours) {
            throw Error(Error::Kind::InvalidArgument, "perplexity: found " + numberText(perplexity) + ", expected 1 to " +
                                                          std::to_string(neighbours.neighbours / 3) + ", a third of the " +
                                                          std::to_string(neighbours.neighbours) + " neighbours of each point");
        }
    }
    const auto values = conditional(neighbours, perplexities, pool, progress);
    if (!values) return std::nullopt;
    const Incoming incoming = incomingOf(neighbours);
    const int count = neighbours.count();
    const int pieces = (count + kRows - 1) / kRows;
    std::vector<std::vector<std::pair<int, float>>> parts(static_cast<std::size_t>(pieces));
    Affinities affinities;
    affinities.begins.assign(static_cast<std::size_t>(count) + 1, 0);
    pool.run(pieces, [&](int, int piece) {
        std::vector<std::pair<int, float>> merged;
        for (int row = piece * kRows; row < std::min(count, (piece + 1) * kRows); ++row) {
            mergeRow(neighbours, *values, incoming, row, merged);
            affinities.begins[static_cast<std::size_t>(row) + 1] = static_cast<std::int64_t>(merged.size());
            parts[static_cast<std::size_t>(piece)].insert(parts[static_cast<std::size_t>(piece)].end(), merged.begin(),
                                                          merged.end());
        }
    });
    for (std::size_t row = 0; row < static_cast<std::size_t>(count); ++row) affinities.begins[row + 1] += affinities.begins[row];
    affinities.columns.resize(static_cast<std::size_t>(affinities.begins.back()));
    affinities.values.resize(affinities.columns.size());
    const float scale = 1 / (2 * static_cast<float>(count));
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
