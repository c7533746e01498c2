#include "core/search/Sampler.h"

#include "core/search/ParetoFront.h"
#include "core/search/ParzenEstimator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace latentoscope {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A trial and how good it is: smaller is better, first by `step`, then by `score`.
struct Observation {
    const Trial* trial;
    double step;
    double score;
};

/// Of a study with several objectives, how good each complete trial is, from 0: by the front that it is in (frontsOf), within a
/// front the less crowded ones first.
std::map<int, double> ranksOf(const Journal& journal, const Study& study)
{
    std::vector<int> ids;
    std::vector<std::vector<double>> points;
    for (const int id : study.trials) {
        std::vector<double> point = costsOf(study, journal.trial(id));
        if (point.empty()) continue;
        ids.push_back(id);
        points.push_back(std::move(point));
    }
    const std::vector<int> fronts = frontsOf(points);
    const std::vector<double> crowding = crowdingOf(points, fronts);
    std::vector<std::size_t> order(ids.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return fronts[a] != fronts[b] ? fronts[a] < fronts[b] : crowding[a] > crowding[b];
    });
    std::map<int, double> ranks;
    for (std::size_t i = 0; i < order.size(); ++i) ranks[ids[order[i]]] = static_cast<double>(i);
    return ranks;
}

/// Complete trials first, by their value; then pruned ones, those that got furthest first; then running ones.
std::vector<Observation> observationsOf(const Journal& journal, const Study& study, bool constantLiar)
{
    const double sign = study.directions.front() == Direction::Minimize ? 1 : -1;
    const std::map<int, double> ranks = study.directions.size() > 1 ? ranksOf(journal, study) : std::map<int, double>();
    std::vector<Observation> found;
    for (const int id : study.trials) {
        const Trial& trial = journal.trial(id);
        if (trial.state == TrialState::Complete && !trial.values.empty()) {
            const auto rank = ranks.find(id);
            found.push_back({&trial, -kInfinity, rank != ranks.end() ? rank->second : sign * trial.values.front()});
        } else if (trial.state == TrialState::Pruned) {
            if (trial.intermediate.empty()) {
                found.push_back({&trial, 1, 0});
                continue;
            }
            const auto& [step, value] = *trial.intermediate.rbegin();
            found.push_back({&trial, -static_cast<double>(step), std::isnan(value) ? kInfinity : sign * value});
        } else if (trial.state == TrialState::Running && constantLiar) {
            found.push_back({&trial, kInfinity, sign * kInfinity});
        }
    }
    return found;
}

/// The good ones and the others, as indices into the observations, each in the order of their trials.
struct Halves {
    std::vector<std::size_t> below, above;
};

/// Of each parameter of a space its value in every observation; NaN: the trial has none.
using Columns = std::map<std::string, std::vector<double>>;

Columns columnsOf(const std::vector<Observation>& observations, const SearchSpace& space)
{
    Columns columns;
    std::vector<std::pair<const std::string*, std::vector<double>*>> order; // as the space's names
    for (const auto& [name, distribution] : space) {
        auto& column = columns[name];
        column.assign(observations.size(), std::numeric_limits<double>::quiet_NaN());
        order.emplace_back(&name, &column);
    }
    for (std::size_t row = 0; row < observations.size(); ++row) {
        // Both are in the order of names: one walk finds all.
        auto wanted = order.begin();
        for (const auto& [name, parameter] : observations[row].trial->parameters) {
            int compared = -1;
            while (wanted != order.end() && (compared = wanted->first->compare(name)) < 0) ++wanted;
            if (wanted == order.end()) break;
            if (compared == 0) (*wanted->second)[row] = parameter.internal;
        }
    }
    return columns;
}

Halves halvesOf(const std::vector<Observation>& observations, int good)
{
    std::vector<std::size_t> order(observations.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const Observation &left = observations[a], &right = observations[b];
        if (left.step != right.step) return left.step < right.step;
        if (std::isnan(left.score) || std::isnan(right.score)) return !std::isnan(left.score);
        return left.score < right.score;
    });
    std::vector<bool> isGood(observations.size(), false);
    for (std::size_t i = 0; i < std::min(order.size(), static_cast<std::size_t>(good)); ++i) isGood[order[i]] = true;
    Halves halves;
    for (std::size_t i = 0; i < observations.size(); ++i) (isGood[i] ? halves.below : halves.above).push_back(i);
    return halves;
}

