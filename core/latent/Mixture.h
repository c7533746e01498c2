/// Gaussian mixtures with full covariances: how the codes of a class lie, and codes drawn as they do.
#pragma once

#include "core/base/Random.h"

#include <cstdint>
#include <span>
#include <vector>

namespace latentoscope {

/// Σ weights[k] · N(means[k], factors[k] factors[k]ᵀ).
struct GaussianMixture {
    int dimension = 0;
    std::vector<double> weights; ///< (K), sum 1
    std::vector<double> means;   ///< (K, D) row-major
    std::vector<double> factors; ///< (K, D, D) row-major, lower triangular: the covariances' Cholesky factors
    double logLikelihood = 0;    ///< mean over the codes it was fitted to, in nats
    int iterations = 0;          ///< of expectation and maximisation
    bool converged = false;      ///< whether the last one gained less than the tolerance

    int components() const { return static_cast<int>(weights.size()); }
};

/// How a mixture is fitted; the defaults are scikit-learn's.
struct MixtureOptions {
    double tolerance = 1e-3;      ///< gain of the mean log-likelihood, in nats, below which it ends
    int iterations = 100;         ///< at most
    double regularisation = 1e-6; ///< added to each variance, so that a dimension may be constant
    std::uint64_t seed = 0;       ///< of the first centres (k-means++, Arthur & Vassilvitskii 2007)
};

/// Fits so many components to codes (N, D) by expectation-maximisation (Dempster et al. 1977) from a k-means clustering. The same
/// for the same arguments. Throws Error(InvalidArgument) where there are fewer codes than components, or one is not finite.
GaussianMixture fitMixture(std::span<const float> codes, int dimension, int components, const MixtureOptions& options = {});

/// Bayesian information criterion (Schwarz 1978) for the `count` codes that it was fitted to: smaller is better.
double bic(const GaussianMixture& mixture, std::size_t count);

/// The mixture of 1 … most components with the smallest BIC; ends where two more components in turn have not helped.
GaussianMixture bestMixture(std::span<const float> codes, int dimension, int most, const MixtureOptions& options = {});

/// `count` codes drawn from it, (count, D); each component's spread is multiplied by `temperature`.
std::vector<float> drawCodes(const GaussianMixture& mixture, int count, double temperature, RandomStream& random);

} // namespace latentoscope
