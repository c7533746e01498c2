/// Which hyper-parameters matter: the shares of an objective's variance that each explains by itself (functional ANOVA, Hutter,
/// Hoos, Leyton-Brown 2014).
#pragma once

#include "core/studies/Journal.h"

#include <cstdint>
#include <string>
#include <vector>

namespace latentoscope {

struct Importance {
    std::string parameter;
    double share = 0; ///< of the variance over the whole space, 0 … 1; what parameters do together is in none of them
};

/// Of the parameters that all complete trials have and that vary, the most important first; over a forest of 64 trees, as
/// Optuna's FanovaImportanceEvaluator has, but with logarithmic parameters on their own scale, and with what parameters do
/// together left out instead of shared out. `objective` counts from 0. The
/// same seed, the same shares. Empty where there is nothing to tell: fewer than four complete trials, or all of one value. Throws
/// Error(InvalidArgument) for an objective that the study has not.
std::vector<Importance> importanceOf(const Study& study, const std::vector<Trial>& trials, int objective = 0,
                                     std::uint64_t seed = 0);
std::vector<Importance> importanceOf(const Journal& journal, const Study& study, int objective = 0, std::uint64_t seed = 0);

/// What a reader of these shares must know: that they are of few trials, and which parameters are in none of them, since only
/// some trials have them. Sentences without capital and full stop.
std::vector<std::string> importanceNotes(const Study& study, const std::vector<Trial>& trials, int objective = 0);

} // namespace latentoscope
