/// The normal distribution on an interval: what TPE's estimators are mixed of. Logarithms throughout, so that far tails keep
/// their digits.
#pragma once

namespace latentoscope {

/// log of the standard normal distribution function.
double logNormalCdf(double x);

/// log of a standard normal's mass between a and b, a ≤ b.
double logNormalMass(double a, double b);

/// The point of a standard normal on [a, b] below which the share q (0 … 1) of it lies.
double truncatedNormalQuantile(double q, double a, double b);

} // namespace latentoscope
