#include "core/search/MixtureKernel.h"

#include "core/simd/Clones.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace latentoscope {
namespace {

constexpr double kLeast = -700; ///< below it e^x counts for nothing, and above it no exponent underflows

LATENTOSCOPE_CLONES void addTerms(double x, const double* means, const double* scales, const double* offsets, double* terms,
                                  std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        const double off = (x - means[i]) * scales[i];
        terms[i] += offsets[i] - 0.5 * off * off;
    }
}

LATENTOSCOPE_CLONES double largest(const double* terms, std::size_t count)
{
    double most = terms[0];
    for (std::size_t i = 1; i < count; ++i) most = terms[i] > most ? terms[i] : most;
    return most;
}

/// e^x is a power of two times a polynomial, without a branch, so that a compiler makes vectors of it. It stands here and not in
/// a function of its own, which would not be compiled for the same processors.
LATENTOSCOPE_CLONES double sumOfExponentials(const double* terms, double most, std::size_t count)
{
    constexpr double kMagic = 6755399441055744.0; // 1.5 · 2^52: added, it rounds to whole numbers in the lowest bits
    constexpr double kLn2High = 6.93147180369123816490e-01, kLn2Low = 1.90821492927058770002e-10;
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double below = terms[i] - most;
        const double x = below > kLeast ? below : kLeast;
        const double shifted = x * std::numbers::log2e + kMagic;
        const auto bits = __builtin_bit_cast(std::uint64_t, shifted);
        const double whole = static_cast<double>(static_cast<std::int32_t>(bits)); // what the magic number rounded to
        const double r = (x - whole * kLn2High) - whole * kLn2Low;                 // |r| ≤ ln 2 / 2
        double power = 1.0 / 479001600;
        power = power * r + 1.0 / 39916800;
        power = power * r + 1.0 / 3628800;
        power = power * r + 1.0 / 362880;
        power = power * r + 1.0 / 40320;
        power = power * r + 1.0 / 5040;
        power = power * r + 1.0 / 720;
        power = power * r + 1.0 / 120;
        power = power * r + 1.0 / 24;
        power = power * r + 1.0 / 6;
        power = power * r + 0.5;
        power = power * r + 1;
        power = power * r + 1;
        sum += __builtin_bit_cast(double, __builtin_bit_cast(std::uint64_t, power) + (bits << 52U));
    }
    return sum;
}

} // namespace

void addNormalTerms(double x, std::span<const double> means, std::span<const double> scales, std::span<const double> offsets,
                    std::span<double> terms)
{
    addTerms(x, means.data(), scales.data(), offsets.data(), terms.data(), terms.size());
}

double logSumExp(std::span<const double> terms)
{
    const double most = largest(terms.data(), terms.size());
    return most + std::log(sumOfExponentials(terms.data(), most, terms.size()));
}

} // namespace latentoscope
