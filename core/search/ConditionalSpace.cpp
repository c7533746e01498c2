#include "core/search/ConditionalSpace.h"

#include "core/base/Error.h"
#include "core/base/Text.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace latentoscope {
namespace {

constexpr std::size_t kMostGridPoints = 100'000;

enum class Visit { Begun, Done };

void visit(const ConditionalSpace& space, const std::string& name, std::map<std::string, Visit>& visits,
           std::vector<std::string>& order)
{
    if (const auto found = visits.find(name); found != visits.end()) {
        if (found->second == Visit::Done) return;
        throw Error(Error::Kind::InvalidArgument,
                    name + ".when: found a condition that leads back to " + name + " itself, expected one on other parameters");
    }
    visits[name] = Visit::Begun;
    if (const auto condition = space.conditions.find(name); condition != space.conditions.end()) {
        for (const auto& [other, values] : condition->second) {
            if (!space.parameters.contains(other)) {
                throw Error(Error::Kind::InvalidArgument,
                            name + ".when: found " + other + ", expected another parameter of the space");
            }
            visit(space, other, visits, order);
        }
    }
    visits[name] = Visit::Done;
    order.push_back(name);
}

bool isActive(const ConditionalSpace& space, const std::string& name, const std::map<std::string, double>& active)
{
    const auto condition = space.conditions.find(name);
    if (condition == space.conditions.end()) return true;
    return std::all_of(condition->second.begin(), condition->second.end(), [&](const auto& one) {
        const auto value = active.find(one.first);
        return value != active.end() && std::find(one.second.begin(), one.second.end(), value->second) != one.second.end();
    });
}

/// `count` values from low to high.
std::vector<double> evenly(double low, double high, bool log, int count)
{
    if (low == high) return {low};
    std::vector<double> values;
    for (int i = 0; i < count; ++i) {
        const double share = static_cast<double>(i) / (count - 1);
        values.push_back(log ? low * std::pow(high / low, share) : low + share * (high - low));
    }
    values.back() = high; // exactly
    return values;
}

std::vector<double> gridValues(const Distribution& distribution, int most)
{
    if (const auto* choices = std::get_if<CategoricalDistribution>(&distribution)) {
        std::vector<double> values;
        for (std::size_t i = 0; i < choices->choices.size(); ++i) values.push_back(static_cast<double>(i));
        return values;
    }
    const auto* real = std::get_if<FloatDistribution>(&distribution);
    const auto* whole = std::get_if<IntDistribution>(&distribution);
    const double low = real != nullptr ? real->low : static_cast<double>(whole->low);
    const double high = real != nullptr ? real->high : static_cast<double>(whole->high);
    const bool log = real != nullptr ? real->log : whole->log;
    const double step = real != nullptr ? real->step.value_or(0) : static_cast<double>(whole->step);
    if (!(step > 0)) return evenly(low, high, log, most);
    const auto steps = std::floor((high - low) / step + 1e-9);
    std::vector<double> values;
    if (steps < most) {
        for (int i = 0; i <= static_cast<int>(steps); ++i) values.push_back(low + i * step);
    } else {
        for (const double value : evenly(low, low + steps * step, log, most))
            values.push_back(low + step * std::nearbyint((value - low) / step));
        values.erase(std::unique(values.begin(), values.end()), values.end());
    }
    return values;
}

} // namespace

std::vector<std::string> dependencyOrder(const ConditionalSpace& space)
{
    std::vector<std::string> order;
    std::map<std::string, Visit> visits;
    for (const auto& [name, condition] : space.conditions) {
        if (!space.parameters.contains(name))
            throw Error(Error::Kind::InvalidArgument, name + ": found a condition, but no such parameter");
        for (const auto& [other, values] : condition) {
            const auto on = space.parameters.find(other);
            if (on == space.parameters.end()) continue; // said below, with the way that leads there
            const auto* categorical = std::get_if<CategoricalDistribution>(&on->second);
            for (const double value : values) {
                if (categorical == nullptr || (value >= 0 && value < static_cast<double>(categorical->choices.size()))) continue;
                throw Error(Error::Kind::InvalidArgument, name + ": found a condition on choice " + numberText(value) + " of " +
                                                              other + ", expected one of its " +
                                                              std::to_string(categorical->choices.size()) + " choices, from 0");
            }
        }
    }
    for (const auto& [name, distribution] : space.parameters) visit(space, name, visits, order);
    return order;
}

ConditionalSpace withDistribution(ConditionalSpace space, const std::string& name, const Distribution& distribution)
{
    const Distribution before = space.parameters.at(name);
    space.parameters.at(name) = distribution;
    const auto* categorical = std::get_if<CategoricalDistribution>(&distribution);
    const auto* earlier = std::get_if<CategoricalDistribution>(&before);
    if (categorical == nullptr || earlier == nullptr) return space;
    for (auto& [dependent, condition] : space.conditions) {
        const auto on = condition.find(name);
        if (on == condition.end()) continue;
        std::vector<double> kept;
        std::vector<std::string> wanted;
        for (const double value : on->second) {
            const auto& choice = earlier->choices.at(static_cast<std::size_t>(value));
            const auto found = std::find(categorical->choices.begin(), categorical->choices.end(), choice);
            if (found != categorical->choices.end()) kept.push_back(static_cast<double>(found - categorical->choices.begin()));
            wanted.push_back(valueText(before, value));
        }
        if (kept.empty()) {
            throw Error(Error::Kind::InvalidArgument,
                        dependent + ": is searched only where " + name + " is " + joined(wanted, " or ") +
                            ", which is none of the choices any more; add it, or leave " + dependent + " out");
        }
        on->second = kept;
    }
    return space;
}

std::map<std::string, double> activeOf(const ConditionalSpace& space, const std::map<std::string, double>& values)
{
    std::map<std::string, double> active;
    for (const std::string& name : dependencyOrder(space)) {
        const auto value = values.find(name);
        if (value != values.end() && isActive(space, name, active)) active.insert(*value);
    }
    return active;
}

std::vector<std::map<std::string, double>> gridOf(const ConditionalSpace& space, int most)
{
    if (most < 2)
        throw Error(Error::Kind::InvalidArgument, "grid: found " + std::to_string(most) + " values, expected at least 2");
    std::vector<std::map<std::string, double>> points{{}};
    for (const std::string& name : dependencyOrder(space)) {
        const std::vector<double> values = gridValues(space.parameters.at(name), most);
        std::vector<std::map<std::string, double>> further;
        for (const auto& point : points) {
            if (!isActive(space, name, point)) {
                further.push_back(point);
                continue;
            }
            for (const double value : values) {
                further.push_back(point);
                further.back()[name] = value;
            }
            if (further.size() > kMostGridPoints) {
                throw Error(Error::Kind::InvalidArgument, "grid: found more than " + std::to_string(kMostGridPoints) +
                                                              " points; give fewer values a parameter, or narrower ranges");
            }
        }
        points = std::move(further);
    }
    return points;
}

} // namespace latentoscope
