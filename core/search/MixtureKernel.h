/// The sums over a mixture's components that TPE spends its time in, as vector code.
#pragma once

#include <span>

namespace latentoscope {

/// terms[i] += offsets[i] − ((x − means[i]) · scales[i])² / 2; all of one length.
void addNormalTerms(double x, std::span<const double> means, std::span<const double> scales, std::span<const double> offsets,
                    std::span<double> terms);

/// log Σ exp(terms[i]) to twelve digits at least; not empty, no NaN.
double logSumExp(std::span<const double> terms);

} // namespace latentoscope
