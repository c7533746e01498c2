#include "core/search/ParzenEstimator.h"

#include "core/search/MixtureKernel.h"
#include "core/search/TruncatedNormal.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace latentoscope {
namespace {

constexpr std::size_t kRecent = 25; ///< observations that keep their full weight
constexpr double kScott = 0.2;      ///< of the multivariate bandwidth
constexpr double kPriorWeight = 1;
const double kLogRootTwoPi = std::log(std::sqrt(2 * std::numbers::pi));

/// Older observations weigh less: from 1 / n up to 1 at the 25 newest.
std::vector<double> componentWeights(std::size_t observations)
{
    std::vector<double> weights(observations, 1);
    if (observations > kRecent) {
        const std::size_t ramp = observations - kRecent;
        const double first = 1 / static_cast<double>(observations);
        for (std::size_t i = 0; i < ramp; ++i)
            weights[i] = ramp > 1 ? first + (1 - first) * static_cast<double>(i) / static_cast<double>(ramp - 1) : first;
    }
    weights.push_back(kPriorWeight);
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) weight /= sum;
    return weights;
}

/// For each mean the larger of the gaps to its neighbours; the outermost have only their inner one, where there is one.
std::vector<double> neighbourDeviations(const std::vector<double>& means, double low, double high)
{
    std::vector<std::pair<double, std::size_t>> order(means.size()); // equal ones in their order
    for (std::size_t i = 0; i < means.size(); ++i) order[i] = {means[i], i};
    std::sort(order.begin(), order.end());
    std::vector<double> deviations(means.size());
    const auto at = [&](std::size_t i) { return order[i].first; };
    const std::size_t last = means.size() - 1;
    for (std::size_t i = 0; i <= last; ++i) {
        const double below = at(i) - (i > 0 ? at(i - 1) : low);
        const double above = (i < last ? at(i + 1) : high) - at(i);
        double deviation = std::max(below, above);
        if (last > 0 && i == 0) deviation = above;
        if (last > 0 && i == last) deviation = below;
        deviations[order[i].second] = deviation;
    }
    return deviations;
}

/// The first index up to which the weights, whose sum is 1, are more than `share` together.
std::size_t chosen(std::span<const double> weights, double share)
{
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        sum += weights[i];
        if (share < sum) return i;
    }
    return weights.size() - 1;
}

} // namespace

double uniformReal(RandomStream& random)
{
    const auto high = static_cast<double>(random.next() >> 5U), low = static_cast<double>(random.next() >> 6U);
    return (high * 67'108'864 + low) / 9'007'199'254'740'992;
}

bool isSingle(const Distribution& distribution)
{
    if (const auto* real = std::get_if<FloatDistribution>(&distribution))
        return real->step ? real->high - real->low < *real->step : real->low == real->high;
    if (const auto* whole = std::get_if<IntDistribution>(&distribution))
        return whole->log ? whole->low == whole->high : whole->high - whole->low < whole->step;
    return std::get<CategoricalDistribution>(distribution).choices.size() <= 1;
}

ParzenEstimator::Dimension ParzenEstimator::dimensionOf(const Distribution& distribution)
{
    Dimension dimension;
    if (const auto* choices = std::get_if<CategoricalDistribution>(&distribution)) {
        dimension.categorical = true;
        dimension.choices = choices->choices.size();
        return dimension;
    }
    if (const auto* real = std::get_if<FloatDistribution>(&distribution)) {
        dimension.logarithmic = real->log;
        dimension.step = real->step.value_or(0);
        dimension.lowest = real->low;
        dimension.highest = real->high;
    } else {
        const auto& whole = std::get<IntDistribution>(distribution);
        dimension.whole = true;
        dimension.logarithmic = whole.log;
        dimension.step = whole.log ? 0 : static_cast<double>(whole.step);
        dimension.lowest = static_cast<double>(whole.low);
        dimension.highest = static_cast<double>(whole.high);
    }
    // Rounding takes half a step on each side to the outermost values, so that they are as likely as the others.
    const double half = dimension.logarithmic && dimension.whole ? 0.5 : dimension.step / 2;
    dimension.low = dimension.lowest - half;
    dimension.high = dimension.highest + half;
    if (dimension.logarithmic) {
        dimension.low = std::log(dimension.low);
        dimension.high = std::log(dimension.high);
    }
    return dimension;
}

