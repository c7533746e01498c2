/// Settings that are one of a few words: an enumeration each, and one table of its words (a ChoiceWords beside the enumeration),
/// as JSON and the command line have them.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace latentoscope {

/// The words of an enumeration, in the order of its values.
template <class Choice> struct ChoiceWords;

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
