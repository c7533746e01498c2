// What an encoder has seen, at first and second hand.
#include "core/training/Lineage.h"
#include "core/data/DataSet.h"
#include "core/data/Split.h"

#include "core/base/Error.h"
#include "core/training/Prepare.h"
#include "tests/core/training/SmallSession.h"

#include <gtest/gtest.h>

namespace latentoscope {
namespace {

std::shared_ptr<const DataSet> knownData()
{
    auto data = std::make_shared<DataSet>(*test::smallData({8, 8, 1}));
    data->digest = "known";
    return data;
}

SessionSetup small(const std::filesystem::path& folder, const std::string& kind, double heldOut, std::uint64_t seed = 0)
{
    SessionSetup setup = test::smallSetup();
    setup.data = knownData();
    setup.configuration.model.kind = kind;
    setup.configuration.training.epochs = 1;
    setup.configuration.data.validationFraction = heldOut;
    setup.configuration.data.seed = seed;
    setup.runFolder = folder;
    return setup;
}

std::string noteOf(const SessionSetup& setup)
{
    const std::vector<std::string> notes = notesOf(completed(setup));
    return notes.empty() ? std::string() : notes.front();
}

} // namespace

TEST(Lineage, HeldOutImagesThatAnEncoderHasSeenAreSaid)
{
    const test::TemporaryFolder folder;
    test::weightsAfter(small(folder / "ae", "autoencoder", 0));
    SessionSetup tuned = small(folder / "tuned", "classifier", 0.1);
    beginWithEncoder(tuned, folder / "ae");
    EXPECT_NE(noteOf(tuned).find("has seen all 20 held-out images, without their labels"), std::string::npos) << noteOf(tuned);
    test::weightsAfter(tuned);
    const RunRecord record = readRun(folder / "tuned");
    EXPECT_EQ(record.notes, notesOf(completed(tuned)));
    EXPECT_EQ(record.encoderDigest.size(), 64U);
    ASSERT_EQ(record.lineage.size(), 1U);
    EXPECT_EQ(record.lineage.front().kind, "autoencoder");

    test::weightsAfter(small(folder / "same-split", "autoencoder", 0.1));
    SessionSetup clean = small({}, "classifier", 0.1);
    beginWithEncoder(clean, folder / "same-split");
    EXPECT_EQ(noteOf(clean), "") << "the same images are held out";
    clean.configuration.data.seed = 7;
    EXPECT_NE(noteOf(clean).find(" of the 20 held-out images"), std::string::npos) << noteOf(clean);
    auto other = std::make_shared<DataSet>(*knownData());
    other->digest = "other";
    clean.data = other;
    EXPECT_EQ(noteOf(clean), "") << "it has seen none of other data";
}

TEST(Lineage, LabelsAreToldTwoStepsAway)
{
    const test::TemporaryFolder folder;
    test::weightsAfter(small(folder / "first", "classifier", 0));
    SessionSetup second = small(folder / "second", "classifier", 0);
    second.configuration.data.labelsFraction = 0.2;
    beginWithEncoder(second, folder / "first");
    EXPECT_NE(noteOf(second).find("was trained with the labels of 160 training images beyond the 40"), std::string::npos)
        << noteOf(second);
    test::weightsAfter(second);
    SessionSetup third = small({}, "classifier", 0.1);
    beginWithEncoder(third, folder / "second");
    ASSERT_EQ(third.lineage.size(), 2U);
    EXPECT_NE(noteOf(third).find("with the labels of all 20, so the figures on them flatter"), std::string::npos)
        << noteOf(third);
}

TEST(Lineage, OlderRunsAreFollowedFromFolderToFolder)
{
    const test::TemporaryFolder folder;
    test::weightsAfter(small(folder / "ae", "autoencoder", 0));
    SessionSetup tuned = small(folder / "tuned", "classifier", 0.5);
    beginWithEncoder(tuned, folder / "ae");
    test::weightsAfter(tuned);
    RunRecord older = readRun(folder / "tuned");
    older.lineage.clear();
    older.encoderDigest.clear();
    EXPECT_EQ(lineageOf(folder / "tuned", older).size(), 2U);
    std::filesystem::remove_all(folder / "ae");
    const std::vector<Ancestor> lineage = lineageOf(folder / "tuned", older);
    ASSERT_EQ(lineage.size(), 2U);
    EXPECT_EQ(lineage.back().kind, "");
    const DividedData divided = divide(knownData(), {.validationFraction = 0.1});
    EXPECT_TRUE(seenBy(lineage, divided, divided.split->validation).unknown);
    EXPECT_NE(encoderNotes("tuned", lineage, divided).back().find("is not known"), std::string::npos);
    older.encoderFolder = (folder / "tuned").string(); // a circle
    writeRecord(folder / "tuned", older);
    EXPECT_EQ(lineageOf(folder / "tuned", older).size(), 16U);
}

TEST(Lineage, AnEncoderThatHasLearnedNothingIsNotFrozen)
{
    SessionSetup setup = small({}, "classifier", 0);
    setup.configuration.model.freezeEncoder = true;
    try {
        const TrainingSession session(setup);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("model.freeze_encoder"), std::string::npos) << error.what();
    }
}

TEST(Lineage, InputNoiseDoesNotTouchAClassifier)
{
    SessionSetup setup = small({}, "classifier", 0);
    const std::vector<float> without = test::weightsAfter(setup);
    setup.configuration.training.inputNoise = 1;
    EXPECT_EQ(test::weightsAfter(setup), without) << "the field does not apply, so it does nothing";
}

} // namespace latentoscope