void ParzenEstimator::addComponents(Dimension& dimension, const std::vector<double>& observations, Bandwidth bandwidth,
                                    std::size_t dimensions)
{
    const std::size_t components = observations.size() + 1;
    if (dimension.categorical) {
        const double prior = kPriorWeight / static_cast<double>(components);
        const double sum = 1 + prior * static_cast<double>(dimension.choices);
        dimension.probabilities.assign(components * dimension.choices, prior / sum);
        for (std::size_t i = 0; i < observations.size(); ++i)
            dimension.probabilities[i * dimension.choices + static_cast<std::size_t>(observations[i])] = (prior + 1) / sum;
        std::fill(dimension.probabilities.end() - static_cast<std::ptrdiff_t>(dimension.choices), dimension.probabilities.end(),
                  1 / static_cast<double>(dimension.choices));
        return;
    }
    const double range = dimension.high - dimension.low;
    for (const double value : observations) dimension.means.push_back(dimension.logarithmic ? std::log(value) : value);
    dimension.means.push_back((dimension.low + dimension.high) / 2);
    if (bandwidth == Bandwidth::Scott) {
        const double count = static_cast<double>(std::max<std::size_t>(1, observations.size()));
        dimension.deviations.assign(components, kScott * std::pow(count, -1 / (static_cast<double>(dimensions) + 4)) * range);
    } else {
        dimension.deviations = neighbourDeviations(dimension.means, dimension.low, dimension.high);
    }
    const double least = range / std::min(100.0, 1.0 + static_cast<double>(components));
    for (double& deviation : dimension.deviations) deviation = std::clamp(deviation, least, range);
    dimension.deviations.back() = range;
    dimension.scales.resize(components);
    dimension.offsets.resize(components);
    dimension.logMasses.resize(components);
    for (std::size_t i = 0; i < components; ++i) {
        const double mean = dimension.means[i], scale = 1 / dimension.deviations[i];
        dimension.scales[i] = scale;
        dimension.logMasses[i] = logNormalMass((dimension.low - mean) * scale, (dimension.high - mean) * scale);
        dimension.offsets[i] = -kLogRootTwoPi - dimension.logMasses[i];
    }
}

ParzenEstimator::ParzenEstimator(const std::vector<Distribution>& space, const std::vector<std::vector<double>>& observations,
                                 Bandwidth bandwidth)
    : m_weights(componentWeights(observations.front().size()))
{
    for (const double weight : m_weights) m_logWeights.push_back(std::log(weight));
    for (std::size_t d = 0; d < space.size(); ++d) {
        m_dimensions.push_back(dimensionOf(space[d]));
        addComponents(m_dimensions.back(), observations[d], bandwidth, space.size());
    }
}

double ParzenEstimator::logDensity(const Dimension& dimension, std::size_t component, double value) const
{
    if (dimension.categorical)
        return std::log(dimension.probabilities[component * dimension.choices + static_cast<std::size_t>(value)]);
    const double mean = dimension.means[component], deviation = dimension.deviations[component];
    if (dimension.step > 0) {
        const double upper = std::min(value + dimension.step / 2, dimension.high);
        const double lower = std::max(value - dimension.step / 2, dimension.low);
        return logNormalMass((lower - mean) / deviation, (upper - mean) / deviation) - dimension.logMasses[component];
    }
    const double x = (value - mean) / deviation;
    return dimension.offsets[component] - x * x / 2;
}

double ParzenEstimator::logDensity(std::span<const double> point) const
{
    std::vector<double> terms = m_logWeights;
    for (std::size_t d = 0; d < m_dimensions.size(); ++d) {
        const Dimension& dimension = m_dimensions[d];
        const double value = dimension.logarithmic ? std::log(point[d]) : point[d];
        if (!dimension.categorical && !(dimension.step > 0)) {
            addNormalTerms(value, dimension.means, dimension.scales, dimension.offsets, terms);
            continue;
        }
        for (std::size_t i = 0; i < terms.size(); ++i) terms[i] += logDensity(dimension, i, value);
    }
    return logSumExp(terms);
}

std::vector<double> ParzenEstimator::draw(RandomStream& random) const
{
    const std::size_t component = chosen(m_weights, uniformReal(random));
    std::vector<double> point;
    for (const Dimension& dimension : m_dimensions) {
        const double share = uniformReal(random);
        if (dimension.categorical) {
            point.push_back(static_cast<double>(
                chosen({dimension.probabilities.data() + component * dimension.choices, dimension.choices}, share)));
            continue;
        }
        const double mean = dimension.means[component], deviation = dimension.deviations[component];
        double value = mean + deviation * truncatedNormalQuantile(share, (dimension.low - mean) / deviation,
                                                                  (dimension.high - mean) / deviation);
        if (dimension.logarithmic) value = std::exp(value);
        if (dimension.step > 0)
            value = dimension.lowest + dimension.step * std::nearbyint((value - dimension.lowest) / dimension.step);
        else if (dimension.whole)
            value = std::nearbyint(value);
        point.push_back(std::clamp(value, dimension.lowest, dimension.highest));
    }
    return point;
}

double drawUniform(const Distribution& distribution, RandomStream& random)
{
    if (const auto* choices = std::get_if<CategoricalDistribution>(&distribution))
        return static_cast<double>(random.below(static_cast<std::uint32_t>(choices->choices.size())));
    const auto* real = std::get_if<FloatDistribution>(&distribution);
    const auto* whole = std::get_if<IntDistribution>(&distribution);
    const double low = real != nullptr ? real->low : static_cast<double>(whole->low);
    const double high = real != nullptr ? real->high : static_cast<double>(whole->high);
    const bool logarithmic = real != nullptr ? real->log : whole->log;
    const double step = real != nullptr ? real->step.value_or(0) : static_cast<double>(whole->step);
    const double half = whole != nullptr && logarithmic ? 0.5 : step / 2;
    const double share = uniformReal(random);
    double value = 0;
    if (logarithmic) {
        const double from = std::log(low - half), to = std::log(high + half);
        value = std::exp(from + share * (to - from));
        if (whole != nullptr) value = std::nearbyint(value);
    } else {
        value = low - half + share * (high - low + 2 * half);
        if (step > 0) value = low + step * std::nearbyint((value - low) / step);
    }
    return std::clamp(value, low, high);
}

} // namespace latentoscope
