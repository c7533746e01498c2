#include "core/projection/Pca.h"

#include "core/base/Error.h"
#include "core/base/WorkerPool.h"
#include "core/models/ComputeThread.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <atomic>
#include <cmath>

namespace latentoscope {
namespace {

constexpr int kBlock = 2048; ///< points that are summed together; blocks are added in their order

/// The rows first … first + count less the mean.
at::Tensor centred(const Points& points, int first, int count, const std::vector<double>& mean)
{
    const at::Tensor x = at::empty({count, points.dimension}, at::kDouble);
    double* to = x.data_ptr<double>();
    for (int row = first; row < first + count; ++row)
        for (int d = 0; d < points.dimension; ++d)
            *to++ = static_cast<double>(points.row(row)[d]) - mean[static_cast<std::size_t>(d)];
    return x;
}

std::vector<double> meanOf(const Points& points)
{
    std::vector<double> mean(static_cast<std::size_t>(points.dimension));
    for (int row = 0; row < points.count(); ++row)
        for (std::size_t d = 0; d < mean.size(); ++d) mean[d] += static_cast<double>(points.row(row)[d]);
    for (double& value : mean) value /= points.count();
    return mean;
}

} // namespace

std::vector<double> Pca::explained() const
{
    std::vector<double> shares;
    for (const double value : variance) shares.push_back(totalVariance > 0 ? value / totalVariance : 0);
    return shares;
}

Points Pca::project(const Points& points) const
{
    if (points.dimension != dimension)
        throw Error(Error::Kind::InvalidArgument, "principal components: found points of " + std::to_string(points.dimension) +
                                                      " dimensions, expected " + std::to_string(dimension));
    Points projected{components, {}};
    projected.values.reserve(static_cast<std::size_t>(points.count()) * static_cast<std::size_t>(components));
    for (int row = 0; row < points.count(); ++row) {
        for (int c = 0; c < components; ++c) {
            const double* axis = axes.data() + static_cast<std::size_t>(c) * static_cast<std::size_t>(dimension);
            double sum = 0;
            for (int d = 0; d < dimension; ++d)
                sum += axis[d] * (static_cast<double>(points.row(row)[d]) - mean[static_cast<std::size_t>(d)]);
            projected.values.push_back(static_cast<float>(sum));
        }
    }
    return projected;
}

Points Pca::restore(const Points& projected) const
{
    if (projected.dimension != components)
        throw Error(Error::Kind::InvalidArgument, "principal components: found points of " + std::to_string(projected.dimension) +
                                                      " dimensions, expected " + std::to_string(components));
    Points points{dimension, {}};
    points.values.reserve(static_cast<std::size_t>(projected.count()) * static_cast<std::size_t>(dimension));
    for (int row = 0; row < projected.count(); ++row) {
        for (int d = 0; d < dimension; ++d) {
            double value = mean[static_cast<std::size_t>(d)];
            for (int c = 0; c < components; ++c)
                value += static_cast<double>(projected.row(row)[c]) * axes[static_cast<std::size_t>(c * dimension + d)];
            points.values.push_back(static_cast<float>(value));
        }
    }
    return points;
}

std::optional<Pca> principalComponents(const Points& points, int components, WorkerPool& pool, const WorkProgress& progress)
{
    if (points.count() == 0) throw Error(Error::Kind::InvalidArgument, "principal components: found no points");
    if (components < 1 || components > points.dimension)
        throw Error(Error::Kind::InvalidArgument, "principal components: found " + std::to_string(components) +
                                                      ", expected 1 to " + std::to_string(points.dimension) +
                                                      ", the points' dimensions");
    Pca pca{points.dimension, components, meanOf(points), {}, {}, 0};
    const int blocks = (points.count() + kBlock - 1) / kBlock;
    std::vector<at::Tensor> products(static_cast<std::size_t>(std::min(blocks, pool.threads())));
    at::Tensor covariance = at::zeros({points.dimension, points.dimension}, at::kDouble);
    std::atomic<bool> ended{false};
    const ComputeThread thread;
    // As many blocks at a time as there are threads: memory does not grow with the points, and the order of adding is fixed.
    for (int begin = 0; begin < blocks && !ended; begin += pool.threads()) {
        const int together = std::min(pool.threads(), blocks - begin);
        pool.run(together, [&](int, int piece) {
            const ComputeThread own;
            const c10::NoGradGuard noGrad;
            const int first = (begin + piece) * kBlock;
            const at::Tensor x = centred(points, first, std::min(kBlock, points.count() - first), pca.mean);
            products[static_cast<std::size_t>(piece)] = x.t().matmul(x);
        });
        for (int piece = 0; piece < together; ++piece) covariance.add_(products[static_cast<std::size_t>(piece)]);
        if (!progress(static_cast<double>(begin + together) / blocks)) ended = true;
    }
    if (ended) return std::nullopt;
    covariance.div_(std::max(1, points.count() - 1));
    const auto [values, vectors] = at::linalg_eigh(covariance); // ascending; a column an eigenvector
    const at::Tensor rows = vectors.t().contiguous();
    pca.totalVariance = covariance.diagonal().sum().item<double>();
    for (int c = 0; c < components; ++c) {
        const std::int64_t at = points.dimension - 1 - c;
        pca.variance.push_back(std::max(0.0, values[at].item<double>()));
        const double* axis = rows.data_ptr<double>() + at * points.dimension;
        const double* largest =
            std::max_element(axis, axis + points.dimension, [](double a, double b) { return std::abs(a) < std::abs(b); });
        const double sign = *largest < 0 ? -1 : 1;
        for (int d = 0; d < points.dimension; ++d) pca.axes.push_back(sign * axis[d]);
    }
    return pca;
}

} // namespace latentoscope
