/// Measures a trained network on a split.
#pragma once

#include "core/kinds/Kind.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace latentoscope {

struct DataSet;
struct ItemSelection;
class FrozenModel;

struct Evaluation {
    std::string split;
    int images = 0;
    std::vector<NamedValue> values; ///< means of the kind's measures, then what follows from them
    double seconds = 0;             ///< of computing

    /// The value of that name. Throws Error(InvalidArgument) where there is none.
    double at(const std::string& name) const;
};

/// Measures every chosen item on `threads` threads (≥ 1). The same figures at any thread count; noise, where the network has
/// any, follows the seed. Blocks. Throws Error(Numeric) where a figure is NaN or infinite.
Evaluation evaluate(const FrozenModel& model, const DataSet& data, const ItemSelection& items, int threads,
                    std::uint64_t seed = 0);

/// What there is to say of a network that has collapsed over the chosen items, a sentence without capital and full stop; empty
/// where it has not: one class or one code for every image, or a posterior without an active unit in `figures` (as evaluate()
/// gives them).
std::string collapseOver(const FrozenModel& model, const DataSet& data, const ItemSelection& items,
                         const std::vector<NamedValue>& figures, int threads);

/// The mean over the chosen items of the importance-weighted lower bound of log p(x) with so many samples of each posterior
/// (Burda et al. 2016), in nats an image: larger is better, and one sample gives the (positive) ELBO. The same figure at any
/// thread count. Blocks; `progress` hears which share is done, on any thread. Throws Error(InvalidArgument) where the network has
/// no posterior, Error(Numeric) as evaluate().
double importanceWeightedBound(const FrozenModel& model, const DataSet& data, const ItemSelection& items, int samples,
                               int threads, std::uint64_t seed = 0, const std::function<void(double share)>& progress = {});

} // namespace latentoscope
