/// The density that TPE estimates from observed values of hyper-parameters (Bergstra et al. 2011), as Optuna 3.1 has it.
#pragma once

#include "core/base/Random.h"
#include "core/studies/Distribution.h"

#include <span>
#include <vector>

namespace latentoscope {

/// A mixture with a component an observation and a prior over the whole range. In each dimension a component is a normal
/// distribution on the parameter's range (of whole or stepped values, its mass over a step), or probabilities of the choices.
class ParzenEstimator {
public:
    enum class Bandwidth {
        Neighbours, ///< univariate: the larger gap to a neighbour
        Scott       ///< multivariate: 0.2 n^(-1/(d+4)) of the range
    };

    /// observations[d] are the internal values of dimension d, in the order of their trials, as many in each.
    ParzenEstimator(const std::vector<Distribution>& space, const std::vector<std::vector<double>>& observations,
                    Bandwidth bandwidth);

    /// The logarithm at a point, its internal values.
    double logDensity(std::span<const double> point) const;
    /// A point drawn from it.
    std::vector<double> draw(RandomStream& random) const;

private:
    struct Dimension {
        bool categorical = false;
        bool logarithmic = false;
        bool whole = false; ///< values are rounded
        double step = 0;    ///< 0: continuous
        double lowest = 0;  ///< of values
        double highest = 0;
        double low = 0; ///< of the estimator, where it computes
        double high = 0;
        std::vector<double> means, deviations;
        std::vector<double> logMasses; ///< of each component's normal distribution on the range
        std::vector<double> scales;    ///< 1 / deviations
        std::vector<double> offsets;   ///< of a component's log-density at its mean
        std::size_t choices = 0;
        std::vector<double> probabilities; ///< (components, choices)
    };

    static Dimension dimensionOf(const Distribution& distribution);
    static void addComponents(Dimension& dimension, const std::vector<double>& observations, Bandwidth bandwidth,
                              std::size_t dimensions);
    double logDensity(const Dimension& dimension, std::size_t component, double value) const;

    std::vector<Dimension> m_dimensions;
    std::vector<double> m_weights; ///< of the components, the prior's last; their sum is 1
    std::vector<double> m_logWeights;
};

/// A value drawn evenly from a distribution's range (its logarithm's where it is logarithmic), internal.
double drawUniform(const Distribution& distribution, RandomStream& random);

/// Whether there is only one value to choose.
bool isSingle(const Distribution& distribution);

/// A number with 53 random bits in [0, 1).
double uniformReal(RandomStream& random);

} // namespace latentoscope
