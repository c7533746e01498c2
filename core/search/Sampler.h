/// What a study tries next: at random, or where a tree-structured Parzen estimator expects the most (TPE, Bergstra et al. 2011),
/// with the defaults of Optuna 3.1's TPESampler.
#pragma once

#include "core/search/SearchSpace.h"
#include "core/studies/Journal.h"

#include <cstdint>
#include <map>
#include <string>

namespace latentoscope {

enum class SamplerKind {
    Random,
    Tpe,            ///< each parameter for itself
    MultivariateTpe ///< all together, as far as all observed trials have them
};

struct SamplerOptions {
    SamplerKind kind = SamplerKind::Tpe;
    std::uint64_t seed = 0;
    int startupTrials = 10;   ///< drawn at random before there is an estimate
    int candidates = 24;      ///< of which the most promising is taken
    bool constantLiar = true; ///< running trials count as bad ones, so that workers keep out of each other's way
};

/// Internal values for the parameters of a new trial. The same study, seed and number give the same values; what `number` is the
/// trial's. With several objectives the good trials are those of the first fronts (non-dominated sorting).
std::map<std::string, double> suggest(const Journal& journal, const Study& study, const SearchSpace& space, int number,
                                      const SamplerOptions& options);

/// How many of n observations are "below", the good ones.
int goodOnes(int n);

} // namespace latentoscope
