#include "core/data/DataOptions.h"
#include "core/data/DataSet.h"
#include "core/data/ImageSet.h"
#include "core/data/Selection.h"

#include "core/base/Error.h"
#include "core/data/Split.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <set>

namespace latentoscope {
namespace {

std::array<int, 10> classCounts(const ImageSet& set, const std::vector<int>& items)
{
    std::array<int, 10> counts{};
    for (const int item : items) ++counts[set.labels[static_cast<std::size_t>(item)]];
    return counts;
}

} // namespace

TEST(Split, TakesTheSameShareOfEveryClassAndLosesNoItem)
{
    const auto data = test::smallData({8, 8, 1}, 400);
    const Split split = splitByClass(data->train, 0.1, 5);
    for (const int count : classCounts(data->train, split.validation)) EXPECT_EQ(count, 4);
    std::set<int> all(split.train.begin(), split.train.end());
    all.insert(split.validation.begin(), split.validation.end());
    EXPECT_EQ(all.size(), 400U);
    EXPECT_EQ(split.train.size() + split.validation.size(), 400U);
}

TEST(Folds, HoldOutEveryImageOnceAndEveryClassEvenly)
{
    const auto data = test::smallData({8, 8, 1}, 237);
    const std::vector<Split> folds = foldsByClass(data->train, 5, 3);
    ASSERT_EQ(folds.size(), 5U);
    std::multiset<int> held;
    for (const Split& fold : folds) {
        held.insert(fold.validation.begin(), fold.validation.end());
        EXPECT_EQ(fold.train.size() + fold.validation.size(), 237U);
        EXPECT_TRUE(fold.validation.size() == 47 || fold.validation.size() == 48) << fold.validation.size();
        EXPECT_TRUE(std::is_sorted(fold.train.begin(), fold.train.end()));
        std::vector<int> both;
        std::set_intersection(fold.train.begin(), fold.train.end(), fold.validation.begin(), fold.validation.end(),
                              std::back_inserter(both));
        EXPECT_TRUE(both.empty());
        for (const int count : classCounts(data->train, fold.validation)) EXPECT_TRUE(count == 4 || count == 5) << count;
    }
    EXPECT_EQ(held.size(), 237U);
    EXPECT_EQ(std::set<int>(held.begin(), held.end()).size(), 237U);
    EXPECT_EQ(foldsByClass(data->train, 5, 3)[2].validation, folds[2].validation);
    EXPECT_NE(foldsByClass(data->train, 5, 4)[2].validation, folds[2].validation);
}

TEST(Folds, AreRefusedWhereThereAreTooFewAndTakeARareClassAsItIs)
{
    const auto data = test::smallData({8, 8, 1}, 60);
    EXPECT_THROW(foldsByClass(data->train, 1, 0), Error);
    const std::vector<Split> seven = foldsByClass(data->train, 7, 0); // of ten classes of six images
    ASSERT_EQ(seven.size(), 7U);
    std::set<int> held;
    for (const Split& fold : seven) {
        EXPECT_NEAR(static_cast<double>(fold.validation.size()), 60.0 / 7, 1);
        held.insert(fold.validation.begin(), fold.validation.end());
    }
    EXPECT_EQ(held.size(), 60U);
    try {
        foldsByClass(data->train, 61, 0);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(std::string(error.what()), "folds: found 61, expected at most 60, the number of training images");
    }
}

TEST(Selection, TrainLeavesOutWhatIsHeldOut)
{
    const DividedData data = divide(test::smallData({8, 8, 1}, 400, 30), {.validationFraction = 0.1, .seed = 5});
    const ItemSelection train = wholeSplit(data, "train");
    const ItemSelection validation = wholeSplit(data, "validation");
    EXPECT_EQ(train.items.size(), 360U);
    EXPECT_EQ(validation.items.size(), 40U);
    std::set<int> all(train.items.begin(), train.items.end());
    all.insert(validation.items.begin(), validation.items.end());
    EXPECT_EQ(all.size(), 400U);
    EXPECT_EQ(wholeSplit(data, "test").items.size(), 30U);
    const ItemSelection both = wholeSplit(data, "all");
    const int trained = data.set->train.count();
    ASSERT_EQ(static_cast<int>(both.items.size()), trained + 30);
    const ImageSet& images = both.images(*data.set);
    EXPECT_TRUE(std::ranges::equal(images.image(trained - 1), data.set->train.image(trained - 1)));
    EXPECT_TRUE(std::ranges::equal(images.image(trained + 29), data.set->test.image(29)));
    EXPECT_EQ(images.labels[static_cast<std::size_t>(trained)], data.set->test.labels[0]);
    EXPECT_EQ(heldOutItems(data, 1000).items, validation.items);
    EXPECT_EQ(heldOutItems(data, 20).whole, static_cast<int>(validation.items.size())) << "of which these are some";
    EXPECT_THROW(wholeSplit(data, "trian"), Error);
    EXPECT_THROW(wholeSplit(divide(data.set, {.validationFraction = 0, .seed = 5}), "validation"), Error);
    EXPECT_EQ(heldOutItems(divide(data.set, {.validationFraction = 0, .seed = 5}), 1000).split, "test");
}

TEST(Selection, HoldsOutOneFoldWhereThereAreFolds)
{
    const auto set = test::smallData({8, 8, 1}, 237);
    const std::vector<Split> folds = foldsByClass(set->train, 5, 3);
    for (int fold = 1; fold <= 5; ++fold) {
        const DividedData data = divide(set, {.validationFraction = 0.5, .seed = 3, .folds = 5, .fold = fold});
        EXPECT_EQ(wholeSplit(data, "train").items, folds[static_cast<std::size_t>(fold - 1)].train);
        EXPECT_EQ(wholeSplit(data, "validation").items, folds[static_cast<std::size_t>(fold - 1)].validation);
    }
}

TEST(Selection, ShowcaseHasOneOfEachClassInTurn)
{
    const DividedData data = divide(test::smallData({8, 8, 1}, 400, 30), {.validationFraction = 0.1, .seed = 5});
    const ItemSelection shown = showcaseItems(data, 20);
    ASSERT_EQ(shown.items.size(), 20U);
    for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(data.set->train.labels[static_cast<std::size_t>(shown.items[i])], i % 10);
}

TEST(Split, DependsOnTheSeedAlone)
{
    const auto data = test::smallData({8, 8, 1}, 400);
    EXPECT_EQ(splitByClass(data->train, 0.1, 5).validation, splitByClass(data->train, 0.1, 5).validation);
    EXPECT_NE(splitByClass(data->train, 0.1, 5).validation, splitByClass(data->train, 0.1, 6).validation);
}

TEST(Split, OfNothingTrainsOnEverything)
{
    const auto data = test::smallData({8, 8, 1});
    const Split split = splitByClass(data->train, 0, 0);
    EXPECT_EQ(split.train.size(), 200U);
    EXPECT_TRUE(split.validation.empty());
}

TEST(StratifiedSubset, KeepsClassesInProportion)
{
    const auto data = test::smallData({8, 8, 1}, 400);
    std::vector<int> items(400);
    std::iota(items.begin(), items.end(), 0);
    const std::vector<int> chosen = stratifiedSubset(data->train, items, 50, 1);
    ASSERT_EQ(chosen.size(), 50U);
    for (const int count : classCounts(data->train, chosen)) EXPECT_EQ(count, 5);
    EXPECT_EQ(stratifiedSubset(data->train, items, 400, 1), items);
}

TEST(EpochOrder, VisitsEveryItemOnceInAnotherOrderEachEpoch)
{
    std::vector<int> items(100);
    std::iota(items.begin(), items.end(), 0);
    const std::vector<int> first = epochOrder(items, 1, 1);
    EXPECT_TRUE(std::is_permutation(first.begin(), first.end(), items.begin()));
    EXPECT_NE(first, epochOrder(items, 1, 2));
    EXPECT_EQ(first, epochOrder(items, 1, 1));
}

} // namespace latentoscope
