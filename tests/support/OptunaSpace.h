/// The space of tests/core/studies/optuna_study.py, which has every kind of parameter.
#pragma once

#include "core/search/SearchSpace.h"

#include <cstdint>

namespace latentoscope::test {

inline const SearchSpace& optunaSpace()
{
    static const SearchSpace all{{"real", FloatDistribution{-2, 3}},
                                 {"log", FloatDistribution{1e-5, 0.1, true}},
                                 {"step", FloatDistribution{0, 1, false, 0.25}},
                                 {"int", IntDistribution{2, 20}},
                                 {"intlog", IntDistribution{1, 64, true}},
                                 {"cat", CategoricalDistribution{{std::string("a"), std::monostate(), std::int64_t{3}, true}}}};
    return all;
}

} // namespace latentoscope::test
