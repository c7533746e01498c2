#include "core/experiment/CrossValidation.h"
#include "core/data/DataSet.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/experiment/Evaluate.h"
#include "core/models/FrozenModel.h"
#include "core/training/Prepare.h"
#include "tests/core/training/SmallSession.h"
#include "tests/support/Refusal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace latentoscope {
namespace {

using Stage = FoldState::Stage;

CrossValidationSetup smallFolds(int folds = 3)
{
    CrossValidationSetup setup;
    setup.training = test::smallSetup();
    setup.folds = folds;
    return setup;
}

CrossValidationState ended(CrossValidation& folds)
{
    folds.start();
    EXPECT_TRUE(folds.waitFor(std::chrono::minutes(5)));
    return folds.state();
}

CrossValidationState trained(const CrossValidationSetup& setup)
{
    CrossValidation folds(setup);
    return ended(folds);
}

bool same(const std::vector<NamedValue>& a, const std::vector<NamedValue>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const NamedValue& x, const NamedValue& y) { return x.name == y.name && x.value == y.value; });
}

std::string refusal(const CrossValidationSetup& setup)
{
    return test::refusal([&] { const CrossValidation folds(setup); });
}

} // namespace

TEST(CrossValidation, GivesTheSameFiguresOneFoldAfterTheOtherAndAllAtOnce)
{
    const test::TemporaryFolder folder;
    std::vector<std::string> tables;
    std::vector<std::string> weights;
    for (const int threads : {1, 2, 4, 8}) {
        CrossValidationSetup setup = smallFolds(5);
        setup.training.threads = threads;
        setup.folder = folder / std::to_string(threads);
        const CrossValidationState state = trained(setup);
        ASSERT_EQ(state.state, RunState::Finished) << state.message;
        ASSERT_EQ(state.scores().size(), 5U);
        tables.push_back(readFile(setup.folder / "folds.csv"));
        weights.push_back(readFile(setup.folder / "fold-04" / "model.safetensors"));
    }
    for (std::size_t i = 1; i < tables.size(); ++i) {
        EXPECT_EQ(tables[i], tables[0]);
        EXPECT_EQ(weights[i], weights[0]);
    }
}

TEST(CrossValidation, AFoldIsTheRunThatItsConfigurationTrains)
{
    const test::TemporaryFolder folder;
    CrossValidationSetup setup = smallFolds();
    setup.folder = folder / "folds";
    const CrossValidationState state = trained(setup);
    ASSERT_EQ(state.state, RunState::Finished) << state.message;
    SessionSetup alone = test::smallSetup();
    alone.configuration = readRun(setup.folder / "fold-02").configuration;
    EXPECT_EQ(alone.configuration.data.folds, 3);
    EXPECT_EQ(alone.configuration.data.fold, 2);
    const FrozenModel model(alone.configuration.model, alone.data->train.shape, test::weightsAfter(alone));
    const DividedData divided = divide(alone.data, alone.configuration.data);
    const ItemSelection held = wholeSplit(divided, "validation");
    const FoldScore& score = state.folds[1].score;
    EXPECT_TRUE(same(evaluate(model, *alone.data, held, 1).values, score.values));
    EXPECT_EQ(score.heldOutImages, static_cast<int>(held.items.size()));
    EXPECT_EQ(score.trainImages + score.heldOutImages, alone.data->train.count());
    EXPECT_EQ(state.folds[1].epochs.size(), 3U);
    EXPECT_EQ(state.folds[1].epochs.back().find("validation", "mse"), score.values.front().value);
}

TEST(CrossValidation, GoesOnWhereItWasStopped)
{
    const test::TemporaryFolder folder;
    CrossValidationSetup setup = smallFolds(4);
    setup.folder = folder / "whole";
    const CrossValidationState whole = trained(setup);
    ASSERT_EQ(whole.state, RunState::Finished);

    setup.folder = folder / "parts";
    setup.training.configuration.training.epochs = 3;
    {
        CrossValidation folds(setup);
        folds.start();
        while (folds.state().scores().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        const auto asked = std::chrono::steady_clock::now();
        folds.stop();
        ASSERT_TRUE(folds.waitFor(std::chrono::seconds(10)));
        EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::milliseconds(500)); // 100 ms, on a machine at leisure
    }
    const std::size_t before = readScores(setup.folder).size();
    ASSERT_GE(before, 1U);
    CrossValidation folds(setup);
    EXPECT_EQ(folds.state().scores().size(), before);
    EXPECT_TRUE(folds.state().folds.front().fromBefore);
    EXPECT_EQ(folds.state().folds.front().epochs.size(), 3U);
    const CrossValidationState rest = ended(folds);
    ASSERT_EQ(rest.state, RunState::Finished) << rest.message;
    EXPECT_EQ(readFile(folder / "parts" / "folds.csv"), readFile(folder / "whole" / "folds.csv"));
}

