#include "core/figures/StudyFigures.h"

#include "core/base/JsonText.h"
#include "core/base/Text.h"
#include "core/figures/FigureData.h"
#include "core/search/Importance.h"
#include "core/search/SearchPlan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace latentoscope {
namespace {

using Role = ChartSeries::Role;
using Shape = ChartSeries::Shape;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kFieldSide = 48;
constexpr double kKernel = 0.1; ///< width of the contour's smoothing, in shares of the range
constexpr double kMargin = 0.04;
constexpr double kNowhere = -0.22; ///< on a parallel axis: of trials that have no such parameter

std::string fourDigits(double value) { return roundedText(value, 4); }

bool isComplete(const Trial& trial, int objective) { return trial.state == TrialState::Complete && valueOf(trial, objective); }

AxisRange padded(double low, double high)
{
    const double margin = high > low ? kMargin * (high - low) : std::max(1e-6, std::abs(low) * 0.05);
    return {low - margin, high + margin};
}

/// How good a value is among all complete ones, by rank: 0 the worst, 1 the best. Ranks, for a single bad trial must not make all
/// others look alike.
std::map<int, double> shadesOf(const StudyView& view, int objective)
{
    std::vector<std::pair<double, int>> order;
    for (const Trial& trial : view.trials) {
        if (isComplete(trial, objective)) order.emplace_back(-view.sign(objective) * *valueOf(trial, objective), trial.number);
    }
    std::sort(order.begin(), order.end());
    std::map<int, double> shades;
    for (std::size_t i = 0; i < order.size(); ++i)
        shades[order[i].second] = order.size() > 1 ? static_cast<double>(i) / static_cast<double>(order.size() - 1) : 1;
    return shades;
}

/// The range of the values worth seeing: outliers beyond five times the inner half's spread on the bad side are cut off.
AxisRange valueRange(const StudyView& view, const std::vector<double>& values, int objective)
{
    if (values.empty()) return {0, 1};
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    const double inner = sorted[sorted.size() * 3 / 4] - sorted[sorted.size() / 4];
    double low = sorted.front(), high = sorted.back();
    if (inner > 0 && view.sign(objective) > 0) high = std::min(high, sorted[sorted.size() * 3 / 4] + 5 * inner);
    if (inner > 0 && view.sign(objective) < 0) low = std::max(low, sorted[sorted.size() / 4] - 5 * inner);
    return padded(low, high);
}

void add(ChartSeries& series, double x, double y, int trial)
{
    series.x.push_back(x);
    series.y.push_back(y);
    series.trials.push_back(trial);
}

/// A parameter as an axis: its range over all trials, scale and words.
struct ParameterAxis {
    std::string name;
    double low = kInfinity;
    double high = -kInfinity;
    bool log = false;
    std::vector<std::string> choices; ///< of a categorical one

    double place(double value) const // 0 … 1
    {
        if (!choices.empty()) return choices.size() > 1 ? value / static_cast<double>(choices.size() - 1) : 0.5;
        if (!(high > low)) return 0.5;
        return log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
    }
    ChartAxis chart() const
    {
        ChartAxis axis{shortName(name), log ? AxisScale::Logarithmic : AxisScale::Linear};
        for (std::size_t i = 0; i < choices.size(); ++i) axis.ticks.emplace_back(static_cast<double>(i), choices[i]);
        if (!choices.empty())
            axis.range = AxisRange{-0.5, static_cast<double>(choices.size()) - 0.5};
        else if (log)
            axis.range = AxisRange{low / std::pow(high / low, kMargin) * (high > low ? 1 : 0.95),
                                   high * std::pow(high / low, kMargin) * (high > low ? 1 : 1.05)};
        else
            axis.range = padded(low, high);
        return axis;
    }
};

ParameterAxis axisOf(const StudyView& view, const std::string& name)
{
    ParameterAxis axis;
    axis.name = name;
    for (const Trial& trial : view.trials) {
        const auto found = trial.parameters.find(name);
        if (found == trial.parameters.end()) continue;
        const Distribution& distribution = *found->second.distribution;
        if (const auto* categorical = std::get_if<CategoricalDistribution>(&distribution)) {
            axis.choices.clear();
            for (std::size_t i = 0; i < categorical->choices.size(); ++i)
                axis.choices.push_back(valueText(distribution, static_cast<double>(i)));
            continue;
        }
        const auto* real = std::get_if<FloatDistribution>(&distribution);
        const auto* whole = std::get_if<IntDistribution>(&distribution);
        axis.log = real != nullptr ? real->log : whole->log;
        axis.low = std::min(axis.low, real != nullptr ? real->low : static_cast<double>(whole->low));
        axis.high = std::max(axis.high, real != nullptr ? real->high : static_cast<double>(whole->high));
    }
    return axis;
}

std::string objectiveName(const StudyView& view, int objective)
{
    const auto at = static_cast<std::size_t>(objective);
    return at < view.objectives.size() ? shortName(view.objectives[at]) : "value";
}

/// A long name broken at its first blank.
std::string twoLines(std::string name)
{
    constexpr std::size_t kLong = 10;
    const std::size_t blank = name.find(' ');
    if (name.size() > kLong && blank != std::string::npos) name[blank] = '\n';
    return name;
}

/// Whether the trial has the parameter, and where it is.
std::optional<double> internalOf(const Trial& trial, const std::string& name)
{
    const auto found = trial.parameters.find(name);
    if (found == trial.parameters.end()) return std::nullopt;
    return found->second.internal;
}

BarsFigure barsOf(const std::vector<Importance>& importance)
{
    BarsFigure figure;
    figure.yTitle = "Share of variance, %";
    for (const Importance& one : importance) {
        figure.names.push_back(shortName(one.parameter));
        figure.values.push_back(100 * one.share);
    }
    return figure;
}

/// Of the trials that a chart draws: number, the parameters, the objective.
std::vector<std::string> numbersOf(const Trial& trial, const std::vector<std::string>& parameters, double value)
{
    std::vector<std::string> row{std::to_string(trial.number)};
    for (const std::string& name : parameters) row.push_back(parameterText(trial, name));
    row.push_back(numberText(value));
    return row;
}

} // namespace

