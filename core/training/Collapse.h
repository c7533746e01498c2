/// Tells when a classifier's training has come to nothing.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/ClassShares.h"

#include <optional>
#include <string>

namespace latentoscope {

struct EpochMetrics;

/// For how long figures must be those of guessing before that is called a collapse: learning is slow at its beginning too.
inline constexpr int kCollapseEpochs = 5;
inline constexpr int kCollapseSteps = 100;

/// Whether an epoch's figures are those of a network that has collapsed: it takes every image for one class, or its loss and its
/// accuracy are those of guessing by how frequent classes are. By validation images where there are any; `shares` are those of
/// the images that the figures are of. The sentence says so, and what to try; none where it has not, or does not classify.
std::optional<std::string> collapse(const Configuration& configuration, const ClassShares& shares, const EpochMetrics& epoch);

/// Looks at one epoch after the other and says it once.
class CollapseWatch {
public:
    /// `shares` as collapse() takes them.
    CollapseWatch(Configuration configuration, ClassShares shares)
        : m_configuration(std::move(configuration)), m_shares(std::move(shares))
    {
    }
    /// What is to be said after this epoch; empty: nothing, or it was said before.
    std::string look(const EpochMetrics& epoch, int stepsPerEpoch);

private:
    Configuration m_configuration;
    ClassShares m_shares;
    int m_epochs = 0; ///< collapsed ones, one after the other
    bool m_said = false;
};

} // namespace latentoscope
