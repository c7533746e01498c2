#include "core/data/Split.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/base/Text.h"
#include "core/data/ImageSet.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace latentoscope {
namespace {

std::vector<std::vector<int>> shuffledByClass(const ImageSet& set, const std::vector<int>& items, std::uint64_t seed,
                                              RandomPurpose purpose)
{
    std::vector<std::vector<int>> classes;
    for (const int item : items) {
        const std::size_t label = set.labels[static_cast<std::size_t>(item)];
        if (classes.size() <= label) classes.resize(label + 1);
        classes[label].push_back(item);
    }
    for (std::uint32_t label = 0; label < classes.size(); ++label) {
        RandomStream random(seed, purpose, label);
        shuffle(classes[label], random);
    }
    return classes;
}

std::vector<int> allItems(const ImageSet& set)
{
    std::vector<int> items(static_cast<std::size_t>(set.count()));
    for (std::size_t i = 0; i < items.size(); ++i) items[i] = static_cast<int>(i);
    return items;
}

} // namespace

Split splitByClass(const ImageSet& set, double validationFraction, std::uint64_t seed)
{
    Split split;
    if (validationFraction <= 0) {
        split.train = allItems(set);
        return split;
    }
    for (const std::vector<int>& items : shuffledByClass(set, allItems(set), seed, RandomPurpose::Split)) {
        const auto held = std::lround(validationFraction * static_cast<double>(items.size()));
        split.validation.insert(split.validation.end(), items.begin(), items.begin() + held);
        split.train.insert(split.train.end(), items.begin() + held, items.end());
    }
    if (split.train.empty()) {
        throw Error(Error::Kind::InvalidArgument,
                    "data.validation_fraction: no image is left to train on; give a smaller share or a larger data set");
    }
    std::sort(split.train.begin(), split.train.end());
    std::sort(split.validation.begin(), split.validation.end());
    return split;
}

std::vector<Split> foldsByClass(const ImageSet& set, int folds, std::uint64_t seed)
{
    if (folds < 2) {
        throw Error(Error::Kind::InvalidArgument, "folds: found " + std::to_string(folds) + ", expected at least 2");
    }
    if (set.count() < folds) {
        throw Error(Error::Kind::InvalidArgument, "folds: found " + std::to_string(folds) + ", expected at most " +
                                                      std::to_string(set.count()) + ", the number of training images");
    }
    std::vector<std::vector<int>> held(static_cast<std::size_t>(folds));
    std::size_t next = 0; // goes on from class to class, so that the folds' sizes differ by one at most
    for (const std::vector<int>& items : shuffledByClass(set, allItems(set), seed, RandomPurpose::Split)) {
        for (const int item : items) held[next++ % held.size()].push_back(item);
    }
    std::vector<Split> splits(held.size());
    for (std::size_t fold = 0; fold < held.size(); ++fold) {
        for (std::size_t other = 0; other < held.size(); ++other) {
            std::vector<int>& into = other == fold ? splits[fold].validation : splits[fold].train;
            into.insert(into.end(), held[other].begin(), held[other].end());
        }
        std::sort(splits[fold].train.begin(), splits[fold].train.end());
        std::sort(splits[fold].validation.begin(), splits[fold].validation.end());
    }
    return splits;
}

std::vector<int> stratifiedSubset(const ImageSet& set, const std::vector<int>& items, int limit, std::uint64_t seed)
{
    if (static_cast<int>(items.size()) <= limit) return items;
    // Each item gets a place in 0 … 1 within its class; the lowest places overall take every class in proportion.
    struct Place {
        double rank;
        int item;
    };
    std::vector<Place> places;
    places.reserve(items.size());
    for (const std::vector<int>& members : shuffledByClass(set, items, seed, RandomPurpose::Selection)) {
        for (std::size_t i = 0; i < members.size(); ++i) {
            places.push_back({(static_cast<double>(i) + 0.5) / static_cast<double>(members.size()), members[i]});
        }
    }
    std::sort(places.begin(), places.end(),
              [](const Place& a, const Place& b) { return a.rank != b.rank ? a.rank < b.rank : a.item < b.item; });
    std::vector<int> chosen;
    for (int i = 0; i < limit; ++i) chosen.push_back(places[static_cast<std::size_t>(i)].item);
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

std::vector<int> shareByClass(const ImageSet& set, const std::vector<int>& items, double share, std::uint64_t seed)
{
    std::vector<int> chosen;
    for (const std::vector<int>& members : shuffledByClass(set, items, seed, RandomPurpose::Selection)) {
        const auto count = static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(members.size())));
        if (!members.empty() && count == 0) {
            const int label = set.labels[static_cast<std::size_t>(members.front())];
            throw Error(Error::Kind::InvalidArgument, "data.labels_fraction: found " + numberText(share) +
                                                          ", which leaves class " + std::to_string(label) + " with none of its " +
                                                          std::to_string(members.size()) + " images; expected at least " +
                                                          numberText(std::ceil(5e5 / static_cast<double>(members.size())) / 1e6));
        }
        chosen.insert(chosen.end(), members.begin(), members.begin() + count);
    }
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

std::vector<int> epochOrder(const std::vector<int>& items, std::uint64_t seed, int epoch)
{
    std::vector<int> order = items;
    RandomStream random(seed, RandomPurpose::BatchOrder, static_cast<std::uint32_t>(epoch));
    shuffle(order, random);
    return order;
}

} // namespace latentoscope
