#include "core/search/TruncatedNormal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace latentoscope {
namespace {

constexpr double kLowest = -20; ///< below it the distribution function is taken from its asymptotic series

double normalCdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// log(e^p + e^q).
double logSum(double p, double q)
{
    const double larger = std::max(p, q), smaller = std::min(p, q);
    if (std::isinf(smaller)) return larger;
    return larger + std::log1p(std::exp(smaller - larger));
}

/// log(e^p - e^q), p ≥ q.
double logDifference(double p, double q) { return p + std::log1p(-std::exp(q - p)); }

/// x with logNormalCdf(x) = y, y ≤ 0. Newton's steps on a concave, rising function from the left of its root never overshoot;
/// where they would, halving takes over.
double logNormalQuantile(double y)
{
    double low = -100, high = 100;
    double x = y > -0.7 ? 0 : -std::sqrt(-2 * y) + 0.5;
    for (int step = 0; step < 100; ++step) {
        const double here = logNormalCdf(x);
        (here < y ? low : high) = x;
        const double slope = std::exp(-x * x / 2 - here) / std::sqrt(2 * std::numbers::pi);
        double next = x - (here - y) / slope;
        if (!(next > low && next < high)) next = (low + high) / 2;
        if (std::abs(next - x) <= 1e-14 * std::max(1.0, std::abs(x)) || next == x) return next;
        x = next;
    }
    return x;
}

} // namespace

double logNormalCdf(double x)
{
    if (x > 6) return -normalCdf(-x);
    if (x > kLowest) return std::log(normalCdf(x));
    // Abramowitz & Stegun 26.2.12.
    double sum = 1, before = 0, term = 1;
    for (int i = 1; std::abs(sum - before) > std::numeric_limits<double>::epsilon() && i < 100; ++i) {
        before = sum;
        term *= -(2.0 * i - 1) / (x * x);
        sum += term;
    }
    return -x * x / 2 - std::log(-x) - 0.5 * std::log(2 * std::numbers::pi) + std::log(sum);
}

double logNormalMass(double a, double b)
{
    if (b <= 0) return logDifference(logNormalCdf(b), logNormalCdf(a));
    if (a > 0) return logDifference(logNormalCdf(-a), logNormalCdf(-b)); // the same on the side where digits are not lost
    // A tail of less than 1e-16 is nothing beside 1.
    constexpr double kNoTail = -8.3;
    const double outside = (a < kNoTail ? 0 : normalCdf(a)) + (-b < kNoTail ? 0 : normalCdf(-b));
    return outside > 0 ? std::log1p(-outside) : 0;
}

double truncatedNormalQuantile(double q, double a, double b)
{
    if (q <= 0) return a;
    if (q >= 1) return b;
    const double mass = logNormalMass(a, b);
    const double x = a < 0 ? logNormalQuantile(logSum(logNormalCdf(a), std::log(q) + mass))
                           : -logNormalQuantile(logSum(logNormalCdf(-b), std::log1p(-q) + mass));
    return std::clamp(x, a, b);
}

} // namespace latentoscope
