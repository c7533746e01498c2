#include "core/data/DataSet.h"

#include "core/base/Error.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

namespace latentoscope {
namespace {

using test::Compression;
using test::idxBytes;
using test::writeBytes;

std::string sentence(const std::filesystem::path& folder)
{
    try {
        loadDataSet(folder);
    } catch (const Error& error) {
        std::string text = error.what();
        for (std::size_t at = text.find(folder.string()); at != std::string::npos; at = text.find(folder.string())) {
            text.replace(at, folder.string().size(), "FOLDER");
        }
        return text;
    }
    return "no error";
}

} // namespace

TEST(DataSet, IsTheSamePlainAndCompressed)
{
    const test::TemporaryFolder plain;
    const test::TemporaryFolder gzip;
    const auto made = test::smallData({9, 11, 3});
    test::writeIdxFolder(plain.path(), *made, Compression::None);
    test::writeIdxFolder(gzip.path(), *made, Compression::Gzip);
    const auto a = loadDataSet(plain.path());
    const auto b = loadDataSet(gzip.path());
    EXPECT_EQ(a->digest, b->digest);
    EXPECT_EQ(a->train.pixels, made->train.pixels);
    EXPECT_EQ(b->test.labels, made->test.labels);
    EXPECT_EQ(a->train.shape, (ImageShape{9, 11, 3}));
}

TEST(DataSet, DigestDependsOnEveryPart)
{
    const test::TemporaryFolder folder;
    auto changed = *test::smallData({8, 8, 1});
    test::writeIdxFolder(folder.path(), changed, Compression::None);
    const std::string before = loadDataSet(folder.path())->digest;
    changed.test.labels[0] = 9;
    test::writeIdxFolder(folder.path(), changed, Compression::None);
    EXPECT_NE(loadDataSet(folder.path())->digest, before);
}

TEST(DataSet, OfUnknownContentIsNamedAfterItsFolderWithDigitsForClasses)
{
    const test::TemporaryFolder folder;
    test::writeIdxFolder(folder.path(), *test::smallData({8, 8, 1}), Compression::None);
    const auto data = loadDataSet(folder.path() / "");
    EXPECT_EQ(data->name, folder.path().filename().string());
    EXPECT_EQ(data->classNames, (std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}));
    DataSet few = *test::smallData({8, 8, 1});
    for (ImageSet* set : {&few.train, &few.test})
        for (Label& label : set->labels) label %= 3;
    test::writeIdxFolder(folder.path(), few, Compression::None);
    EXPECT_EQ(loadDataSet(folder.path())->classNames, (std::vector<std::string>{"0", "1", "2"})) << "as many as there are";
}

TEST(DataSet, SaysWhereDataComeFromWhereTheFolderOrAFileIsMissing)
{
    const test::TemporaryFolder folder;
    const std::string missing = sentence(folder.path() / "none");
    EXPECT_TRUE(missing.starts_with(
        "FOLDER: no such folder, expected one with the four files of an MNIST-like data set; give --data the folder that holds "
        "the data set"))
        << missing;
    test::writeIdxFolder(folder.path(), *test::smallData({8, 8, 1}), Compression::None);
    std::filesystem::remove(folder / "train-labels-idx1-ubyte");
    EXPECT_EQ(sentence(folder.path()),
              "FOLDER/train-labels-idx1-ubyte: neither this file nor train-labels-idx1-ubyte.gz is there, expected one of them; "
              "give --data the folder that holds the data set");
    if (!std::filesystem::exists(packagedDataFolder())) {
        EXPECT_NE(sentence(packagedDataFolder()).find("; install the package dataset-fashion-mnist or"), std::string::npos);
    }
}

TEST(DataSet, SaysWhereLabelsDoNotMatchTheImages)
{
    const test::TemporaryFolder folder;
    test::writeIdxFolder(folder.path(), *test::smallData({8, 8, 1}), Compression::None);
    writeBytes(folder / "train-labels-idx1-ubyte", idxBytes({3}, std::vector<std::uint8_t>{1, 2, 3}));
    EXPECT_EQ(sentence(folder.path()), "FOLDER/train-labels-idx1-ubyte: holds 3 labels, expected 200, one for each image of "
                                       "FOLDER/train-images-idx3-ubyte");
}

TEST(DataSet, SaysWhereTrainAndTestDifferInSize)
{
    const test::TemporaryFolder folder;
    auto data = *test::smallData({8, 8, 1});
    data.test = test::smallData({9, 8, 1})->test;
    test::writeIdxFolder(folder.path(), data, Compression::None);
    EXPECT_EQ(sentence(folder.path()), "FOLDER/t10k-images-idx3-ubyte: holds images of 9 x 8 x 1, expected 8 x 8 x 1 as in "
                                       "FOLDER/train-images-idx3-ubyte");
}

} // namespace latentoscope
