/// How images are divided among classes: what a classifier that has learned nothing else does by guessing.
#pragma once

#include "core/data/Label.h"

#include <span>
#include <vector>

namespace latentoscope {

struct ClassShares {
    std::vector<double> shares; ///< of each label from 0, together 1; empty without images
    int present = 0;            ///< classes with an image

    /// Share of the most frequent class: the accuracy (0 … 1) of always naming it.
    double largest() const;
    /// Σ −p ln p in nats: the negative log-likelihood of always giving these shares as probabilities.
    double entropy() const;
};

/// Of these items (indices) of a set with these labels.
ClassShares classShares(std::span<const Label> labels, std::span<const int> items);
/// Of all labels.
ClassShares classShares(std::span<const Label> labels);

} // namespace latentoscope
