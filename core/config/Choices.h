/// Settings that are one of a few words: an enumeration each, and one table of their words, as JSON and the command line have
/// them.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace latentoscope {

/// What a pixel is taken for, given its reconstruction: squared error, or binary cross-entropy.
enum class PixelLikelihood { Gaussian, Bernoulli };
/// How weights begin: uniform in ±1/√fan-in as PyTorch does by itself, or normal (He et al. 2015).
enum class WeightInitialisation { Uniform, Kaiming };
/// The rule that turns gradients into steps (Optimizer.h).
enum class OptimizerRule { Adam, AdamW, Sgd, RmsProp };
/// How the learning rate goes over the training (Schedule.h).
enum class LearningRateSchedule { Constant, Cosine, OneCycle };
/// Which epoch's weights a run keeps: the last, or the best by validation loss.
enum class KeptWeights { Last, Best };

/// The words of an enumeration, in the order of its values.
template <class Choice> struct ChoiceWords;
template <> struct ChoiceWords<PixelLikelihood> {
    static constexpr std::array<std::string_view, 2> kAll{"gaussian", "bernoulli"};
};
template <> struct ChoiceWords<WeightInitialisation> {
    static constexpr std::array<std::string_view, 2> kAll{"uniform", "kaiming"};
};
template <> struct ChoiceWords<OptimizerRule> {
    static constexpr std::array<std::string_view, 4> kAll{"adam", "adamw", "sgd", "rmsprop"};
};
template <> struct ChoiceWords<LearningRateSchedule> {
    static constexpr std::array<std::string_view, 3> kAll{"constant", "cosine", "one-cycle"};
};
template <> struct ChoiceWords<KeptWeights> {
    static constexpr std::array<std::string_view, 2> kAll{"last", "best"};
};

template <class Choice> std::string wordOf(Choice choice)
{
    return std::string(ChoiceWords<Choice>::kAll.at(static_cast<std::size_t>(choice)));
}

/// None where it is no word of this choice.
template <class Choice> std::optional<Choice> choiceOf(std::string_view word)
{
    for (std::size_t i = 0; i < ChoiceWords<Choice>::kAll.size(); ++i) {
        if (ChoiceWords<Choice>::kAll[i] == word) return static_cast<Choice>(i);
    }
    return std::nullopt;
}

/// All of them.
template <class Choice> std::vector<std::string> wordsOf()
{
    return {ChoiceWords<Choice>::kAll.begin(), ChoiceWords<Choice>::kAll.end()};
}

} // namespace latentoscope
