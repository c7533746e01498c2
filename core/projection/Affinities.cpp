#include "core/projection/Affinities.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"

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
        std::vector<double> mean(neighbours);
        for (int row = piece * kRows; row < std::min(table.count(), (piece + 1) * kRows); ++row) {
            meanKernel({table.distance(row), neighbours}, perplexities, mean);
            float* to = values.data() + static_cast<std::size_t>(row) * neighbours;
            for (std::size_t k = 0; k < neighbours; ++k) to[k] = static_cast<float>(mean[k]);
        }
        if (!progress(static_cast<double>(++done) / pieces)) ended = true;
    });
    if (ended) return std::nullopt;
    return values;
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

void meanKernel(std::span<const double> distances, std::span<const double> perplexities, std::span<double> mean)
{
    std::vector<double> kernel(mean.size());
    std::fill(mean.begin(), mean.end(), 0);
    for (const double perplexity : perplexities) {
        const auto used = static_cast<std::size_t>(neighboursFor(perplexity));
        calibratedKernel(distances.first(used), perplexity, {kernel.data(), used});
        for (std::size_t k = 0; k < used; ++k) mean[k] += kernel[k];
    }
    for (double& value : mean) value /= static_cast<double>(perplexities.size());
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
    return symmetrised(
        neighbours, *values, [](float own, float others) { return own + others; },
        1 / (2 * static_cast<float>(neighbours.count())), pool);
}

} // namespace latentoscope
