#include "core/latent/Mixture.h"

#include "core/base/Error.h"
#include "core/models/ComputeThread.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace latentoscope {
namespace {

constexpr int kClusterings = 10; ///< rounds of k-means before the first maximisation: it only has to begin well
constexpr int kPatience = 2;     ///< components in turn that may bring nothing

at::Tensor toTensor(std::span<const float> codes, int dimension)
{
    const auto count = static_cast<std::int64_t>(codes.size()) / dimension;
    at::Tensor tensor = at::empty({count, dimension}, at::kDouble);
    std::copy(codes.begin(), codes.end(), tensor.data_ptr<double>());
    return tensor;
}

std::vector<double> toVector(const at::Tensor& tensor)
{
    const at::Tensor whole = tensor.contiguous();
    return {whole.data_ptr<double>(), whole.data_ptr<double>() + whole.numel()};
}

/// Squared distances (N, K).
at::Tensor squaredDistances(const at::Tensor& x, const at::Tensor& centres)
{
    return x.unsqueeze(1).sub(centres.unsqueeze(0)).square().sum(2);
}

/// k-means++: each further centre is a code, chosen in proportion to its squared distance from those there are.
at::Tensor firstCentres(const at::Tensor& x, int components, RandomStream& random)
{
    const auto count = static_cast<std::uint32_t>(x.size(0));
    std::vector<at::Tensor> centres{x[random.below(count)]};
    at::Tensor nearest = squaredDistances(x, centres[0].unsqueeze(0)).squeeze(1);
    while (static_cast<int>(centres.size()) < components) {
        const at::Tensor sums = nearest.cumsum(0);
        const double* sum = sums.data_ptr<double>();
        const double target = static_cast<double>(random.uniform()) * sum[count - 1];
        const auto chosen = std::upper_bound(sum, sum + count, target) - sum; // all codes alike: the last
        centres.push_back(x[std::min<std::int64_t>(chosen, count - 1)]);
        nearest = at::minimum(nearest, squaredDistances(x, centres.back().unsqueeze(0)).squeeze(1));
    }
    return at::stack(centres);
}

/// Which centre each code belongs to, as responsibilities (N, K) of 0 and 1.
at::Tensor clustered(const at::Tensor& x, int components, RandomStream& random)
{
    at::Tensor centres = firstCentres(x, components, random);
    at::Tensor own;
    for (int round = 0; round < kClusterings; ++round) {
        const at::Tensor index = squaredDistances(x, centres).argmin(1, true);
        own = at::zeros({x.size(0), components}, at::kDouble).scatter_(1, index, 1.0);
        const at::Tensor counts = own.sum(0).unsqueeze(1);
        // A cluster that has lost all its codes stays where it is.
        centres = at::where(counts.gt(0), own.t().matmul(x).div(counts.clamp_min(1)), centres);
    }
    return own;
}

struct Parameters {
    at::Tensor logWeights; ///< (K)
    at::Tensor means;      ///< (K, D)
    at::Tensor factors;    ///< (K, D, D)
};

Parameters maximised(const at::Tensor& x, const at::Tensor& responsibilities, double regularisation)
{
    constexpr double kLeast = 10 * 2.220446049250313e-16; // keeps an empty component from dividing by nothing
    const at::Tensor counts = responsibilities.sum(0).add(kLeast);
    const at::Tensor means = responsibilities.t().matmul(x).div(counts.unsqueeze(1));
    std::vector<at::Tensor> covariances;
    for (std::int64_t k = 0; k < means.size(0); ++k) {
        const at::Tensor centred = x.sub(means[k]);
        const at::Tensor weighted = centred.mul(responsibilities.select(1, k).unsqueeze(1));
        covariances.push_back(weighted.t().matmul(centred).div(counts[k]));
    }
    const at::Tensor identity = at::eye(x.size(1), at::kDouble).mul(regularisation);
    return {counts.div(counts.sum()).log(), means, at::linalg_cholesky(at::stack(covariances).add(identity))};
}

/// log of weight times density of each component at each code, (N, K).
at::Tensor logParts(const at::Tensor& x, const Parameters& p)
{
    const auto dimension = static_cast<double>(x.size(1));
    std::vector<at::Tensor> parts;
    for (std::int64_t k = 0; k < p.means.size(0); ++k) {
        const at::Tensor whitened = at::linalg_solve_triangular(p.factors[k], x.sub(p.means[k]).t(), false);
        const at::Tensor logDeterminant = p.factors[k].diagonal().log().sum();
        parts.push_back(whitened.square()
                            .sum(0)
                            .add(dimension * std::log(2 * std::numbers::pi))
                            .mul(-0.5)
                            .sub(logDeterminant)
                            .add(p.logWeights[k]));
    }
    return at::stack(parts, 1);
}

void check(std::span<const float> codes, int dimension, int components)
{
    const std::size_t count = codes.size() / static_cast<std::size_t>(dimension);
    if (components < 1 || count < static_cast<std::size_t>(components)) {
        throw Error(Error::Kind::InvalidArgument, "a mixture of " + std::to_string(components) + " components: found " +
                                                      std::to_string(count) + " codes, expected at least one a component");
    }
    if (std::all_of(codes.begin(), codes.end(), [](float value) { return std::isfinite(value); })) return;
    throw Error(Error::Kind::InvalidArgument, "a mixture: found a code that is not finite, expected numbers");
}

} // namespace

