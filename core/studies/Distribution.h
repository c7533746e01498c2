/// What a hyper-parameter may be, as Optuna 3.1 has it: the same kinds, the same JSON, the same internal values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace latentoscope {

struct FloatDistribution {
    double low = 0;
    double high = 1; ///< inclusive
    bool log = false;
    std::optional<double> step = {}; ///< values are low, low + step, …; never with log

    bool operator==(const FloatDistribution&) const = default;
};

struct IntDistribution {
    std::int64_t low = 0;
    std::int64_t high = 1; ///< inclusive
    bool log = false;
    std::int64_t step = 1; ///< 1 with log

    bool operator==(const IntDistribution&) const = default;
};

/// One choice: Python's None, bool, int, float or str.
using CategoricalChoice = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

struct CategoricalDistribution {
    std::vector<CategoricalChoice> choices;

    bool operator==(const CategoricalDistribution&) const = default;
};

/// The internal value of a parameter is the number itself, or the index of a choice.
using Distribution = std::variant<FloatDistribution, IntDistribution, CategoricalDistribution>;

/// Optuna's JSON text, as distribution_to_json writes it.
std::string distributionText(const Distribution& distribution);

/// Reads it, the kinds of older files (UniformDistribution, …) too. Throws Error(CorruptData) saying what was found.
Distribution distributionOf(const std::string& text);

/// Whether a study may go on with `newer` for a parameter that had `older`: the same kind, the same log, the same choices.
bool compatible(const Distribution& older, const Distribution& newer);

/// A choice as JSON: null, true, 3, 0.5, "Adam".
std::string choiceText(const CategoricalChoice& choice);

/// A value as a person reads it: "0.01", "11", "Adam".
std::string valueText(const Distribution& distribution, double internal);

/// The same as JSON.
std::string valueJson(const Distribution& distribution, double internal);

} // namespace latentoscope
