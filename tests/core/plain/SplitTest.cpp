#include "core/data/Split.h"

#include "core/base/Error.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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
