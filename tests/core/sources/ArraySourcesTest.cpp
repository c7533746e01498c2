// The same pictures are the same data set, whatever Python's libraries have written them into (arrays.py).
#include "core/sources/LoadData.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/data/DataSet.h"
#include "core/data/NpyFile.h"
#include "tests/core/sources/PictureFiles.h"
#include "tests/support/Refusal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;

constexpr int kTrain = 30;

const fs::path& arrayFolder()
{
    static const test::TemporaryFolder folder;
    static const int failed = std::system(
        (std::string(LATENTOSCOPE_PYTHON) + " -B " LATENTOSCOPE_SOURCE "/tests/core/sources/arrays.py " + folder.path().string())
            .c_str());
    static const fs::path none;
    return failed == 0 ? folder.path() : none;
}

std::shared_ptr<const DataSet> load(const std::string& name, const DataOptions& options = {})
{
    return loadData(arrayFolder() / name, options, 2);
}

std::string refused(const std::string& name, const DataOptions& options = {})
{
    return test::refusal([&] { (void)load(name, options); });
}

/// The values of an array that NumPy wrote, from some picture on.
std::vector<std::uint8_t> valuesOf(const std::string& name, std::size_t from, std::size_t count)
{
    const NpyArray array = readNpy(arrayFolder() / name);
    const std::size_t each = array.count() / static_cast<std::size_t>(array.shape[0]);
    std::vector<std::uint8_t> values;
    for (std::size_t i = from * each; i < (from + count) * each; ++i)
        values.push_back(static_cast<std::uint8_t>(array.wholes[i]));
    return values;
}

std::string joinedNotes(const DataSet& data)
{
    std::string all;
    for (const std::string& note : data.found.notes) all += note + "\n";
    return all;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

class SameData : public testing::TestWithParam<const char*> {};

} // namespace

TEST_P(SameData, HasThePixelsLabelsAndDigestThatItWasMadeOf)
{
    ASSERT_FALSE(arrayFolder().empty()) << "python3-numpy and python3-pil are needed";
    const std::string name = GetParam();
    const bool colour = name.starts_with("colour");
    const auto data = load(name);
    EXPECT_EQ(data->train.shape, (ImageShape{8, 8, colour ? 3 : 1}));
    const std::string source = colour ? "colour-idx.npy" : "grey-idx.npy";
    EXPECT_EQ(data->train.pixels, Pixels(valuesOf(source, 0, kTrain)));
    EXPECT_EQ(data->test.pixels, Pixels(valuesOf(source, kTrain, 12)));
    EXPECT_EQ(data->classNames, (std::vector<std::string>{"0", "1", "2"}));
    for (int item = 0; item < data->train.count(); ++item)
        EXPECT_EQ(data->train.labels[static_cast<std::size_t>(item)], item % 3);
    EXPECT_EQ(data->digest, load(colour ? "colour-keras.npz" : "grey-keras.npz")->digest);
    EXPECT_FALSE(data->found.testIsDrawn);
    EXPECT_TRUE(data->found.unreadable.empty());
    EXPECT_EQ(data->validation.size(), name == "grey-medmnist.npz" ? 10U : 0U);
}

INSTANTIATE_TEST_SUITE_P(Formats, SameData,
                         testing::Values("grey-keras.npz", "grey-compressed.npz", "grey-channel-last.npz",
                                         "grey-channel-first.npz", "grey-rows.npz", "grey-unit.npz", "grey-unit32.npz",
                                         "grey-float.npz", "grey-signed.npz", "grey-int64.npz", "grey-big-endian.npz",
                                         "grey-fortran.npz", "grey-one-hot.npz", "grey-medmnist.npz", "grey-folder",
                                         "grey-kaggle", "grey-last", "colour-keras.npz", "colour-channel-first.npz",
                                         "colour-fortran.npz", "colour-rows.npz", "colour-wide.npz"),
                         [](const auto& one) {
                             std::string name = one.param;
                             std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
                             return name;
                         });

TEST(ArraySources, WhatWasChosenIsSaid)
{
    EXPECT_TRUE(load("grey-keras.npz")->found.notes.empty());
    EXPECT_EQ(load("grey-keras.npz")->name, "grey-keras");
    EXPECT_EQ(load("sorted.tar.gz")->name, "sorted");
    EXPECT_EQ(load("grey-folder")->name, "grey-folder");
    EXPECT_TRUE(holds(joinedNotes(*load("grey-unit.npz")), "values from 0 to 1 become black to white"));
    EXPECT_TRUE(holds(joinedNotes(*load("grey-signed.npz")), "values from -1 to 1 become"));
    EXPECT_TRUE(holds(joinedNotes(*load("colour-wide.npz")), "values from 0 to 65535 become"));
    EXPECT_EQ(load("colour-wide.npz")->found.depth, 16);
    EXPECT_TRUE(holds(joinedNotes(*load("grey-last")), "its last column is taken for the label"));
}

