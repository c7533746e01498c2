#include "core/projection/FuzzySet.h"

#include "core/base/WorkerPool.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

namespace latentoscope {
namespace {

constexpr int kRows = 64; ///< that a worker takes at a time
constexpr int kMostSteps = 64;
constexpr double kTolerance = 1e-5;
constexpr double kLeastScale = 1e-3; ///< of σ, in mean distances

double sumOf(std::span<const double> distances, double nearest, double sigma)
{
    double sum = 0;
    for (const double distance : distances) sum += distance > nearest ? std::exp(-(distance - nearest) / sigma) : 1;
    return sum;
}

double bandwidth(std::span<const double> distances, double nearest)
{
    const double wanted = std::log2(static_cast<double>(distances.size()) + 1);
    double low = 0;
    double high = std::numeric_limits<double>::infinity();
    double sigma = 1;
    for (int step = 0; step < kMostSteps; ++step) {
        const double sum = sumOf(distances, nearest, sigma);
        if (std::abs(sum - wanted) < kTolerance) break;
        (sum > wanted ? high : low) = sigma;
        sigma = std::isinf(high) ? 2 * sigma : (low + high) / 2;
    }
    return sigma;
}

} // namespace

void fuzzyMemberships(std::span<const double> distances, double meanDistance, std::span<double> memberships)
{
    const auto first = std::find_if(distances.begin(), distances.end(), [](double distance) { return distance > 0; });
    const double nearest = first == distances.end() ? 0 : *first;
    double own = 0;
    for (const double distance : distances) own += distance;
    own /= static_cast<double>(distances.size()) + 1; // with itself, as the mean of all is
    const double least = kLeastScale * (nearest > 0 ? own : meanDistance);
    const double sigma = std::max(bandwidth(distances, nearest), least);
    for (std::size_t k = 0; k < distances.size(); ++k) {
        const double beyond = distances[k] - nearest;
        memberships[k] = beyond > 0 && sigma > 0 ? std::exp(-beyond / sigma) : 1;
    }
}

std::optional<Affinities> fuzzyUnion(const NeighbourTable& neighbours, WorkerPool& pool, const WorkProgress& progress)
{
    const int count = neighbours.count();
    const auto width = static_cast<std::size_t>(neighbours.neighbours);
    double mean = 0;
    for (const double squared : neighbours.distances) mean += std::sqrt(squared);
    mean /= static_cast<double>(count) * static_cast<double>(width + 1);
    std::vector<float> values(neighbours.distances.size());
    std::atomic<int> done{0};
    std::atomic<bool> ended{false};
    const int pieces = (count + kRows - 1) / kRows;
    pool.run(pieces, [&](int, int piece) {
        if (ended) return;
        std::vector<double> distances(width), memberships(width);
        for (int row = piece * kRows; row < std::min(count, (piece + 1) * kRows); ++row) {
            const std::size_t begin = static_cast<std::size_t>(row) * width;
            for (std::size_t k = 0; k < width; ++k) distances[k] = std::sqrt(neighbours.distances[begin + k]);
            fuzzyMemberships(distances, mean, memberships);
            for (std::size_t k = 0; k < width; ++k) values[begin + k] = static_cast<float>(memberships[k]);
        }
        if (!progress(static_cast<double>(++done) / pieces)) ended = true;
    });
    if (ended) return std::nullopt;
    return symmetrised(
        neighbours, values, [](float own, float others) { return own + others - own * others; }, 1, pool);
}

} // namespace latentoscope
