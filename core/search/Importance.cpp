#include "core/search/Importance.h"

#include "core/base/Error.h"
#include "core/search/RegressionForest.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace latentoscope {
namespace {

constexpr int kTrees = 64;
constexpr std::size_t kLeastTrials = 4;
constexpr std::size_t kEnoughTrials = 20; ///< below, shares differ much from one study to the next

bool isLogarithmic(const Distribution& distribution)
{
    if (const auto* real = std::get_if<FloatDistribution>(&distribution)) return real->log;
    if (const auto* whole = std::get_if<IntDistribution>(&distribution)) return whole->log;
    return false;
}

ForestDimension dimensionOf(const Distribution& distribution)
{
    ForestDimension dimension;
    if (const auto* choices = std::get_if<CategoricalDistribution>(&distribution)) {
        dimension.categories = static_cast<int>(choices->choices.size());
        return dimension;
    }
    const auto* real = std::get_if<FloatDistribution>(&distribution);
    const auto* whole = std::get_if<IntDistribution>(&distribution);
    dimension.low = real != nullptr ? real->low : static_cast<double>(whole->low);
    dimension.high = real != nullptr ? real->high : static_cast<double>(whole->high);
    if (isLogarithmic(distribution)) {
        dimension.low = std::log(dimension.low);
        dimension.high = std::log(dimension.high);
    }
    return dimension;
}

bool isVarying(const ForestDimension& dimension)
{
    return dimension.categories > 1 || (dimension.categories == 0 && dimension.low < dimension.high);
}

/// The share of a dimension that a side covers.
double shareOf(const LeafSide& side, const ForestDimension& dimension)
{
    if (dimension.categories == 0) return (side.high - side.low) / (dimension.high - dimension.low);
    return static_cast<double>(std::count(side.contains.begin(), side.contains.end(), true)) / dimension.categories;
}

/// A dimension cut so finely that each leaf covers whole pieces: places within the pieces, and their shares.
struct Pieces {
    std::vector<double> places;
    std::vector<double> shares;
};

Pieces piecesOf(const RegressionTree& tree, std::size_t d, const ForestDimension& dimension)
{
    Pieces pieces;
    if (dimension.categories > 0) {
        for (int c = 0; c < dimension.categories; ++c) pieces.places.push_back(c);
        pieces.shares.assign(pieces.places.size(), 1.0 / dimension.categories);
        return pieces;
    }
    std::vector<double> bounds{dimension.low, dimension.high};
    for (const ForestLeaf& leaf : tree) bounds.push_back(leaf.sides[d].low);
    std::sort(bounds.begin(), bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
        pieces.places.push_back((bounds[i] + bounds[i + 1]) / 2);
        pieces.shares.push_back((bounds[i + 1] - bounds[i]) / (dimension.high - dimension.low));
    }
    return pieces;
}

bool covers(const LeafSide& side, const ForestDimension& dimension, double place)
{
    return dimension.categories > 0 ? side.contains[static_cast<std::size_t>(place)] : place > side.low && place < side.high;
}

/// The shares of a tree's variance that each dimension explains by itself; none where it has no variance.
std::optional<std::vector<double>> sharesOf(const RegressionTree& tree, const std::vector<ForestDimension>& dimensions)
{
    std::vector<double> volumes;
    double mean = 0;
    for (const ForestLeaf& leaf : tree) {
        double volume = 1;
        for (std::size_t d = 0; d < dimensions.size(); ++d) volume *= shareOf(leaf.sides[d], dimensions[d]);
        volumes.push_back(volume);
        mean += volume * leaf.value;
    }
    double variance = 0;
    for (std::size_t i = 0; i < tree.size(); ++i) variance += volumes[i] * (tree[i].value - mean) * (tree[i].value - mean);
    if (!(variance > 0)) return std::nullopt;
    std::vector<double> shares;
    for (std::size_t d = 0; d < dimensions.size(); ++d) {
        const Pieces pieces = piecesOf(tree, d, dimensions[d]);
        double own = 0;
        for (std::size_t p = 0; p < pieces.places.size(); ++p) {
            double marginal = 0; // the mean over all other dimensions
            for (std::size_t i = 0; i < tree.size(); ++i) {
                const LeafSide& side = tree[i].sides[d];
                if (covers(side, dimensions[d], pieces.places[p]))
                    marginal += tree[i].value * volumes[i] / shareOf(side, dimensions[d]);
            }
            own += pieces.shares[p] * (marginal - mean) * (marginal - mean);
        }
        shares.push_back(own / variance);
    }
    return shares;
}

/// Complete, with a finite value of the objective.
std::vector<const Trial*> judgedTrials(const Study& study, const std::vector<Trial>& all, int objective)
{
    std::vector<const Trial*> trials;
    for (const Trial& trial : all) {
        const bool complete = trial.state == TrialState::Complete && trial.values.size() == study.directions.size();
        if (complete && std::isfinite(trial.values[static_cast<std::size_t>(objective)])) trials.push_back(&trial);
    }
    return trials;
}

} // namespace