TEST(CrossValidation, IsOneProgramsAtATimeAndNotAnothers)
{
    const test::TemporaryFolder folder;
    CrossValidationSetup setup = smallFolds();
    setup.folder = folder / "folds";
    {
        const CrossValidation first(setup);
        EXPECT_NE(refusal(setup).find("this program is at work there"), std::string::npos) << refusal(setup);
    }
    EXPECT_EQ(refusal(setup), "");
    CrossValidationSetup other = setup;
    other.training.configuration.training.learningRate = 0.25;
    EXPECT_NE(refusal(other).find("has training.learning_rate 0.005, found 0.25"), std::string::npos) << refusal(other);
    other = setup;
    other.folds = 4;
    EXPECT_NE(refusal(other).find("has data.folds 3, found 4"), std::string::npos) << refusal(other);
    other = setup;
    other.training.data = test::smallData({8, 8, 1}, 190);
    EXPECT_EQ(refusal(other), "") << "data of the same digest (none in tests) are the same data";
    other.training.existing = Existing::Overwrite;
    other.folds = 4;
    EXPECT_EQ(refusal(other), "");
    EXPECT_EQ(readFoldsRecord(setup.folder).folds(), 3) << "nothing is replaced before something is trained";
    writeFileAtomically(folder / "file", "x");
    other.folder = folder / "file";
    EXPECT_NE(refusal(other).find("is a file"), std::string::npos);
    other.folder = folder.path();
    EXPECT_NE(refusal(other).find("holds files but no cross-validation"), std::string::npos);
}

TEST(CrossValidation, AFailureLeavesTheOlderOneAsItWas)
{
    const test::TemporaryFolder folder;
    CrossValidationSetup setup = smallFolds();
    setup.folder = folder / "folds";
    ASSERT_EQ(trained(setup).state, RunState::Finished);
    const std::string before = readFile(setup.folder / "folds.csv");
    const std::string weights = readFile(setup.folder / "fold-02" / "model.safetensors");
    CrossValidationSetup bad = setup;
    bad.training.existing = Existing::Overwrite;
    bad.training.configuration.training.optimizer = OptimizerRule::Sgd;
    bad.training.configuration.training.learningRate = 10;
    bad.training.configuration.training.momentum = 0.9999;
    bad.training.configuration.training.weightDecay = 1;
    bad.training.configuration.training.epochs = 400;
    const CrossValidationState failed = trained(bad);
    ASSERT_EQ(failed.state, RunState::Failed);
    EXPECT_NE(failed.message.find("is as it was"), std::string::npos) << failed.message;
    EXPECT_EQ(readFile(setup.folder / "folds.csv"), before);
    EXPECT_EQ(readFile(setup.folder / "fold-02" / "model.safetensors"), weights);
    EXPECT_FALSE(std::filesystem::exists(setup.folder / ".replacement"));

    CrossValidationSetup good = setup;
    good.training.existing = Existing::Overwrite;
    good.training.configuration.training.seed = 5;
    ASSERT_EQ(trained(good).state, RunState::Finished);
    EXPECT_NE(readFile(setup.folder / "folds.csv"), before);
    EXPECT_EQ(readFoldsRecord(setup.folder).configuration.training.seed, 5U);
    EXPECT_FALSE(std::filesystem::exists(setup.folder / ".replacement"));
}

TEST(CrossValidation, AFoldThatIsGoneOrDamagedIsTrainedAgain)
{
    const test::TemporaryFolder folder;
    CrossValidationSetup setup = smallFolds();
    setup.folder = folder / "folds";
    ASSERT_EQ(trained(setup).state, RunState::Finished);
    const std::string scores = readFile(setup.folder / "folds.csv");
    const std::string weights = readFile(setup.folder / "fold-02" / "model.safetensors");
    std::filesystem::remove_all(setup.folder / "fold-02");
    test::writeBytes(setup.folder / "fold-03" / "model.safetensors", "cut");
    const CrossValidationState seen = readCrossValidation(setup.folder, readFoldsRecord(setup.folder));
    EXPECT_EQ(seen.state, RunState::Stopped);
    EXPECT_EQ(seen.scores().size(), 1U);
    EXPECT_NE(seen.folds[1].warning.find("does not count"), std::string::npos) << seen.folds[1].warning;
    ASSERT_EQ(trained(setup).state, RunState::Finished);
    EXPECT_EQ(readFile(setup.folder / "folds.csv"), scores);
    EXPECT_EQ(readFile(setup.folder / "fold-02" / "model.safetensors"), weights);
}