GaussianMixture fitMixture(std::span<const float> codes, int dimension, int components, const MixtureOptions& options)
{
    check(codes, dimension, components);
    const ComputeThread thread;
    const at::NoGradGuard noGrad;
    RandomStream random(options.seed, RandomPurpose::Mixture, static_cast<std::uint32_t>(components));
    const at::Tensor x = toTensor(codes, dimension);
    Parameters parameters = maximised(x, clustered(x, components, random), options.regularisation);
    GaussianMixture mixture;
    mixture.dimension = dimension;
    mixture.logLikelihood = -HUGE_VAL;
    while (mixture.iterations < options.iterations && !mixture.converged) {
        const at::Tensor parts = logParts(x, parameters);
        const at::Tensor all = parts.logsumexp(1, true);
        const double mean = all.mean().item<double>();
        mixture.converged = std::abs(mean - mixture.logLikelihood) < options.tolerance;
        mixture.logLikelihood = mean;
        parameters = maximised(x, parts.sub(all).exp(), options.regularisation);
        ++mixture.iterations;
    }
    mixture.logLikelihood = logParts(x, parameters).logsumexp(1).mean().item<double>(); // of what is given back
    mixture.weights = toVector(parameters.logWeights.exp());
    mixture.means = toVector(parameters.means);
    mixture.factors = toVector(parameters.factors);
    return mixture;
}

double bic(const GaussianMixture& mixture, std::size_t count)
{
    const double k = mixture.components();
    const double d = mixture.dimension;
    const double free = k * (d + d * (d + 1) / 2) + k - 1;
    return free * std::log(static_cast<double>(count)) - 2 * mixture.logLikelihood * static_cast<double>(count);
}

GaussianMixture bestMixture(std::span<const float> codes, int dimension, int most, const MixtureOptions& options)
{
    const std::size_t count = codes.size() / static_cast<std::size_t>(dimension);
    GaussianMixture best = fitMixture(codes, dimension, 1, options);
    double least = bic(best, count);
    int inVain = 0;
    for (int components = 2; components <= std::min<int>(most, static_cast<int>(count)) && inVain < kPatience; ++components) {
        GaussianMixture next = fitMixture(codes, dimension, components, options);
        const double value = bic(next, count);
        ++inVain;
        if (!(value < least)) continue;
        least = value;
        best = std::move(next);
        inVain = 0;
    }
    return best;
}

std::vector<float> drawCodes(const GaussianMixture& mixture, int count, double temperature, RandomStream& random)
{
    const auto d = static_cast<std::size_t>(mixture.dimension);
    std::vector<float> codes;
    codes.reserve(static_cast<std::size_t>(count) * d);
    std::vector<float> noise(d);
    for (int i = 0; i < count; ++i) {
        std::size_t k = 0;
        double rest = static_cast<double>(random.uniform());
        while (k + 1 < mixture.weights.size() && rest >= mixture.weights[k]) rest -= mixture.weights[k++];
        random.fillNormal(noise);
        for (std::size_t row = 0; row < d; ++row) {
            const double* factor = mixture.factors.data() + (k * d + row) * d;
            double value = 0;
            for (std::size_t column = 0; column <= row; ++column) value += factor[column] * static_cast<double>(noise[column]);
            codes.push_back(static_cast<float>(mixture.means[k * d + row] + temperature * value));
        }
    }
    return codes;
}

} // namespace latentoscope
