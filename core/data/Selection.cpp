#include "core/data/Selection.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/data/DataOptions.h"
#include "core/data/DataSet.h"
#include "core/data/Split.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

namespace latentoscope {
namespace {

std::vector<int> firstItems(int count)
{
    std::vector<int> items(static_cast<std::size_t>(count));
    std::iota(items.begin(), items.end(), 0);
    return items;
}

std::shared_ptr<const ImageSet> joined(const ImageSet& first, const ImageSet& second)
{
    auto both = std::make_shared<ImageSet>(first);
    std::vector<std::uint8_t> pixels(first.pixels.begin(), first.pixels.end());
    pixels.insert(pixels.end(), second.pixels.begin(), second.pixels.end());
    both->pixels = std::move(pixels);
    both->labels.insert(both->labels.end(), second.labels.begin(), second.labels.end());
    return both;
}

/// What the data set itself holds out, or a share of every class.
Split ownOrDrawn(const DataSet& set, const DataOptions& options)
{
    if (set.validation.empty()) return splitByClass(set.train, options.validationFraction, options.seed);
    Split split{{}, set.validation};
    const std::vector<int> all = firstItems(set.train.count());
    std::set_difference(all.begin(), all.end(), set.validation.begin(), set.validation.end(), std::back_inserter(split.train));
    return split;
}

} // namespace

const ImageSet& ItemSelection::images(const DataSet& data) const
{
    if (joined) return *joined;
    return fromTest ? data.test : data.train;
}

DividedData divide(std::shared_ptr<const DataSet> set, const DataOptions& options)
{
    auto split = std::make_shared<const Split>(
        options.folds > 0 ? foldsByClass(set->train, options.folds, options.seed).at(static_cast<std::size_t>(options.fold - 1))
                          : ownOrDrawn(*set, options));
    return {std::move(set), std::move(split), options.seed};
}

ItemSelection wholeSplit(const DividedData& data, const std::string& split)
{
    if (split == "train") return {split, data.split->train, false};
    if (split == "test") return {split, firstItems(data.set->test.count()), true};
    if (split == "all") {
        auto both = joined(data.set->train, data.set->test);
        std::vector<int> items = firstItems(both->count());
        return {split, std::move(items), false, std::move(both)};
    }
    if (split == "validation") {
        if (!data.split->validation.empty()) return {split, data.split->validation, false};
        throw Error(
            Error::Kind::InvalidArgument,
            "split: this run holds out no validation images (data.validation_fraction is 0, or less than half an image of "
            "every class), expected train or test");
    }
    throw Error(Error::Kind::InvalidArgument, "split: found " + split +
                                                  ", expected train, validation, test or all; the nearest is " +
                                                  nearestText(split, {"train", "validation", "test", "all"}));
}

ItemSelection heldOutItems(const DividedData& data, int limit)
{
    ItemSelection selection = wholeSplit(data, data.split->validation.empty() ? "test" : "validation");
    selection.whole = static_cast<int>(selection.items.size());
    selection.items = stratifiedSubset(selection.images(*data.set), selection.items, limit, data.seed);
    return selection;
}

ItemSelection showcaseItems(const DividedData& data, int limit)
{
    ItemSelection selection = heldOutItems(data, limit);
    const ImageSet& set = selection.images(*data.set);
    std::map<Label, int> seen;
    std::vector<std::pair<std::pair<int, int>, int>> ordered; // (how many of its class before, label), item
    for (const int item : selection.items) {
        const Label label = set.labels[static_cast<std::size_t>(item)];
        ordered.push_back({{seen[label]++, label}, item});
    }
    std::sort(ordered.begin(), ordered.end());
    for (std::size_t i = 0; i < ordered.size(); ++i) selection.items[i] = ordered[i].second;
    return selection;
}

} // namespace latentoscope