std::vector<std::string> importanceNotes(const Study& study, const std::vector<Trial>& all, int objective)
{
    const std::vector<const Trial*> trials = judgedTrials(study, all, objective);
    std::map<std::string, std::size_t> having;
    for (const Trial* trial : trials)
        for (const auto& [name, parameter] : trial->parameters) ++having[name];
    std::vector<std::string> notes;
    if (trials.size() < kEnoughTrials)
        notes.push_back("only " + std::to_string(trials.size()) + " complete trials: with fewer than " +
                        std::to_string(kEnoughTrials) + " the shares are rough");
    for (const auto& [name, count] : having) {
        if (count < trials.size())
            notes.push_back(name + " is left out: " + std::to_string(count) + " of " + std::to_string(trials.size()) +
                            " trials have it");
    }
    return notes;
}

std::vector<Importance> importanceOf(const Journal& journal, const Study& study, int objective, std::uint64_t seed)
{
    std::vector<Trial> trials;
    for (const int id : study.trials) trials.push_back(journal.trial(id));
    return importanceOf(study, trials, objective, seed);
}

std::vector<Importance> importanceOf(const Study& study, const std::vector<Trial>& all, int objective, std::uint64_t seed)
{
    if (objective < 0 || objective >= static_cast<int>(study.directions.size())) {
        throw Error(Error::Kind::InvalidArgument, "objective: found " + std::to_string(objective) +
                                                      ", expected one of the study's " + std::to_string(study.directions.size()) +
                                                      ", from 0");
    }
    const std::vector<const Trial*> trials = judgedTrials(study, all, objective);
    if (trials.size() < kLeastTrials) return {};
    std::vector<Importance> importance;
    std::vector<ForestDimension> dimensions;
    std::vector<const Distribution*> distributions;
    for (const auto& [name, parameter] : trials.back()->parameters) {
        const bool everywhere =
            std::all_of(trials.begin(), trials.end(), [&](const Trial* trial) { return trial->parameters.contains(name); });
        ForestDimension dimension = dimensionOf(*parameter.distribution);
        for (const Trial* trial : trials) { // ranges may have grown since
            if (!everywhere || dimension.categories > 0) break;
            const ForestDimension other = dimensionOf(*trial->parameters.at(name).distribution);
            dimension.low = std::min(dimension.low, other.low);
            dimension.high = std::max(dimension.high, other.high);
        }
        if (!everywhere || !isVarying(dimension)) continue;
        importance.push_back({name, 0});
        dimensions.push_back(dimension);
        distributions.push_back(parameter.distribution.get());
    }
    if (dimensions.empty()) return {};
    std::vector<std::vector<double>> points;
    std::vector<double> values;
    for (const Trial* trial : trials) {
        points.emplace_back();
        for (std::size_t d = 0; d < importance.size(); ++d) {
            const double value = trial->parameters.at(importance[d].parameter).internal;
            points.back().push_back(isLogarithmic(*distributions[d]) ? std::log(value) : value);
        }
        values.push_back(trial->values[static_cast<std::size_t>(objective)]);
    }
    int told = 0;
    for (std::uint32_t tree = 0; tree < kTrees; ++tree) {
        RandomStream random(seed, RandomPurpose::Forest, tree);
        const auto shares = sharesOf(growTree(points, values, dimensions, random), dimensions);
        if (!shares) continue;
        ++told;
        for (std::size_t d = 0; d < shares->size(); ++d) importance[d].share += (*shares)[d];
    }
    if (told == 0) return {};
    for (Importance& one : importance) one.share /= told;
    std::stable_sort(importance.begin(), importance.end(),
                     [](const Importance& a, const Importance& b) { return a.share > b.share; });
    return importance;
}

} // namespace latentoscope