std::vector<std::pair<std::string, FigureData>> studyFigures(const StudyView& view)
{
    std::vector<std::pair<std::string, FigureData>> all;
    const auto addChart = [&](const std::string& name, ChartFigure figure) {
        if (!figure.series.empty()) all.emplace_back(name, std::move(figure));
    };
    const auto fileName = [](const std::string& parameter) {
        std::string name = shortName(parameter);
        std::replace_if(
            name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '-');
        return name;
    };
    const auto objectives = static_cast<int>(view.study.directions.size());
    const std::vector<std::string> parameters = parametersOf(view);
    for (int o = 0; o < objectives; ++o) {
        const std::string ending = o == 0 ? std::string() : "-" + std::to_string(o);
        addChart("history" + ending, historyFigure(view, o));
        addChart("parallel" + ending, parallelFigure(view, o));
        for (const std::string& name : parameters) addChart("slice-" + fileName(name) + ending, sliceFigure(view, name, o));
        const std::vector<Importance> importance = importanceOf(view.study, view.trials, o);
        if (importance.size() >= 2) // what matters most, against each other
            addChart("contour" + ending, contourFigure(view, importance[0].parameter, importance[1].parameter, o));
        if (!importance.empty()) all.emplace_back("importance" + ending, barsOf(importance));
    }
    addChart("intermediate", intermediateFigure(view));
    if (objectives > 1) addChart("pareto", paretoFigure(view));
    addChart("timeline", timelineFigure(view));
    if (!view.empty()) all.emplace_back("trials", trialsTable(view));
    return all;
}

ChartFigure historyFigure(const StudyView& view, int objective)
{
    ChartFigure figure;
    figure.x.title = "Trial";
    figure.x.whole = true;
    figure.y.title = objectiveName(view, objective);
    ChartSeries complete{"trials"}, pruned{"pruned", Shape::Points, Role::Pruned}, best{"best so far", Shape::Steps, Role::Best};
    std::vector<double> values;
    double newest = kInfinity;
    for (const Trial& trial : view.trials) {
        const auto value = valueOf(trial, objective);
        if (!value || !isFinished(trial.state)) continue;
        if (trial.state == TrialState::Pruned) {
            add(pruned, trial.number, *value, trial.number);
            continue;
        }
        add(complete, trial.number, *value, trial.number);
        values.push_back(*value);
        if (view.sign(objective) * *value < newest) {
            newest = view.sign(objective) * *value;
            add(best, trial.number, *value, trial.number);
        }
    }
    figure.y.range = valueRange(view, values, objective);
    // Failed trials have no value: they stand at the bad edge.
    ChartSeries failed{"failed", Shape::Points, Role::Failed};
    const double edge = view.sign(objective) > 0 ? figure.y.range->upper : figure.y.range->lower;
    for (const Trial& trial : view.trials) {
        if (trial.state == TrialState::Fail) add(failed, trial.number, edge, trial.number);
    }
    const double last = view.trials.empty() ? 1 : view.trials.back().number;
    if (!best.x.empty()) add(best, last, best.y.back(), best.trials.back());
    figure.x.range = padded(0, std::max(1.0, last));
    for (ChartSeries* series : {&pruned, &failed, &complete, &best}) {
        if (!series->x.empty()) figure.series.push_back(std::move(*series));
    }
    return figure;
}