TEST(CrossValidation, AnEncoderThatKnowsTheLabelsIsRefusedAndOneThatSawTheImagesMarked)
{
    const test::TemporaryFolder folder;
    auto data = std::make_shared<DataSet>(*smallFolds().training.data);
    data->digest = "known";
    const auto trainedAs = [&](const char* kind) {
        SessionSetup session = smallFolds().training;
        session.data = data;
        session.configuration.model.kind = kind;
        session.configuration.data.validationFraction = 0;
        session.runFolder = folder / kind;
        test::weightsAfter(session);
    };
    trainedAs("classifier");
    trainedAs("autoencoder");
    CrossValidationSetup setup = smallFolds();
    setup.training.data = data;
    setup.training.configuration.model.kind = "classifier";
    setup.training.configuration.data.labelsFraction = 0.5;
    setup.folder = folder / "folds";
    beginWithEncoder(setup.training, folder / "classifier");
    EXPECT_NE(refusal(setup).find("was trained with the labels of 200 of the images that the folds hold out"), std::string::npos)
        << refusal(setup);
    EXPECT_FALSE(std::filesystem::exists(setup.folder));
    beginWithEncoder(setup.training, folder / "autoencoder");
    const CrossValidationState state = trained(setup);
    ASSERT_EQ(state.state, RunState::Finished) << state.message;
    const FoldsRecord record = readFoldsRecord(setup.folder);
    ASSERT_EQ(record.notes.size(), 1U);
    EXPECT_NE(record.notes[0].find("has seen the images that the folds hold out"), std::string::npos);
    const std::vector<FoldScore> scores = readScores(setup.folder);
    EXPECT_EQ(scores[0].values.back().name, "held_out_seen_by_encoder");
    EXPECT_EQ(scores[0].values.back().value, scores[0].heldOutImages);
    EXPECT_NEAR(scores[0].trainImages, (200 - scores[0].heldOutImages) / 2.0, 5) << "those that it learned from";
}

TEST(CrossValidation, TrainsAnEncoderOfEachFoldsOwn)
{
    const test::TemporaryFolder folder;
    CrossValidationSetup setup = smallFolds(2);
    setup.pretraining = setup.training.configuration;
    setup.pretraining->model.latent = 5;
    setup.training.configuration.model.kind = "classifier";
    setup.training.configuration.model.freezeEncoder = true;
    setup.folder = folder / "folds";
    const CrossValidationState state = trained(setup);
    ASSERT_EQ(state.state, RunState::Finished) << state.message;
    for (const int fold : {1, 2}) {
        const RunRecord encoder = readRun(foldEncoderFolder(setup.folder, fold, 2));
        const RunRecord run = readRun(foldFolder(setup.folder, fold, 2));
        EXPECT_EQ(encoder.configuration.data.fold, fold) << "it must not see what the fold holds out";
        EXPECT_EQ(encoder.configuration.data.folds, 2);
        EXPECT_EQ(run.configuration.model.latent, 5);
        EXPECT_EQ(run.encoderFolder, foldEncoderFolder(setup.folder, fold, 2).string());
        const auto first = readModel(foldEncoderFolder(setup.folder, fold, 2), encoder.configuration.model, encoder.shape);
        const auto tuned = readModel(foldFolder(setup.folder, fold, 2), run.configuration.model, run.shape);
        const std::vector<std::uint8_t> images(setup.training.data->test.pixels.begin(),
                                               setup.training.data->test.pixels.begin() + 640);
        EXPECT_EQ(first->encode(images), tuned->encode(images)); // frozen: the encoder is the fold's own, as it was
    }
    CrossValidationSetup other = setup;
    other.pretraining.reset();
    other.training.configuration.model.latent = 5;
    EXPECT_NE(refusal(other).find("found yes without a trained encoder"), std::string::npos) << refusal(other);
    other = setup;
    other.pretraining->training.epochs = 4;
    EXPECT_NE(refusal(other).find("a pre-training with training.epochs 3, found 4"), std::string::npos) << refusal(other);
}

TEST(CrossValidation, RefusesWhatItCannotDivideOrPretrain)
{
    const test::TemporaryFolder folder;
    CrossValidationSetup setup = smallFolds();
    setup.folder = folder / "none";
    for (const auto& [folds, words] :
         {std::pair{1, "folds: found 1, expected at least 2"}, std::pair{201, "expected at most 200"}}) {
        setup.folds = folds;
        EXPECT_NE(refusal(setup).find(words), std::string::npos) << refusal(setup);
    }
    setup = smallFolds();
    setup.folder = folder / "none";
    setup.pretraining = setup.training.configuration;
    EXPECT_NE(refusal(setup).find("expected classifier"), std::string::npos) << refusal(setup);
    setup.training.configuration.model.kind = "classifier";
    setup.pretraining->model.kind = "classifier";
    EXPECT_NE(refusal(setup).find("learns without labels"), std::string::npos) << refusal(setup);
    EXPECT_FALSE(std::filesystem::exists(folder / "none"));
}

TEST(CrossValidation, OneFoldThatFailsEndsItWithItsNumber)
{
    CrossValidationSetup setup = smallFolds();
    setup.training = test::divergingSetup();
    const CrossValidationState state = trained(setup);
    ASSERT_EQ(state.state, RunState::Failed);
    EXPECT_TRUE(state.message.starts_with("fold ")) << state.message;
    EXPECT_NE(state.message.find("try a learning rate below"), std::string::npos) << state.message;
}

} // namespace latentoscope
