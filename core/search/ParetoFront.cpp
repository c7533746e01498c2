#include "core/search/ParetoFront.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace latentoscope {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// At least as good everywhere, and better somewhere.
bool dominates(const std::vector<double>& a, const std::vector<double>& b)
{
    bool better = false;
    for (std::size_t d = 0; d < a.size(); ++d) {
        if (a[d] > b[d]) return false;
        better = better || a[d] < b[d];
    }
    return better;
}

} // namespace

std::vector<int> frontsOf(const std::vector<std::vector<double>>& points)
{
    // In the order of their coordinates, whatever dominates a point comes before it.
    std::vector<std::size_t> order(points.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
    std::vector<int> fronts(points.size(), 0);
    std::vector<std::vector<std::size_t>> members;
    for (const std::size_t i : order) {
        std::size_t front = 0;
        while (front < members.size() && std::any_of(members[front].begin(), members[front].end(),
                                                     [&](std::size_t other) { return dominates(points[other], points[i]); }))
            ++front;
        if (front == members.size()) members.emplace_back();
        members[front].push_back(i);
        fronts[i] = static_cast<int>(front);
    }
    return fronts;
}

std::vector<double> crowdingOf(const std::vector<std::vector<double>>& points, const std::vector<int>& fronts)
{
    std::vector<double> crowding(points.size(), 0);
    const int count = fronts.empty() ? 0 : *std::max_element(fronts.begin(), fronts.end()) + 1;
    for (int front = 0; front < count; ++front) {
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < points.size(); ++i) {
            if (fronts[i] == front) members.push_back(i);
        }
        for (std::size_t d = 0; d < points[members.front()].size(); ++d) {
            std::stable_sort(members.begin(), members.end(),
                             [&](std::size_t a, std::size_t b) { return points[a][d] < points[b][d]; });
            const double extent = points[members.back()][d] - points[members.front()][d];
            crowding[members.front()] = crowding[members.back()] = kInfinity;
            if (!(extent > 0) || !std::isfinite(extent)) continue;
            for (std::size_t i = 1; i + 1 < members.size(); ++i)
                crowding[members[i]] += (points[members[i + 1]][d] - points[members[i - 1]][d]) / extent;
        }
    }
    return crowding;
}

std::vector<double> costsOf(const Study& study, const Trial& trial)
{
    std::vector<double> costs;
    if (trial.state != TrialState::Complete || trial.values.size() != study.directions.size()) return costs;
    for (std::size_t d = 0; d < trial.values.size(); ++d) {
        const double cost = study.directions[d] == Direction::Minimize ? trial.values[d] : -trial.values[d];
        costs.push_back(std::isnan(cost) ? kInfinity : cost);
    }
    return costs;
}

std::vector<std::size_t> bestAmong(const Study& study, const std::vector<const Trial*>& trials)
{
    std::vector<std::size_t> places;
    std::vector<std::vector<double>> points;
    for (std::size_t i = 0; i < trials.size(); ++i) {
        std::vector<double> point = costsOf(study, *trials[i]);
        if (point.empty()) continue;
        places.push_back(i);
        points.push_back(std::move(point));
    }
    if (places.empty()) return {};
    if (study.directions.size() == 1)
        return {places[static_cast<std::size_t>(std::min_element(points.begin(), points.end()) - points.begin())]};
    const std::vector<int> fronts = frontsOf(points);
    std::vector<std::size_t> best;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (fronts[i] == 0) best.push_back(places[i]);
    }
    return best;
}

std::vector<int> bestTrials(const Journal& journal, const Study& study)
{
    std::vector<const Trial*> trials;
    for (const int id : study.trials) trials.push_back(&journal.trial(id));
    std::vector<int> best;
    for (const std::size_t place : bestAmong(study, trials)) best.push_back(study.trials[place]);
    return best;
}

} // namespace latentoscope
