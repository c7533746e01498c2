#include "ui/training/LossScene.h"

#include "core/experiment/References.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace latentoscope::ui {
namespace {

/// One value an epoch of a split's loss.
Curve epochCurve(const char* split, Curve::Role role, const std::vector<EpochMetrics>& epochs, const Measure& loss)
{
    Curve curve{split, role, {}, {}, 0};
    for (const EpochMetrics& metrics : epochs) {
        const std::optional<double> value = metrics.find(split, loss.name);
        if (!value) continue;
        curve.x.push_back(metrics.epoch);
        curve.y.push_back(*value);
    }
    return curve;
}

Curve trainCurve(const std::vector<EpochMetrics>& epochs, const Measure& loss)
{
    return epochCurve("train", Curve::Role::Train, epochs, loss);
}

Curve validationCurve(const std::vector<EpochMetrics>& epochs, const Measure& loss)
{
    return epochCurve("validation", Curve::Role::Validation, epochs, loss);
}

/// Of the measure that stands at `index`: NaN where it is not recorded every step.
double valueOfStep(const LossPoint& step, const std::vector<Measure>& measures, std::size_t index)
{
    if (index == 0) return static_cast<double>(step.loss);
    if (index >= measures.size() || measures[index].detail != Measure::Detail::Step) return NAN;
    // Those recorded every step stand in their order; the loss itself is not among the terms.
    std::size_t term = 0;
    for (std::size_t m = 1; m < index; ++m) term += measures[m].detail == Measure::Detail::Step;
    return term < step.terms.size() ? static_cast<double>(step.terms[term]) : NAN;
}

/// What tells one run from another best: its validation, else its training means, else its steps. Without points where the run
/// does not measure what is shown, as one of another kind may not.
Curve overlayCurve(const NamedCurves& run, const LossScene& scene, int color)
{
    // Of which images: a validation error beside a training error is no comparison unless it is said.
    const char* of = ", validation";
    Curve curve = validationCurve(run.epochs, scene.loss());
    if (curve.x.empty()) {
        curve = trainCurve(run.epochs, scene.loss());
        of = ", train";
    }
    const auto own = std::find_if(run.measures.begin(), run.measures.end(),
                                  [&](const Measure& measure) { return measure.name == scene.loss().name; });
    if (curve.x.empty() && own != run.measures.end()) {
        of = ", train step";
        const auto index = static_cast<std::size_t>(own - run.measures.begin());
        for (const LossPoint& point : run.steps) {
            const double value = valueOfStep(point, run.measures, index);
            if (std::isnan(value)) continue;
            curve.x.push_back(point.epoch);
            curve.y.push_back(value);
        }
    }
    curve.name = run.name + of;
    curve.role = Curve::Role::Other;
    curve.color = color;
    return curve;
}

class RangeFinder {
public:
    explicit RangeFinder(AxisScale scale) : m_scale(scale) {}

    void cover(double value)
    {
        if (!std::isfinite(value) || (m_scale == AxisScale::Logarithmic && !(value > 0))) return;
        m_low = std::min(m_low, value);
        m_high = std::max(m_high, value);
    }

    void cover(const Curve& curve)
    {
        for (const double value : curve.y) cover(value);
    }

    AxisRange range() const
    {
        if (m_low > m_high) return m_scale == AxisScale::Logarithmic ? AxisRange{0.01, 1} : AxisRange{0, 1};
        if (m_scale == AxisScale::Logarithmic) {
            const double margin = std::max(1.03, std::pow(m_high / m_low, 0.06));
            return {m_low / margin, m_high * margin};
        }
        const double margin = std::max((m_high - m_low) * 0.06, m_high > 0 ? m_high * 1e-3 : 1e-9);
        return {m_low - margin, m_high + margin};
    }

private:
    AxisScale m_scale;
    double m_low = std::numeric_limits<double>::max();
    double m_high = std::numeric_limits<double>::lowest();
};

std::string digits(double value)
{
    char buffer[32];
    const double size = std::abs(value);
    std::snprintf(buffer, sizeof buffer,
                  size != 0 && size < 1e-4 ? "%.2e"
                  : size < 10              ? "%.4f"
                  : size < 100             ? "%.2f"
                                           : "%.1f",
                  value);
    return buffer;
}

} // namespace

int overlayColor(std::size_t index)
{
    // Class colours 4 … 9 first: 0 and 6 are too near to the shown run's blue and orange.
    static constexpr int kColors[] = {4, 2, 5, 9, 7, 8, 3, 1};
    return kColors[index % std::size(kColors)];
}

const Measure& LossScene::loss() const
{
    static const Measure none;
    return shown < measures.size() ? measures[shown] : none;
}

const std::vector<ReferenceLine>& LossScene::lines() const
{
    static const std::vector<ReferenceLine> none;
    const auto found = references.find(loss().name);
    return found == references.end() ? none : found->second;
}

