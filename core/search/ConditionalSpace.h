/// A search space in which some parameters mean something only while others have certain values, as momentum does for SGD.
#pragma once

#include "core/search/SearchSpace.h"

#include <map>
#include <string>
#include <vector>

namespace latentoscope {

/// Of one parameter: the internal values that each of some others may have for it to be there.
using Condition = std::map<std::string, std::vector<double>>;

struct ConditionalSpace {
    SearchSpace parameters;
    std::map<std::string, Condition> conditions = {}; ///< of those parameters that have one

    bool operator==(const ConditionalSpace&) const = default;
};

/// The parameters, by name, whose conditions come before theirs; throws Error(InvalidArgument) naming a parameter whose condition
/// leads back to itself, or to one that is not there.
std::vector<std::string> dependencyOrder(const ConditionalSpace& space);

/// The space with another range or other choices for one of its parameters. Conditions on its choices are kept by what they are,
/// not by their places. Throws Error(InvalidArgument) naming the parameter whose condition no choice fulfils any more.
ConditionalSpace withDistribution(ConditionalSpace space, const std::string& name, const Distribution& distribution);

/// Of values for all parameters those that mean something. Throws as dependencyOrder.
std::map<std::string, double> activeOf(const ConditionalSpace& space, const std::map<std::string, double>& values);

/// All points of a grid over the space, each with its active parameters: whole and stepped ranges of at most `most` values (≥ 2)
/// and choices whole, of other ranges `most` values evenly from end to end on their scale. In the order of the parameters'
/// dependence, the last changing fastest. Throws Error(InvalidArgument) where there are more than 100,000, and as
/// dependencyOrder.
std::vector<std::map<std::string, double>> gridOf(const ConditionalSpace& space, int most);

} // namespace latentoscope
