#include "core/storage/FoldsFolder.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "tests/support/Refusal.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace latentoscope {
namespace {

FoldsRecord someRecord()
{
    FoldsRecord record;
    record.configuration.data.folds = 3;
    record.dataName = "Small";
    record.dataDigest = "abc";
    record.version = "0";
    return record;
}

const std::vector<FoldScore> kScoresOfThree{{1, 40, 20, {{"mse", 0.1}, {"accuracy", 2}}},
                                            {2, 40, 20, {{"mse", 0.30000000000000004}, {"accuracy", 4}}},
                                            {3, 40, 20, {{"mse", 0.2}, {"accuracy", 9}}}};

} // namespace

TEST(FoldSpread, IsTheMeanAndTheSampleDeviation)
{
    const std::vector<FoldSpread> spreads = spreadOf(kScoresOfThree);
    ASSERT_EQ(spreads.size(), 2U);
    // numpy.mean([2, 4, 9]), numpy.std([2, 4, 9], ddof=1)
    EXPECT_EQ(spreads[1].name, "accuracy");
    EXPECT_NEAR(spreads[1].mean, 5, 1e-12);
    EXPECT_NEAR(spreads[1].deviation, 3.605551275463989, 1e-12);
    EXPECT_TRUE(spreadOf({}).empty());
    EXPECT_EQ(spreadOf({kScoresOfThree[0]})[0].deviation, 0);
    std::vector<FoldScore> lacking = kScoresOfThree;
    lacking[2].values.pop_back();
    EXPECT_EQ(spreadOf(lacking).size(), 1U) << "a figure that one fold lacks has no mean over folds";
}

TEST(FoldsFolder, ReadsBackWhatItWroteToTheLastBit)
{
    const test::TemporaryFolder folder;
    FoldsRecord record = someRecord();
    record.pretraining = Configuration();
    record.pretraining->training.epochs = 7;
    record.encoderFolder = "elsewhere";
    record.weightsDigest = "def";
    EXPECT_TRUE(openFolds(folder / "new", record, Existing::Refuse).scores.empty());
    writeScores(folder / "new", record, kScoresOfThree);
    const std::vector<FoldScore> scores = openFolds(folder / "new", record, Existing::Refuse).scores;
    ASSERT_EQ(scores.size(), 3U);
    EXPECT_EQ(scores[1].values[0].value, 0.30000000000000004);
    EXPECT_EQ(scores[1].values[0].name, "mse");
    EXPECT_EQ(scores[2].fold, 3);
    EXPECT_EQ(scores[2].trainImages, 40);
    EXPECT_EQ(scores[2].heldOutImages, 20);
    const FoldsRecord read = readFoldsRecord(folder / "new");
    EXPECT_EQ(read.folds(), 3);
    EXPECT_EQ(read.pretraining->training.epochs, 7);
    EXPECT_EQ(read.encoderFolder, "elsewhere");
    EXPECT_EQ(read.weightsDigest, "def");
    const auto json = nlohmann::json::parse(readFile(folder / "new" / "cross-validation.json"));
    EXPECT_EQ(json.at("cross_validation").at("finished"), 3);
    EXPECT_NEAR(json.at("cross_validation").at("summary").at("accuracy").at("mean").get<double>(), 5, 1e-12);
}

TEST(FoldsFolder, TheOlderOnesStayUntilTheyAreReplacedAndStrangersFilesAfterwardsToo)
{
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder / "folds";
    openFolds(path, someRecord(), Existing::Refuse);
    writeScores(path, someRecord(), kScoresOfThree);
    std::filesystem::create_directories(path / "figures");
    std::filesystem::create_directories(path / "fold-03" / "figures");
    for (const char* name : {"figures/thesis.txt", "figures/folds.png", "fold-03/model.safetensors", "fold-03/notes.txt"})
        test::writeBytes(path / name, "old");
    FoldsRecord two = someRecord();
    two.configuration.data.folds = 2;
    {
        const NewFolds given = openFolds(path, two, Existing::Overwrite);
        ASSERT_TRUE(given.replacing());
        EXPECT_NE(test::refusal([&] { openFolds(path, two, Existing::Overwrite); }).find("this program is at work there"),
                  std::string::npos);
        abandon(given);
    }
    EXPECT_EQ(readScores(path).size(), 3U);
    EXPECT_EQ(readFile(path / "fold-03" / "model.safetensors"), "old");
    {
        NewFolds killed = openFolds(path, two, Existing::Overwrite);
        writeScores(killed.files, two, {kScoresOfThree.front()});
    }
    NewFolds next = openFolds(path, two, Existing::Overwrite);
    EXPECT_EQ(next.scores.size(), 1U) << "what was finished before it was killed";
    std::filesystem::create_directories(next.files / "fold-01");
    test::writeBytes(next.files / "fold-01" / "model.safetensors", "new");
    replaceOlder(next, two);
    EXPECT_FALSE(next.replacing());
    EXPECT_EQ(readFoldsRecord(path).folds(), 2);
    EXPECT_EQ(readScores(path).size(), 1U);
    EXPECT_EQ(readFile(path / "fold-01" / "model.safetensors"), "new");
    EXPECT_EQ(readFile(path / "figures" / "thesis.txt"), "old");
    EXPECT_EQ(readFile(path / "fold-03" / "notes.txt"), "old");
    for (const char* gone : {"figures/folds.png", "fold-03/model.safetensors", ".replacement"})
        EXPECT_FALSE(std::filesystem::exists(path / gone)) << gone;
}

TEST(FoldsFolder, NamesSortAsTheirNumbers)
{
    EXPECT_EQ(foldFolder("runs", 3, 10).filename(), "fold-03");
    EXPECT_EQ(foldFolder("runs", 10, 10).filename(), "fold-10");
    EXPECT_EQ(foldFolder("runs", 3, 200).filename(), "fold-003");
    EXPECT_EQ(foldEncoderFolder("runs", 3, 5).filename(), "encoder-03");
}

TEST(FoldsFolder, SaysWhatIsWrongInADamagedFile)
{
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder / "folds";
    openFolds(path, someRecord(), Existing::Refuse);
    writeScores(path, someRecord(), kScoresOfThree);
    const std::string table = readFile(path / "folds.csv");
    for (const auto& [text, words] : {std::pair<std::string, std::string>{"", "found the header"},
                                      {"epoch,split\n", "expected it to begin with fold"},
                                      {table + "4,1\n", "line 5: found 2 cells, expected 5"},
                                      {table + "4,40,20,x,1\n", "line 5: found x, expected a number"},
                                      {table + "3,40,20,1,1\n", "line 5: found fold 3, expected a later one"}}) {
        writeFileAtomically(path / "folds.csv", text);
        const std::string found = test::refusal([&] { readScores(path); });
        EXPECT_NE(found.find(words), std::string::npos) << found;
        EXPECT_TRUE(found.starts_with((path / "folds.csv").string())) << found;
    }
    for (const char* text : {"{}", "[1]", "{\"data\": {\"folds\": 3}}", "{\"data\": {\"folds\": 1}}", "nonsense"}) {
        writeFileAtomically(path / "cross-validation.json", text);
        EXPECT_TRUE(test::refusal([&] { readFoldsRecord(path); }).starts_with((path / "cross-validation.json").string())) << text;
    }
    EXPECT_NE(test::refusal([&] { readFoldsRecord(folder.path()); }).find("holds no cross-validation.json"), std::string::npos);
}

} // namespace latentoscope
