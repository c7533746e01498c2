// What is written is read again as the same data set, by us and by NumPy.
#include "core/sources/SaveData.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/data/DataSet.h"
#include "core/data/IdxFile.h"
#include "core/sources/LoadData.h"
#include "tests/support/Refusal.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace latentoscope {
namespace {

using test::TemporaryFolder;

std::shared_ptr<DataSet> named(const ImageShape& shape)
{
    auto data = std::make_shared<DataSet>(*test::smallData(shape, 40, 20));
    data->classNames = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    data->digest = digestOf(*data);
    return data;
}

} // namespace

TEST(SaveData, ReadAgainItIsTheSame)
{
    const TemporaryFolder folder;
    for (const int channels : {1, 3}) {
        SCOPED_TRACE(channels);
        auto data = named({9, 11, channels});
        data->validation = {30, 31, 32, 33, 34, 35, 36, 37, 38, 39};
        const auto npz = folder / ("data" + std::to_string(channels) + ".npz"), idx = folder / ("idx" + std::to_string(channels));
        saveData(*data, npz);
        saveData(*data, idx);
        const auto first = loadData(npz, {}, 1), second = loadData(idx, {}, 1);
        EXPECT_EQ(first->digest, data->digest);
        EXPECT_EQ(first->validation, data->validation);
        EXPECT_EQ(second->digest, data->digest);
        EXPECT_EQ(second->classNames, data->classNames);
    }
    const std::string check = std::string(LATENTOSCOPE_PYTHON) + " -B -c \"import numpy; a = numpy.load('" +
                              (folder / "data3.npz").string() +
                              "'); assert a['x_train'].shape == (30, 9, 11, 3) and a['x_val'].dtype == numpy.uint8 and "
                              "a['y_test'].tolist()[:3] == [0, 1, 2]\"";
    EXPECT_EQ(std::system(check.c_str()), 0) << check;
}

TEST(SaveData, WithoutLabelsOrWithManyClassesAnNpzHoldsItAndIdxIsRefused)
{
    const TemporaryFolder folder;
    auto data = named({8, 8, 1});
    data->classNames.clear();
    for (ImageSet* set : {&data->train, &data->test}) set->labels.assign(set->labels.size(), 0);
    data->digest = digestOf(*data);
    saveData(*data, folder / "bare.npz");
    EXPECT_EQ(loadData(folder / "bare.npz", {}, 1)->digest, data->digest);
    EXPECT_NE(test::refusal([&] { saveData(*data, folder / "bare"); }).find("IDX files hold labels"), std::string::npos);

    data = named({8, 8, 1});
    data->classNames.clear();
    for (int name = 0; name < 300; ++name) data->classNames.push_back("class " + std::to_string(1000 + name));
    data->train.labels.back() = 299;
    EXPECT_NE(test::refusal([&] { saveData(*data, folder / "many"); }).find("found 300; give a name that ends in .npz"),
              std::string::npos);
    saveData(*data, folder / "many.npz");
    EXPECT_EQ(loadData(folder / "many.npz", {}, 1)->train.labels.back(), 10) << "the classes that are there, in their order";
    EXPECT_EQ(loadData(folder / "many.npz", {}, 1)->classNames.back(), "299");
}

TEST(SaveData, WhatIsThereStaysAndNothingHalfWrittenIsLeft)
{
    const TemporaryFolder folder;
    const auto data = named({8, 8, 1});
    writeFileAtomically(folder / "mine.npz", "mine");
    EXPECT_NE(test::refusal([&] { saveData(*data, folder / "mine.npz"); }).find("is there already"), std::string::npos);
    EXPECT_EQ(readFile(folder / "mine.npz"), "mine");
    EXPECT_NE(test::refusal([&] { saveData(*data, folder / "no" / "where.npz"); }), "");
    EXPECT_NE(test::refusal([&] { saveData(*data, folder / "mine.npz" / "below"); }), "");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(ClassNames, OfIdxFilesStandInAFileBesideThem)
{
    const TemporaryFolder folder;
    saveData(*named({8, 8, 1}), folder / "idx");
    writeFileAtomically(folder / "idx" / kClassNamesFile, "zero\r\neins\n\nzwei\nx\nx\nx\nx\nx\nx\nneun");
    EXPECT_EQ(loadData(folder / "idx", {}, 1)->classNames[1], "eins");
    EXPECT_EQ(loadData(folder / "idx", {}, 1)->classNames.back(), "neun");
    writeFileAtomically(folder / "idx" / kClassNamesFile, "zero\none\n");
    EXPECT_NE(test::refusal([&] { (void)loadData(folder / "idx", {}, 1); }).find("found 2 names, expected 10"),
              std::string::npos);
}

} // namespace latentoscope
