/// Ties what a network computes to what its kind says it measures, by name.
#pragma once

#include "core/kinds/Kind.h"

#include <cstddef>
#include <string>
#include <vector>

namespace latentoscope {

/// Where each of a kind's measures goes in BatchResult::sums. A network takes all of them when it is made: a kind and a network
/// that do not agree are refused then, and not found in wrong curves.
class MeasureSlots {
public:
    explicit MeasureSlots(const std::vector<Measure>& measures);

    std::size_t count() const { return m_names.size(); }
    /// Throws Error(InvalidArgument) where the kind has no such measure, or it was taken before.
    std::size_t take(const std::string& name);
    /// Of PREFIX0, PREFIX1 …, which are as many.
    std::vector<std::size_t> takeNumbered(const std::string& prefix, int count);
    /// Throws Error(InvalidArgument) naming a measure that nobody has taken, and so nobody computes.
    void requireAllTaken() const;

private:
    std::vector<std::string> m_names;
    std::vector<bool> m_taken;
};

} // namespace latentoscope