/// Of the observations that have all of the parameters: [parameter][observation].
std::vector<std::vector<double>> valuesOf(const std::vector<std::size_t>& rows, const std::vector<std::string>& names,
                                          const Columns& columns)
{
    std::vector<const std::vector<double>*> wanted;
    for (const std::string& name : names) wanted.push_back(&columns.at(name));
    std::vector<std::vector<double>> values(names.size());
    for (const std::size_t row : rows) {
        if (std::any_of(wanted.begin(), wanted.end(),
                        [row](const std::vector<double>* column) { return std::isnan((*column)[row]); }))
            continue;
        for (std::size_t d = 0; d < names.size(); ++d) values[d].push_back((*wanted[d])[row]);
    }
    return values;
}

/// The candidate from the good ones' density at which it is largest against the others'.
std::vector<double> mostPromising(const Halves& halves, const Columns& columns, const std::vector<std::string>& names,
                                  const std::vector<Distribution>& space, const SamplerOptions& options, RandomStream& random)
{
    const auto bandwidth =
        options.kind == SamplerKind::MultivariateTpe ? ParzenEstimator::Bandwidth::Scott : ParzenEstimator::Bandwidth::Neighbours;
    const ParzenEstimator below(space, valuesOf(halves.below, names, columns), bandwidth);
    const ParzenEstimator above(space, valuesOf(halves.above, names, columns), bandwidth);
    std::vector<double> best;
    double most = -kInfinity;
    for (int i = 0; i < options.candidates; ++i) {
        std::vector<double> point = below.draw(random);
        const double score = below.logDensity(point) - above.logDensity(point);
        if (best.empty() || score > most) {
            most = score;
            best = std::move(point);
        }
    }
    return best;
}

/// What every observed trial has of the space, with compatible distributions, and more than one value.
SearchSpace sharedSpace(const std::vector<Observation>& observations, const SearchSpace& space)
{
    SearchSpace shared;
    for (const auto& [name, distribution] : space) {
        if (isSingle(distribution)) continue;
        const bool all = std::all_of(observations.begin(), observations.end(), [&](const Observation& observation) {
            return observation.trial->state == TrialState::Running || observation.trial->parameters.contains(name);
        });
        if (all) shared.emplace(name, distribution);
    }
    return shared;
}

double onlyValue(const Distribution& distribution)
{
    if (const auto* real = std::get_if<FloatDistribution>(&distribution)) return real->low;
    if (const auto* whole = std::get_if<IntDistribution>(&distribution)) return static_cast<double>(whole->low);
    return 0;
}

} // namespace

int goodOnes(int n) { return std::min(static_cast<int>(std::ceil(0.1 * n)), 25); }

std::map<std::string, double> suggest(const Journal& journal, const Study& study, const SearchSpace& space, int number,
                                      const SamplerOptions& options)
{
    std::map<std::string, double> values;
    std::vector<Observation> observations;
    int known = 0; // complete and pruned ones
    if (options.kind != SamplerKind::Random) {
        observations = observationsOf(journal, study, options.constantLiar);
        known = static_cast<int>(
            std::count_if(observations.begin(), observations.end(), [](const Observation& one) { return one.step < kInfinity; }));
    }
    const bool estimates = options.kind != SamplerKind::Random && known >= options.startupTrials;
    const Halves halves = halvesOf(observations, goodOnes(known));
    const Columns columns = estimates ? columnsOf(observations, space) : Columns();
    const auto streamOf = [&](std::uint32_t index) {
        return RandomStream(options.seed, RandomPurpose::Sampler, static_cast<std::uint32_t>(number), index);
    };
    std::uint32_t index = 0;
    if (estimates && options.kind == SamplerKind::MultivariateTpe) {
        std::vector<std::string> names;
        std::vector<Distribution> distributions;
        for (const auto& [name, distribution] : sharedSpace(observations, space)) {
            names.push_back(name);
            distributions.push_back(distribution);
        }
        if (!names.empty()) {
            RandomStream random = streamOf(index);
            const std::vector<double> point = mostPromising(halves, columns, names, distributions, options, random);
            for (std::size_t d = 0; d < names.size(); ++d) values[names[d]] = point[d];
        }
    }
    for (const auto& [name, distribution] : space) {
        ++index;
        if (values.contains(name)) continue;
        RandomStream random = streamOf(index);
        if (isSingle(distribution))
            values[name] = onlyValue(distribution);
        else if (estimates)
            values[name] = mostPromising(halves, columns, {name}, {distribution}, options, random).front();
        else
            values[name] = drawUniform(distribution, random);
    }
    return values;
}

} // namespace latentoscope
