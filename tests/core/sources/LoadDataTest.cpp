// Folders of pictures become data sets.
#include "core/sources/LoadData.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/data/DataSet.h"
#include "core/data/Selection.h"
#include "core/data/Split.h"
#include "core/storage/PngFile.h"
#include "tests/core/sources/PictureFiles.h"
#include "tests/support/Refusal.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;

std::string numbered(int item) { return (item < 10 ? "00" : item < 100 ? "0" : "") + std::to_string(item) + ".png"; }

class LoadDataTest : public testing::Test {
protected:
    /// A picture below the folder.
    void write(const std::string& path, const ImageShape& shape, std::span<const std::uint8_t> pixels) const
    {
        fs::create_directories((m_folder / path).parent_path());
        writePng(m_folder / path, shape, pixels);
    }
    void writePlain(const std::string& path, const ImageShape& shape = {8, 8, 1}, std::uint8_t value = 77) const
    {
        write(path, shape, std::vector<std::uint8_t>(shape.values(), value));
    }
    /// A class of so many pictures, each of another grey.
    void writeClass(const std::string& path, int count) const
    {
        for (int i = 0; i < count; ++i) writePlain(path + "/" + numbered(i), {8, 8, 1}, static_cast<std::uint8_t>(i));
    }
    std::shared_ptr<const DataSet> load(const DataOptions& options = {}, int threads = 2) const
    {
        return loadData(m_folder.path(), options, threads);
    }
    std::string refused(const DataOptions& options = {}) const
    {
        return test::refusal([&] { (void)load(options); });
    }

    test::TemporaryFolder m_folder;
};

/// The greys of plain images.
std::vector<int> greysOf(const ImageSet& set)
{
    std::vector<int> greys;
    for (int item = 0; item < set.count(); ++item) greys.push_back(set.image(item).front());
    return greys;
}

} // namespace

TEST_F(LoadDataTest, TheSamePicturesAreTheSameDataHoweverTheyAreKept)
{
    const auto data = test::smallData({9, 11, 3}, 60, 20);
    const test::TemporaryFolder idx;
    test::writeIdxFolder(idx.path(), *data, test::Compression::None);
    std::string table = "file,label,split\n";
    for (const bool train : {true, false}) {
        const ImageSet& set = train ? data->train : data->test;
        for (int item = 0; item < set.count(); ++item) {
            const std::string name = (train ? "a" : "b") + numbered(item);
            write(name, set.shape, set.image(item));
            table += name + "," + std::to_string(set.labels[static_cast<std::size_t>(item)]) + (train ? ",train\n" : ",test\n");
        }
    }
    writeFileAtomically(m_folder / "labels.csv", table);
    const auto pictures = load(), files = loadData(idx.path(), {}, 1);
    EXPECT_EQ(pictures->digest, files->digest);
    EXPECT_EQ(pictures->classNames, files->classNames);
    EXPECT_EQ(pictures->train.pixels, data->train.pixels);
    EXPECT_EQ(pictures->test.labels, data->test.labels);
    EXPECT_EQ(pictures->name, m_folder.path().filename());
    EXPECT_TRUE(pictures->found.notes.empty());
}

TEST_F(LoadDataTest, WhereThereIsNoTestSetAShareOfEachClassBecomesOne)
{
    writeClass("cat", 20);
    writeClass("dog", 40);
    DataOptions options;
    options.testFraction = 0.25;
    const auto data = load(options);
    EXPECT_EQ(data->classNames, (std::vector<std::string>{"cat", "dog"}));
    EXPECT_EQ(data->train.count(), 45);
    EXPECT_EQ(data->test.count(), 15);
    EXPECT_EQ(std::count(data->test.labels.begin(), data->test.labels.end(), 0), 5);
    ASSERT_EQ(data->found.notes.size(), 1U);
    EXPECT_NE(data->found.notes[0].find("15 are held out"), std::string::npos);
    EXPECT_EQ(load(options, 1)->digest, data->digest) << "whatever the threads";
    options.seed = 1;
    EXPECT_NE(load(options)->digest, data->digest) << "other items";
}