TEST(ArraySources, FewStepsOfGreyReachFromBlackToWhite)
{
    const auto data = load("few-steps.npz");
    EXPECT_EQ(*std::max_element(data->train.pixels.begin(), data->train.pixels.end()), 255);
    EXPECT_TRUE(holds(joinedNotes(*data), "values from 0 to 15 become black to white"));
    const auto twelve = load("twelve-bits.npz");
    EXPECT_EQ(twelve->found.depth, 16);
    EXPECT_TRUE(holds(joinedNotes(*twelve), "values from 0 to 4095 become"));
    const auto grey = load("plain.npz");
    for (std::size_t i = 0; i < grey->train.pixels.size(); ++i)
        EXPECT_NEAR(twelve->train.pixels[i], grey->train.pixels[i], 1) << "the same pictures but for half a step";
}

TEST(ArraySources, LabelsMayHaveGapsNamesOrBeMissing)
{
    EXPECT_EQ(load("gaps.npz")->classNames, (std::vector<std::string>{"1", "2", "7"}));
    const std::vector<Label> labels = load("gaps.npz")->train.labels;
    EXPECT_EQ(*std::max_element(labels.begin(), labels.end()), 2);
    EXPECT_EQ(load("names.csv")->classNames, (std::vector<std::string>{"cat", "dog"}));
    for (const char* without : {"plain.npz", "alone.npy", "pixels.csv", "several.npz"}) {
        SCOPED_TRACE(without);
        const auto data = load(without);
        EXPECT_FALSE(data->hasLabels());
        EXPECT_TRUE(data->found.testIsDrawn);
        EXPECT_EQ(data->train.count() + data->test.count(), 42);
        EXPECT_EQ(data->digest, load("plain.npz")->digest);
    }
    EXPECT_TRUE(holds(joinedNotes(*load("several.npz")), "of which none can be its class"));
    const auto half = load("half-labelled.npz");
    EXPECT_EQ(half->train.count() + half->test.count(), kTrain);
    EXPECT_TRUE(holds(joinedNotes(*half), "x_test.npy is left out, for it has no labels"));
}

TEST(ArraySources, RowsTakeTheirShapeFromTheSizeThatIsAskedFor)
{
    DataOptions options;
    options.size = {8, 4};
    const auto data = load("oblong.npz", options);
    EXPECT_EQ(data->train.shape, (ImageShape{8, 4, 1}));
    EXPECT_TRUE(holds(refused("oblong.npz"), "data.size=HEIGHTxWIDTH"));
    options.size = {16, 16};
    EXPECT_EQ(load("grey-rows.npz", options)->train.shape, (ImageShape{16, 16, 1})) << "a square of another size is resampled";
}

TEST(ArraySources, APictureWithHolesIsLeftOut)
{
    const auto data = load("holes.npz");
    ASSERT_EQ(data->found.unreadable.size(), 1U);
    EXPECT_EQ(data->found.unreadable[0].file, "images.npy[5]");
    EXPECT_TRUE(holds(data->found.unreadable[0].reason, "NaN"));
    EXPECT_EQ(data->train.count() + data->test.count(), 41);
}

TEST(ArraySources, WhatIsNoDataIsRefusedWithASentence)
{
    EXPECT_TRUE(holds(refused("objects.npz"), "images.npy: found an array of Python objects, expected"));
    EXPECT_TRUE(holds(refused("other-names.npz"), "found the arrays bias.npy, weights.npy, expected pictures by the name") ||
                holds(refused("other-names.npz"), "found the arrays weights.npy, bias.npy, expected pictures by the name"));
    EXPECT_TRUE(
        holds(refused("short.npz"), "labels.npy: found the shape (41), expected 42 labels, one for each picture of images.npy"));
    EXPECT_TRUE(holds(refused("twice.npz"), "their names mean the same"));
    EXPECT_TRUE(holds(refused("five.npz"), "expected (N, H, W)"));
    EXPECT_TRUE(holds(refused("ragged.csv"), "line 3 has 64 values, expected 65"));
    EXPECT_TRUE(holds(refused("words.csv"), "line 3"));
    EXPECT_TRUE(holds(refused("cut"), "test_batch.bin: found 3,072 bytes, expected a multiple of 3,073"));
    EXPECT_TRUE(holds(refused("no-such-folder"), "no such file or folder"));
    const test::TemporaryFolder other;
    writeFileAtomically(other / "x.npz", "PK\x03\x04 and no more");
    writeFileAtomically(other / "x.zip", "no archive");
    writeFileAtomically(other / "x.txt", "words");
    writeFileAtomically(other / "x.png", "one");
    writeFileAtomically(other / "x.csv", "");
    for (const char* name : {"x.npz", "x.zip", "x.txt", "x.png", "x.csv"})
        EXPECT_TRUE(holds(test::refusal([&] { (void)loadData(other / name, {}, 1); }), name)) << name;
}

