// Equal images are found wherever they stand.
#include "core/data/Duplicates.h"

#include "core/data/DataSet.h"

#include <gtest/gtest.h>

namespace latentoscope {
namespace {

/// Images of 2×2, each of one grey.
ImageSet plain(const std::vector<std::uint8_t>& greys)
{
    ImageSet set;
    set.shape = {2, 2, 1};
    std::vector<std::uint8_t> pixels;
    for (const std::uint8_t grey : greys) pixels.insert(pixels.end(), 4, grey);
    set.pixels = std::move(pixels);
    set.labels.resize(greys.size());
    return set;
}

using Group = std::vector<ImagePlace>;

} // namespace

TEST(Duplicates, AreToldInOrderWithWhatLeaksIntoTheTest)
{
    DataSet data;
    data.train = plain({1, 2, 3, 2, 1, 1});
    data.test = plain({2, 4, 4, 5});
    const Duplicates found = findDuplicates(data);
    ASSERT_EQ(found.groups.size(), 3U);
    EXPECT_EQ(found.groups[0], (Group{{true, 0}, {true, 4}, {true, 5}}));
    EXPECT_EQ(found.groups[1], (Group{{true, 1}, {true, 3}, {false, 0}}));
    EXPECT_EQ(found.groups[2], (Group{{false, 1}, {false, 2}}));
    EXPECT_EQ(found.copies, 5U);
    EXPECT_EQ(found.leaked, 1U);
}

TEST(Duplicates, OfDifferentImagesThereAreNone)
{
    DataSet data;
    data.train = plain({1, 2, 3});
    data.test = plain({4});
    EXPECT_TRUE(findDuplicates(data).groups.empty());
    data.test = plain({});
    EXPECT_EQ(findDuplicates(data).copies, 0U);
    data.train.labels = {0, 1, 0};
    data.test = plain({2});
    data.test.labels = {9};
    EXPECT_EQ(findDuplicates(data).leaked, 1U) << "whatever the label";
}

} // namespace latentoscope
