#include "core/training/Schedule.h"

#include "core/config/Configuration.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace latentoscope {
namespace {

constexpr double kRise = 0.3;         ///< share of a cycle's steps
constexpr double kStartDivisor = 25;  ///< of the learning rate, where a cycle starts
constexpr double kFinalDivisor = 1e4; ///< of that, where it ends

/// From one to another value along half a cosine, share 0 … 1.
double cosine(double from, double to, double share) { return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * share)); }

double oneCycle(double peak, double step, double steps)
{
    const double start = peak / kStartDivisor;
    const double top = kRise * steps - 1; // PyTorch counts the phases' ends in steps, the first being 0
    const double last = steps - 1;
    if (step <= top) return cosine(start, peak, top > 0 ? step / top : 1);
    return cosine(peak, start / kFinalDivisor, last > top ? (step - top) / (last - top) : 1);
}

} // namespace

double learningRateAt(const TrainingOptions& options, std::int64_t step, int stepsPerEpoch, int epochs)
{
    const auto steps = static_cast<double>(std::int64_t{epochs} * stepsPerEpoch);
    const double at = std::min(static_cast<double>(step), steps - 1);
    const double peak = options.learningRate;
    if (options.schedule == LearningRateSchedule::OneCycle) return oneCycle(peak, at, steps);
    const double warmup = options.warmup * stepsPerEpoch;
    if (at < warmup) return peak * (at + 1) / (warmup + 1);
    if (options.schedule == LearningRateSchedule::Cosine) return cosine(peak, 0, (at - warmup) / std::max(1.0, steps - warmup));
    return peak;
}

} // namespace latentoscope