/// What trials report values after: epochs, or the folds of a cross-validation; "Step" where it was another program's study.
static std::string stepName(const Study& study)
{
    const auto plan = study.user.find(kPlanAttribute);
    if (plan == study.user.end()) return "Step";
    const auto json = parsedJson<nlohmann::json>(plan->second);
    return json.is_object() && json.contains("folds") && json["folds"].is_number() && json["folds"] > 0 ? "Fold" : "Epoch";
}

ChartFigure intermediateFigure(const StudyView& view)
{
    ChartFigure figure;
    figure.x.title = stepName(view.study);
    figure.x.whole = true;
    figure.y.title = objectiveName(view, 0);
    const auto shades = shadesOf(view, 0);
    ChartSeries ends{"pruned", Shape::Points, Role::Pruned};
    std::vector<double> values;
    double last = 1;
    for (const Trial& trial : view.trials) {
        if (trial.intermediate.empty()) continue;
        ChartSeries line{"trial " + std::to_string(trial.number), Shape::Line,
                         trial.state == TrialState::Pruned    ? Role::Pruned
                         : trial.state == TrialState::Fail    ? Role::Failed
                         : trial.state == TrialState::Running ? Role::Running
                                                              : Role::Plain};
        if (const auto shade = shades.find(trial.number); shade != shades.end()) line.shade = {shade->second};
        for (const auto& [step, value] : trial.intermediate) {
            add(line, static_cast<double>(step), value, trial.number);
            if (std::isfinite(value)) values.push_back(value);
            last = std::max(last, static_cast<double>(step));
        }
        if (trial.state == TrialState::Pruned) add(ends, line.x.back(), line.y.back(), trial.number);
        figure.series.push_back(std::move(line));
    }
    std::stable_sort(figure.series.begin(), figure.series.end(), [](const ChartSeries& a, const ChartSeries& b) {
        const auto rank = [](const ChartSeries& one) {
            return one.role == Role::Plain     ? 1 + (one.shade.empty() ? 0 : one.shade.front())
                   : one.role == Role::Running ? 3.0
                                               : 0.0;
        };
        return rank(a) < rank(b);
    });
    if (!ends.x.empty()) figure.series.push_back(std::move(ends));
    figure.x.range = AxisRange{0, 1.02 * last};
    figure.y.range = valueRange(view, values, 0);
    return figure;
}