TEST(ArraySources, ReadingThemCanBeStopped)
{
    for (const char* name : {"grey-keras.npz", "grey-kaggle", "grey-folder", "sorted.zip", "sorted", "cifar10"}) {
        SCOPED_TRACE(name);
        EXPECT_EQ(loadData(arrayFolder() / name, {}, 2, [](double) { return false; }), nullptr);
        double last = 0;
        EXPECT_NE(loadData(arrayFolder() / name, {}, 1,
                           [&](double done) {
                               EXPECT_GE(done, last);
                               EXPECT_LE(done, 1);
                               last = done;
                               return true;
                           }),
                  nullptr);
        EXPECT_GT(last, 0.99);
    }
}

TEST(ArchiveSource, AFolderAndItsArchivesAreTheSameData)
{
    const auto folder = load("sorted");
    EXPECT_EQ(folder->train.count(), kTrain);
    EXPECT_EQ(folder->found.passedOver, 1U);
    for (const char* name : {"sorted.zip", "sorted.tar", "sorted.tar.gz", "sorted.tar.xz"}) {
        SCOPED_TRACE(name);
        const auto data = load(name);
        EXPECT_EQ(data->digest, folder->digest);
        EXPECT_EQ(data->classNames, folder->classNames);
        EXPECT_EQ(data->found.passedOver, 1U);
        EXPECT_EQ(data->found.sizes.front().count, folder->found.sizes.front().count);
    }
}

TEST(ArchiveSource, TakesTheTableWithinAndListsWhatIsBroken)
{
    EXPECT_EQ(load("labelled.tar")->classNames, (std::vector<std::string>{"ä", "ü"}));
    EXPECT_TRUE(holds(refused("climbing.tar"), "../out.png, which leads out of the archive"));
    EXPECT_TRUE(holds(refused("broken.tar"), "000.png: it ends too early or is damaged"));
    DataOptions options;
    options.skipBroken = true;
    options.testFraction = 0.5;
    EXPECT_EQ(load("broken.tar", options)->found.unreadable.size(), 1U);
}

TEST(ArchiveSource, CutOffAnywhereItIsRefused)
{
    const std::string whole = readFile(arrayFolder() / "sorted.tar.gz");
    const test::TemporaryFolder other;
    for (const double share : {0.1, 0.5, 0.95}) {
        writeFileAtomically(other / "cut.tar.gz",
                            whole.substr(0, static_cast<std::size_t>(share * static_cast<double>(whole.size()))));
        EXPECT_TRUE(holds(test::refusal([&] { (void)loadData(other / "cut.tar.gz", {}, 1); }), "cut.tar.gz")) << share;
    }
}

TEST(BinaryBatches, CifarAndStlHaveTheirPicturesTheRightWayUp)
{
    const auto cifar = load("cifar10");
    EXPECT_EQ(cifar->train.shape, (ImageShape{32, 32, 3}));
    EXPECT_EQ(cifar->train.pixels, Pixels(valuesOf("cifar-pictures.npy", 0, 10)));
    EXPECT_EQ(cifar->test.pixels, Pixels(valuesOf("cifar-pictures.npy", 10, 2)));
    EXPECT_EQ(cifar->classNames.front(), "thing 0");
    EXPECT_EQ(cifar->classNames.size(), 10U);
    EXPECT_EQ(cifar->train.labels[3], 3);
    const auto fine = load("cifar100");
    EXPECT_EQ(fine->train.pixels, Pixels(valuesOf("cifar-pictures.npy", 0, 8)));
    EXPECT_EQ(fine->classNames.size(), 4U) << "the finer classes count";
    DataOptions options;
    options.size = {96, 96};
    const auto stl = load("stl10", options);
    EXPECT_EQ(stl->train.pixels, Pixels(valuesOf("stl-pictures.npy", 0, 4)));
    EXPECT_EQ(stl->classNames, (std::vector<std::string>{"bird", "airplane"}));
    EXPECT_EQ(stl->train.labels[1], 1);
    EXPECT_EQ(load("stl10")->train.shape, (ImageShape{64, 64, 3})) << "at most 64 a side unasked";
}

} // namespace latentoscope
