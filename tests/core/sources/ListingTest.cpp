// How files are arranged into classes and splits, by their names alone.
#include "core/sources/Listing.h"

#include "core/base/Error.h"
#include "core/sources/CsvTable.h"
#include "tests/support/Refusal.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace latentoscope {
namespace {

std::vector<TreeFile> filesOf(std::vector<std::string> paths)
{
    std::sort(paths.begin(), paths.end());
    std::vector<TreeFile> files;
    for (std::string& path : paths) files.push_back({std::move(path), 1, 1});
    return files;
}

/// "path:label:part" of every item.
std::vector<std::string> told(const std::vector<TreeFile>& files, const Listing& listing)
{
    static const char* const kParts[]{"", "train", "validation", "test"};
    std::vector<std::string> words;
    for (const ListedItem& item : listing.items)
        words.push_back(files[item.file].path + ":" + std::to_string(item.label) + ":" + kParts[static_cast<int>(item.part)]);
    return words;
}

using Words = std::vector<std::string>;

} // namespace

TEST(Listing, FoldersAreClassesInTheOrderOfTheirNames)
{
    const auto files = filesOf({"dog/1.png", "cat/2.JPG", "cat/1.png", "cat/deep/er.bmp", "cat/notes.txt", "cat/Thumbs.db"});
    const Listing listing = arrange(files, std::nullopt);
    EXPECT_EQ(listing.classNames, (Words{"cat", "dog"}));
    EXPECT_EQ(told(files, listing), (Words{"cat/1.png:0:", "cat/2.JPG:0:", "cat/deep/er.bmp:0:", "dog/1.png:1:"}));
    EXPECT_EQ(listing.passedOver, 2U);
    EXPECT_TRUE(listing.unreadable.empty());
}

TEST(Listing, NumbersAreOrderedAsNumbers)
{
    const Listing listing = arrange(filesOf({"10/a.png", "9/a.png", "2/a.png"}), std::nullopt);
    EXPECT_EQ(listing.classNames, (Words{"2", "9", "10"}));
}

TEST(Listing, SplitsAreToldByTheirFolders)
{
    const auto files = filesOf({"set/Train/a/1.png", "set/Train/b/2.png", "set/valid/a/3.png", "set/test/b/4.png"});
    EXPECT_EQ(told(files, arrange(files, std::nullopt)), (Words{"set/Train/a/1.png:0:train", "set/Train/b/2.png:1:train",
                                                                "set/test/b/4.png:1:test", "set/valid/a/3.png:0:validation"}));
    const auto mixed = filesOf({"test/1.png", "toast/2.png"});
    EXPECT_EQ(arrange(mixed, std::nullopt).classNames, (Words{"test", "toast"})) << "classes that happen to be called so";
}

TEST(Listing, AFolderAroundEverythingIsPassedThrough)
{
    const Listing plain = arrange(filesOf({"a/1.png", "b/1.png"}), std::nullopt);
    const Listing packed = arrange(filesOf({"set/a/1.png", "set/b/1.png"}), std::nullopt);
    EXPECT_EQ(packed.classNames, plain.classNames);
    EXPECT_EQ(arrange(filesOf({"only/1.png", "only/2.png"}), std::nullopt).classNames, (Words{"only"})) << "one class";
}

TEST(Listing, WithoutFoldersThereAreNoLabels)
{
    const auto files = filesOf({"b.png", "a.png", "sub.txt"});
    const Listing listing = arrange(files, std::nullopt);
    EXPECT_TRUE(listing.classNames.empty());
    EXPECT_EQ(told(files, listing), (Words{"a.png:-1:", "b.png:-1:"}));
}

TEST(Listing, APictureBesideTheClassesHasNoPlace)
{
    const Listing listing = arrange(filesOf({"a/1.png", "b/1.png", "stray.png"}), std::nullopt);
    ASSERT_EQ(listing.unreadable.size(), 1U);
    EXPECT_EQ(listing.unreadable[0].file, "stray.png");
    EXPECT_EQ(listing.items.size(), 2U);
}

TEST(Listing, ATableGivesLabelsSplitsAndTheOrder)
{
    const auto files = filesOf({"1.png", "2.png", "3.png", "4.png", "labels.csv"});
    const Listing listing = arrange(files, "split,File,class\ntest,3.png,\"cat, small\"\ntrain,1,dog\n,2.png,dog\n");
    EXPECT_EQ(listing.classNames, (Words{"cat, small", "dog"}));
    EXPECT_EQ(told(files, listing), (Words{"3.png:0:test", "1.png:1:train", "2.png:1:"}));
    ASSERT_EQ(listing.unreadable.size(), 1U);
    EXPECT_EQ(listing.unreadable[0].file, "4.png");
    EXPECT_EQ(listing.passedOver, 0U);
}

TEST(Listing, ATableWithoutHeadingIsRead)
{
    const auto files = filesOf({"1.png", "2.png"});
    EXPECT_EQ(told(files, arrange(files, "2.png,7\n1.png,11\n")), (Words{"2.png:0:", "1.png:1:"}));
}

TEST(Listing, WhatATableSaysWrongIsListed)
{
    const auto files = filesOf({"1.png", "2.png"});
    const Listing listing = arrange(files, "file,label\n1.png,a\n1.png,b\nnone.png,a\n2.png,\n");
    EXPECT_EQ(listing.items.size(), 1U);
    std::vector<std::string> reasons;
    for (const Unreadable& one : listing.unreadable) reasons.push_back(one.file + ": " + one.reason);
    EXPECT_EQ(reasons, (Words{"1.png: labels.csv names it twice", "none.png: labels.csv names it, but it is not there",
                              "2.png: labels.csv gives it no label"}));
    EXPECT_NE(test::refusal([&] { arrange(files, "colour,size\nred,3\n"); }).find("found the columns colour, size"),
              std::string::npos);
    EXPECT_NE(test::refusal([&] { arrange(files, ""); }).find("holds no row"), std::string::npos);
}

TEST(CsvTable, ReadsWhatSpreadsheetsWrite)
{
    using Rows = std::vector<Words>;
    EXPECT_EQ(readCsv("a,b\r\n\"x\"\"y\",\"1\n2\"\r\n\r\n,\n"), (Rows{{"a", "b"}, {"x\"y", "1\n2"}, {"", ""}}));
    EXPECT_EQ(readCsv("\xEF\xBB\xBF"
                      "a;b\n1,5;2"),
              (Rows{{"a", "b"}, {"1,5", "2"}}));
    EXPECT_TRUE(readCsv("").empty());
}

} // namespace latentoscope