ChartFigure parallelFigure(const StudyView& view, int objective)
{
    ChartFigure figure;
    std::vector<ParameterAxis> axes;
    for (const std::string& name : parametersOf(view)) axes.push_back(axisOf(view, name));
    const auto shades = shadesOf(view, objective);
    std::vector<double> values;
    std::vector<std::pair<double, const Trial*>> order;
    const std::vector<std::string> names = parametersOf(view);
    figure.numbers.columns = {"trial"};
    figure.numbers.columns.insert(figure.numbers.columns.end(), names.begin(), names.end());
    figure.numbers.columns.push_back(objectiveName(view, objective));
    for (const Trial& trial : view.trials) {
        if (!isComplete(trial, objective)) continue;
        values.push_back(*valueOf(trial, objective));
        figure.numbers.rows.push_back(numbersOf(trial, names, values.back()));
        order.emplace_back(shades.at(trial.number), &trial);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    // Outliers stand at the end, which then says so.
    const double lowest = values.empty() ? 0 : *std::min_element(values.begin(), values.end());
    const double highest = values.empty() ? 1 : *std::max_element(values.begin(), values.end());
    const AxisRange seen = valueRange(view, values, objective);
    const double low = std::max(lowest, seen.lower), high = std::min(highest, seen.upper);
    const auto end = static_cast<double>(axes.size());
    std::vector<bool> without(axes.size(), false);
    for (const auto& [shade, trial] : order) {
        ChartSeries line{"trial " + std::to_string(trial->number), Shape::Line};
        line.shade = {shade};
        for (std::size_t a = 0; a < axes.size(); ++a) {
            const auto value = internalOf(*trial, axes[a].name);
            // A straight line past the axis would be read as a value on it.
            add(line, static_cast<double>(a), value ? axes[a].place(*value) : kNowhere, trial->number);
            without[a] = without[a] || !value;
        }
        add(line, end, high > low ? std::clamp((*valueOf(*trial, objective) - low) / (high - low), 0.0, 1.0) : 0.5,
            trial->number);
        figure.series.push_back(std::move(line));
    }
    for (std::size_t a = 0; a < axes.size(); ++a) {
        const auto x = static_cast<double>(a);
        figure.x.ticks.emplace_back(x, twoLines(shortName(axes[a].name)));
        if (axes[a].choices.empty()) {
            figure.words.push_back({x, 0, true, fourDigits(axes[a].low)});
            figure.words.push_back({x, 1, false, fourDigits(axes[a].high)});
            continue;
        }
        for (std::size_t c = 0; c < axes[a].choices.size(); ++c) {
            const double y = axes[a].place(static_cast<double>(c));
            figure.words.push_back({x, y, y < 0.5, axes[a].choices[c]});
        }
    }
    figure.x.ticks.emplace_back(end, twoLines(objectiveName(view, objective)));
    if (!values.empty()) {
        figure.words.push_back({end, 0, true, (lowest < low ? "≤ " : "") + fourDigits(low)});
        figure.words.push_back({end, 1, false, (highest > high ? "≥ " : "") + fourDigits(high)});
    }
    figure.x.range = AxisRange{-0.4, end + 0.4};
    const bool any = std::find(without.begin(), without.end(), true) != without.end();
    for (std::size_t a = 0; a < axes.size(); ++a)
        if (without[a]) figure.words.push_back({static_cast<double>(a), kNowhere, true, "none"});
    figure.y.range = AxisRange{any ? kNowhere - 0.12 : -0.12, 1.12};
    figure.y.ticks = {{-10, ""}}; // each axis has its own words
    return figure;
}

ChartFigure sliceFigure(const StudyView& view, const std::string& parameter, int objective)
{
    ChartFigure figure;
    figure.x = axisOf(view, parameter).chart();
    figure.y.title = objectiveName(view, objective);
    ChartSeries complete{"trials"}, pruned{"pruned", Shape::Points, Role::Pruned}, best{"best", Shape::Points, Role::Best};
    std::vector<double> values;
    const std::vector<int> bests = bestNumbers(view);
    for (const Trial& trial : view.trials) {
        const auto x = internalOf(trial, parameter), y = valueOf(trial, objective);
        if (!x || !y || !isFinished(trial.state)) continue;
        const bool isBest = std::find(bests.begin(), bests.end(), trial.number) != bests.end();
        add(trial.state == TrialState::Pruned ? pruned : isBest ? best : complete, *x, *y, trial.number);
        if (trial.state == TrialState::Complete) values.push_back(*y);
    }
    // The later, the stronger: where the search went.
    for (std::size_t i = 0; i < complete.x.size(); ++i)
        complete.shade.push_back(0.25 + 0.75 * static_cast<double>(i + 1) / static_cast<double>(complete.x.size()));
    figure.y.range = valueRange(view, values, objective);
    for (ChartSeries* series : {&pruned, &complete, &best}) {
        if (!series->x.empty()) figure.series.push_back(std::move(*series));
    }
    return figure;
}

ChartFigure contourFigure(const StudyView& view, const std::string& x, const std::string& y, int objective)
{
    ChartFigure figure;
    const ParameterAxis across = axisOf(view, x), up = axisOf(view, y);
    figure.x = across.chart();
    figure.y = up.chart();
    const auto shades = shadesOf(view, objective);
    ChartSeries complete{"trials", Shape::Points, Role::Running}, best{"best", Shape::Points, Role::Best};
    struct Place {
        double x, y, shade;
    };
    std::vector<Place> places;
    // The surface is of ranks: it says where values are better, not by how much.
    figure.numbers.columns = {"what", "trial", x, y, objectiveName(view, objective), "surface"};
    const std::vector<int> bests = bestNumbers(view);
    const auto share = [](const ChartAxis& axis, double value) {
        const AxisRange range = *axis.range;
        return axis.scale == AxisScale::Logarithmic ? std::log(value / range.lower) / std::log(range.upper / range.lower)
                                                    : (value - range.lower) / range.size();
    };
    const auto at = [](const ChartAxis& axis, double part) {
        const AxisRange range = *axis.range;
        return axis.scale == AxisScale::Logarithmic ? range.lower * std::pow(range.upper / range.lower, part)
                                                    : range.lower + part * range.size();
    };
    for (const Trial& trial : view.trials) {
        const auto a = internalOf(trial, x), b = internalOf(trial, y);
        if (!a || !b || !isComplete(trial, objective)) continue;
        const bool isBest = std::find(bests.begin(), bests.end(), trial.number) != bests.end();
        add(isBest ? best : complete, *a, *b, trial.number);
        places.push_back({share(figure.x, *a), share(figure.y, *b), shades.at(trial.number)});
        figure.numbers.rows.push_back({isBest ? "best" : "complete", std::to_string(trial.number), parameterText(trial, x),
                                       parameterText(trial, y), numberText(*valueOf(trial, objective)), ""});
    }
    if (places.size() >= 3) {
        figure.field = {kFieldSide, kFieldSide, {}};
        for (int row = 0; row < kFieldSide; ++row) {
            for (int column = 0; column < kFieldSide; ++column) {
                const double px = (column + 0.5) / kFieldSide, py = (row + 0.5) / kFieldSide;
                double sum = 0, weights = 1e-12;
                for (const Place& place : places) {
                    const double distance = std::hypot(px - place.x, py - place.y) / kKernel;
                    const double weight = std::exp(-distance * distance / 2) + 1e-9;
                    sum += weight * place.shade;
                    weights += weight;
                }
                figure.field.shade.push_back(sum / weights);
                figure.numbers.rows.push_back({"surface", "", numberText(at(figure.x, px)), numberText(at(figure.y, py)), "",
                                               roundedText(sum / weights, 4)});
            }
        }
    }
    for (ChartSeries* series : {&complete, &best}) {
        if (!series->x.empty()) figure.series.push_back(std::move(*series));
    }
    return figure;
}

BarsFigure importanceFigure(const StudyView& view, int objective)
{
    return barsOf(importanceOf(view.study, view.trials, objective));
}

ChartFigure paretoFigure(const StudyView& view, int x, int y)
{
    ChartFigure figure;
    figure.x.title = objectiveName(view, x);
    figure.y.title = objectiveName(view, y);
    ChartSeries others{"trials"}, front{"front", Shape::Points, Role::Best}, line{"front", Shape::Steps, Role::Best};
    others.shade = {0.35};
    const std::vector<int> bests = bestNumbers(view);
    std::vector<std::array<double, 3>> along;
    for (const Trial& trial : view.trials) {
        if (!isComplete(trial, x) || !isComplete(trial, y)) continue;
        const bool isBest = std::find(bests.begin(), bests.end(), trial.number) != bests.end();
        add(isBest ? front : others, *valueOf(trial, x), *valueOf(trial, y), trial.number);
        if (isBest) along.push_back({*valueOf(trial, x), *valueOf(trial, y), static_cast<double>(trial.number)});
    }
    // From the best in x on, what is reached in y stays reached as x gets worse.
    std::sort(along.begin(), along.end(),
              [&](const auto& a, const auto& b) { return view.sign(x) * a[0] < view.sign(x) * b[0]; });
    for (const auto& [a, b, trial] : along) add(line, a, b, static_cast<int>(trial));
    for (ChartSeries* series : {&others, &line, &front}) {
        if (!series->x.empty()) figure.series.push_back(std::move(*series));
    }
    return figure;
}

ChartFigure timelineFigure(const StudyView& view)
{
    ChartFigure figure;
    figure.x.title = "Seconds";
    figure.y.title = "Trial";
    figure.y.whole = true;
    double first = kInfinity, last = -kInfinity;
    for (const Trial& trial : view.trials) {
        if (const auto start = secondsOf(trial.started)) first = std::min(first, *start);
        if (const auto end = secondsOf(trial.completed)) last = std::max(last, *end);
    }
    std::map<TrialState, ChartSeries> series;
    for (const auto& [state, role] : {std::pair(TrialState::Complete, Role::Plain),
                                      {TrialState::Pruned, Role::Pruned},
                                      {TrialState::Fail, Role::Failed},
                                      {TrialState::Running, Role::Running}})
        series[state] = {stateName(state), Shape::Bars, role, {}, {}};
    for (const Trial& trial : view.trials) {
        const auto start = secondsOf(trial.started);
        if (!start || !series.contains(trial.state)) continue;
        ChartSeries& own = series[trial.state];
        add(own, *start - first, trial.number, trial.number);
        own.x2.push_back(secondsOf(trial.completed).value_or(std::max(last, *start)) - first);
    }
    for (auto& [state, own] : series) {
        if (!own.x.empty()) figure.series.push_back(std::move(own));
    }
    const double count = view.trials.empty() ? 1 : view.trials.back().number + 1;
    figure.y.range = AxisRange{-1, count};
    figure.x.range = AxisRange{0, std::max(1.0, 1.02 * (last - first))};
    return figure;
}

} // namespace latentoscope
