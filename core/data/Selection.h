/// A data set together with how its training images are divided, and the selections that views and figures make from it.
#pragma once

#include "core/data/ItemSelection.h"

#include <cstdint>
#include <memory>
#include <string>

namespace latentoscope {

struct DataOptions;
struct DataSet;
struct Split;

/// Made once and shared by training, views and evaluation, so that all of them mean the same items. Plain values; any thread.
struct DividedData {
    std::shared_ptr<const DataSet> set;
    std::shared_ptr<const Split> split; ///< of set->train
    std::uint64_t seed = 0;             ///< of what is selected from it
};

/// Holds out one of the folds (foldsByClass) or, without any, a share of every class (splitByClass). Throws
/// Error(InvalidArgument) as those.
DividedData divide(std::shared_ptr<const DataSet> set, const DataOptions& options);

/// Everything of one split: "train" (without what is held out), "validation" or "test"; or "all", training and test images
/// together, the latter numbered after the former.
/// Throws Error(InvalidArgument) naming the split, and where nothing is held out.
ItemSelection wholeSplit(const DividedData& data, const std::string& split);

/// The items that views show: validation items or, without any, the test set's; at most `limit`, stratified by class and seeded
/// where there are more. Ascending.
ItemSelection heldOutItems(const DividedData& data, int limit);

/// At most `limit` of heldOutItems for a grid of images: one of each class in turn, so that any first few show them all.
ItemSelection showcaseItems(const DividedData& data, int limit);

} // namespace latentoscope