double LossScene::stepValue(const LossPoint& step) const { return valueOfStep(step, measures, shown); }

CurvesFigure LossScene::figure() const
{
    CurvesFigure figure;
    figure.yTitle = loss().title();
    figure.yScale = scale;
    figure.lines = lines();
    figure.marker = marker;
    for (std::size_t i = 0; i < overlays.size(); ++i) {
        Curve curve = overlayCurve(overlays[i], *this, overlayColor(i));
        if (!curve.x.empty()) figure.curves.push_back(std::move(curve));
    }
    if (!steps.empty() && !std::isnan(stepValue(steps.front()))) {
        Curve raw{"train step", Curve::Role::TrainStep, {}, {}, 0};
        for (const LossPoint& step : steps) {
            raw.x.push_back(step.epoch);
            raw.y.push_back(stepValue(step));
        }
        if (smoothingPercent > 0) {
            Curve smooth{"train step, smoothed " + std::to_string(smoothingPercent) + " %", Curve::Role::Smoothed, raw.x,
                         smoothed(raw.y, smoothingPercent), 0};
            figure.curves.push_back(std::move(raw));
            figure.curves.push_back(std::move(smooth));
        } else {
            figure.curves.push_back(std::move(raw));
        }
    }
    Curve train = trainCurve(epochs, loss());
    if (!train.x.empty()) figure.curves.push_back(std::move(train));
    Curve validation = validationCurve(epochs, loss());
    if (!validation.x.empty()) figure.curves.push_back(std::move(validation));
    return figure;
}

std::string LossScene::subtitle() const
{
    const std::string missing = withoutCurve();
    const std::string own = ownSubtitle();
    if (missing.empty() || own.empty()) return own + missing;
    return own + " · " + missing;
}

std::string LossScene::withoutCurve() const
{
    std::vector<std::string> names;
    for (const NamedCurves& run : overlays) {
        if (overlayCurve(run, *this, 0).x.empty()) names.push_back(run.name);
    }
    if (names.empty()) return {};
    const std::string who = names.size() == 1 ? names.front() : std::to_string(names.size()) + " ticked runs";
    return who + ": no " + loss().label;
}

std::string LossScene::ownSubtitle() const
{
    const bool chosen = measures.size() > 1; // then the chooser beside it says what is shown
    const std::string title = chosen ? std::string() : loss().title();
    std::string name;
    double value = 0;
    if (!epochs.empty()) {
        const auto after =
            marker ? std::find_if(epochs.begin(), epochs.end(), [this](const EpochMetrics& one) { return one.epoch > *marker; })
                   : epochs.end();
        const EpochMetrics& last = after == epochs.begin() ? epochs.front() : *std::prev(after);
        const std::optional<double> held = last.find("validation", loss().name);
        name = held ? "validation" : "train";
        value = held.value_or(last.find("train", loss().name).value_or(NAN));
        if (marker) name = "epoch " + std::to_string(last.epoch) + ", " + name;
    } else if (!steps.empty()) {
        name = "train step";
        value = stepValue(steps.back());
    } else {
        return title;
    }
    const std::string text = name + " " + digits(value);
    const std::string words = verdict(value, loss(), lines());
    if (!words.empty()) return words + " · " + text; // a narrow panel cuts off the end, and the axis says what is measured
    return chosen ? text : title + " · " + text;
}

AxisRange LossScene::xRange() const
{
    double last = std::max(1, expectedEpochs);
    if (!steps.empty()) last = std::max(last, steps.back().epoch);
    if (!epochs.empty()) last = std::max(last, static_cast<double>(epochs.back().epoch));
    for (const NamedCurves& run : overlays) {
        if (!run.epochs.empty())
            last = std::max(last, static_cast<double>(run.epochs.back().epoch));
        else if (!run.steps.empty())
            last = std::max(last, run.steps.back().epoch);
    }
    return {0, last};
}

AxisRange LossScene::yRange() const
{
    RangeFinder finder(scale);
    for (const LossPoint& step : steps) finder.cover(stepValue(step));
    finder.cover(trainCurve(epochs, loss()));
    finder.cover(validationCurve(epochs, loss()));
    for (const NamedCurves& run : overlays) finder.cover(overlayCurve(run, *this, 0));
    for (const ReferenceLine& line : lines()) finder.cover(line.y);
    return finder.range();
}

std::vector<double> smoothed(const std::vector<double>& values, int percent)
{
    const double keep = std::clamp(percent, 0, 99) / 100.0;
    std::vector<double> means;
    means.reserve(values.size());
    double mean = 0;
    double weight = 0;
    for (const double value : values) {
        if (std::isfinite(value)) {
            mean = keep * mean + (1 - keep) * value;
            weight = keep * weight + (1 - keep);
        }
        means.push_back(weight > 0 ? mean / weight : value);
    }
    return means;
}

} // namespace latentoscope::ui
