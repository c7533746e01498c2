/// Divides a training set into training and validation items, and picks seeded, stratified subsets.
#pragma once

#include <cstdint>
#include <vector>

namespace latentoscope {

struct ImageSet;

struct Split {
    std::vector<int> train;      ///< ascending indices
    std::vector<int> validation; ///< ascending indices; empty for fraction 0
};

/// Holds out the same share of every class, rounded to nearest within each; fraction 0 … 0.9. Same seed, same items.
/// Throws Error(InvalidArgument) where nothing would be left to train on.
Split splitByClass(const ImageSet& set, double validationFraction, std::uint64_t seed);

/// k folds (k ≥ 2) that hold out every image once, each as even a share of every class as its count allows; fold f is the f-th.
/// A class of fewer images than folds is missing in some of what is held out. Same seed, same folds. Throws
/// Error(InvalidArgument) where k is less than 2 or more than there are images.
std::vector<Split> foldsByClass(const ImageSet& set, int folds, std::uint64_t seed);

/// At most `limit` of `items`, the classes in proportion; all of them where there are no more. Ascending.
std::vector<int> stratifiedSubset(const ImageSet& set, const std::vector<int>& items, int limit, std::uint64_t seed);

/// The same share (0 … 1) of every class that `items` holds, rounded to nearest within each. Ascending; same seed, same items.
/// Throws Error(InvalidArgument) where a class would be left with none.
std::vector<int> shareByClass(const ImageSet& set, const std::vector<int>& items, double share, std::uint64_t seed);

/// The order in which one epoch visits `items` (epoch 1, 2, …): a seeded shuffle, the same at any thread count.
std::vector<int> epochOrder(const std::vector<int>& items, std::uint64_t seed, int epoch);

} // namespace latentoscope