TEST_F(LoadDataTest, TheDatasOwnValidationImagesAreHeldOut)
{
    writeClass("train/a", 6);
    writeClass("val/a", 2);
    writeClass("test/a", 3);
    const auto data = load();
    EXPECT_EQ(data->train.count(), 8);
    EXPECT_EQ(data->test.count(), 3);
    EXPECT_EQ(data->validation, (std::vector<int>{6, 7}));
    const DividedData divided = divide(data, {});
    EXPECT_EQ(divided.split->validation, data->validation);
    EXPECT_EQ(divided.split->train, (std::vector<int>{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(greysOf(data->train), (std::vector<int>{0, 1, 2, 3, 4, 5, 0, 1}));
}

TEST_F(LoadDataTest, WithoutLabelsThereAreNone)
{
    for (int i = 0; i < 40; ++i) writePlain(numbered(i), {8, 8, 1}, static_cast<std::uint8_t>(i));
    const auto data = load();
    EXPECT_FALSE(data->hasLabels());
    EXPECT_EQ(data->train.count() + data->test.count(), 40);
    EXPECT_EQ(data->test.count(), 6);
}

TEST_F(LoadDataTest, TheCommonestSizeIsTakenAndSaid)
{
    for (int i = 0; i < 5; ++i) writePlain("a/" + numbered(i), {12, 10, 1});
    for (int i = 0; i < 4; ++i) writePlain("b/" + numbered(i), {30, 20, 1});
    const auto data = load();
    EXPECT_EQ(data->train.shape, (ImageShape{12, 10, 1}));
    ASSERT_EQ(data->found.sizes.size(), 2U);
    EXPECT_EQ(data->found.sizes[0].count, 5);
    EXPECT_NE(data->found.notes.front().find("2 sizes become images of 12 x 10"), std::string::npos);
    DataOptions options;
    options.size = {16, 24};
    options.color = ImageColor::Rgb;
    EXPECT_EQ(load(options)->train.shape, (ImageShape{16, 24, 3}));
}

TEST_F(LoadDataTest, LargePicturesBecomeImagesOfAtMost64)
{
    for (int i = 0; i < 4; ++i) writePlain("a/" + numbered(i), {100, 200, 1});
    EXPECT_EQ(load()->train.shape, (ImageShape{32, 64, 1}));
}

TEST_F(LoadDataTest, OneColourPictureMakesAllImagesColourful)
{
    writeClass("a", 9);
    EXPECT_EQ(load()->train.shape.channels, 1);
    writePlain("a/colour.png", {8, 8, 3});
    EXPECT_EQ(load()->train.shape.channels, 3);
    DataOptions grey;
    grey.color = ImageColor::Grey;
    EXPECT_EQ(load(grey)->train.shape.channels, 1);
}

TEST_F(LoadDataTest, BrokenPicturesAreLeftOutAndListed)
{
    writeClass("a", 30);
    writeFileAtomically(m_folder / "a" / "broken.png", "not a picture");
    writeFileAtomically(m_folder / "a" / "Thumbs.db", "passed over");
    const auto data = load();
    EXPECT_EQ(data->train.count() + data->test.count(), 30);
    ASSERT_EQ(data->found.unreadable.size(), 1U);
    EXPECT_EQ(data->found.unreadable[0].file, "a/broken.png");
    EXPECT_EQ(data->found.passedOver, 1U);
    // What only decoding shows is left out, too.
    const std::string whole = readFile(m_folder / "a" / "000.png");
    writeFileAtomically(m_folder / "a" / "030.png", whole.substr(0, whole.size() / 2));
    DataOptions many;
    many.skipBroken = true;
    EXPECT_EQ(load(many)->found.unreadable.size(), 2U);
    EXPECT_EQ(load(many)->train.count() + load(many)->test.count(), 30);
    const std::string sentence = refused();
    EXPECT_NE(sentence.find("found 2 of 32 pictures that cannot be taken"), std::string::npos) << sentence;
    EXPECT_NE(sentence.find("data.skip_broken"), std::string::npos);
}

TEST_F(LoadDataTest, NothingReadableIsAnError)
{
    EXPECT_NE(refused().find("found no picture in it"), std::string::npos);
    for (int i = 0; i < 5; ++i) writeFileAtomically(m_folder / numbered(i), "no");
    EXPECT_NE(refused().find("none of its pictures can be read (000.png: it is no picture"), std::string::npos) << refused();
    EXPECT_NE(test::refusal([&] { (void)loadData(m_folder / "nowhere", {}, 1); }).find("no such file or folder"),
              std::string::npos);
}

TEST_F(LoadDataTest, LinksThatLeadBackAreFollowedOnce)
{
    writeClass("a", 10);
    fs::create_directory_symlink(m_folder.path(), m_folder / "a" / "again");
    fs::create_symlink(m_folder / "nothing.png", m_folder / "a" / "lost.png");
    EXPECT_EQ(load()->train.count() + load()->test.count(), 10);
}

TEST_F(LoadDataTest, NamesMayHoldAnything)
{
    for (const char* name : {"with space", "Ümläut", "two\nlines", "😀"}) writeClass(name, 8);
    const auto data = load();
    EXPECT_EQ(data->classNames.size(), 4U);
    EXPECT_EQ(data->train.count() + data->test.count(), 32);
}

TEST_F(LoadDataTest, EndsWhenToldTo)
{
    writeClass("a", 200);
    int told = 0;
    EXPECT_EQ(loadData(m_folder.path(), {}, 1, [&](double) { return ++told < 3; }), nullptr);
    EXPECT_LT(told, 6);
}

TEST_F(LoadDataTest, ManyClassesHaveNumbersOfTheirOwn)
{
    for (int i = 0; i < 300; ++i) {
        writePlain("class " + std::to_string(i) + "/x.png", {8, 8, 1}, static_cast<std::uint8_t>(i));
        writePlain("class " + std::to_string(i) + "/y.png", {8, 8, 1}, static_cast<std::uint8_t>(i));
    }
    DataOptions options;
    options.testFraction = 0.5;
    const auto data = load(options);
    EXPECT_EQ(data->classNames.size(), 300U);
    EXPECT_EQ(data->train.count(), 300);
    EXPECT_EQ(*std::max_element(data->train.labels.begin(), data->train.labels.end()), 299);
}

} // namespace latentoscope
