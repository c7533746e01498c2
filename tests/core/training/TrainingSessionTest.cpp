#include "core/training/TrainingSession.h"
#include "core/data/DataSet.h"
#include "core/data/Split.h"
#include "core/models/FrozenModel.h"
#include "core/training/Snapshot.h"
#include "core/values/LatentCodes.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/experiment/Evaluate.h"
#include "core/training/Memory.h"
#include "tests/core/training/SmallSession.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

namespace latentoscope {

using test::longSetup;
using test::reaches;
using test::smallSetup;
using test::weightsAfter;

TEST(TrainingSession, GivesTheSameBytesAtAnyThreadCount)
{
    SessionSetup setup = smallSetup();
    const std::vector<float> one = weightsAfter(setup);
    for (const int threads : {1, 2, 3, 4}) {
        setup.threads = threads;
        EXPECT_EQ(weightsAfter(setup), one) << threads << " threads";
    }
    setup.configuration.training.seed = 1;
    EXPECT_NE(weightsAfter(setup), one);
}

TEST(TrainingSession, LiveViewsDoNotChangeTheResult)
{
    SessionSetup setup = smallSetup();
    const std::vector<float> quiet = weightsAfter(setup);
    setup.monitor.reconstructionInterval = std::chrono::milliseconds(1);
    setup.monitor.codeInterval = std::chrono::milliseconds(1);
    EXPECT_EQ(weightsAfter(setup), quiet);
}

TEST(TrainingSession, LearnsATinyProblem)
{
    SessionSetup setup = smallSetup();
    setup.configuration.training.epochs = 60;
    TrainingSession session(setup);
    const Evaluation before = evaluate(*session.model(), *setup.data, {"test", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, true}, 1);
    session.start();
    session.wait();
    const Evaluation after = evaluate(*session.model(), *setup.data, {"test", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, true}, 1);
    EXPECT_LT(after.at("mse"), 0.25 * before.at("mse"));
}

TEST(TrainingSession, TrainsEverySizeAndChannelCount)
{
    for (const ImageShape shape : {ImageShape{8, 8, 1}, ImageShape{9, 11, 1}, ImageShape{33, 31, 3}, ImageShape{9, 11, 3}}) {
        SessionSetup setup = smallSetup(shape);
        setup.configuration.training.epochs = 1;
        weightsAfter(setup);
    }
}

TEST(TrainingSession, HandsOverEveryLossAndEveryEpochInOrder)
{
    SessionSetup setup = smallSetup();
    setup.monitor.pictures = true;
    TrainingSession session(setup);
    session.start();
    session.wait();
    const Snapshot snapshot = session.channel().take();
    // 180 training images (10 % are held out) in batches of 50 are 4 steps an epoch.
    ASSERT_EQ(snapshot.losses.size(), 12U);
    for (std::size_t i = 1; i < snapshot.losses.size(); ++i) EXPECT_GT(snapshot.losses[i].epoch, snapshot.losses[i - 1].epoch);
    EXPECT_DOUBLE_EQ(snapshot.losses.back().epoch, 3);
    ASSERT_EQ(snapshot.epochs.size(), 3U);
    EXPECT_TRUE(snapshot.epochs[0].find("validation", "mse").has_value());
    ASSERT_EQ(snapshot.pictures.size(), 4U); // epoch 0 too
    EXPECT_EQ(snapshot.pictures[0]->epoch, 0);
    EXPECT_EQ(snapshot.pictures[3]->codes->count(), 20);
    EXPECT_EQ(snapshot.pictures[3]->codes->split, "validation");
    EXPECT_DOUBLE_EQ(snapshot.progress.fraction, 1);
    EXPECT_TRUE(session.channel().take().losses.empty());
}

TEST(TrainingSession, TrainsOnTheFoldThatItIsGiven)
{
    SessionSetup setup = smallSetup();
    const std::vector<Split> folds = foldsByClass(setup.data->train, 4, 1);
    setup.split = std::make_shared<const Split>(folds[2]);
    setup.monitor.pictures = true;
    TrainingSession session(setup);
    session.start();
    session.wait();
    const Snapshot snapshot = session.channel().take();
    EXPECT_EQ(snapshot.pictures.back()->codes->items, folds[2].validation);
    EXPECT_EQ(snapshot.losses.size(), 9U); // 150 images in batches of 50, three epochs
}

TEST(TrainingSession, StopsWhereItIsToldNotToGoOn)
{
    SessionSetup setup = longSetup();
    setup.goOn = [](const EpochMetrics& metrics) { return metrics.epoch < 4; };
    TrainingSession session(setup);
    session.start();
    session.wait();
    EXPECT_EQ(session.state(), RunState::Stopped);
    EXPECT_EQ(session.channel().take().epochs.size(), 4U);
}

TEST(TrainingSession, ShowsNothingUnlessAskedTo)
{
    TrainingSession session(smallSetup());
    session.start();
    session.wait();
    const Snapshot snapshot = session.channel().take();
    EXPECT_TRUE(snapshot.pictures.empty());
    EXPECT_FALSE(snapshot.codes);
}

TEST(TrainingSession, MoreMemoryThanThereIsIsRefusedWithTheField)
{
    SessionSetup setup = smallSetup();
    const auto refusal = [&](double available) {
        try {
            checkMemory(setup.configuration, {28, 28, 1}, 2, available);
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_EQ(refusal(1e9), "");
    EXPECT_TRUE(refusal(1e5).starts_with("training.shard_size, model.channels: training with these takes about 0.0 GiB on 2"))
        << refusal(1e5);
    setup.configuration.model.hidden = 8192;
    setup.configuration.training.shardSize = 1;
    EXPECT_TRUE(refusal(1e6).starts_with("model.channels, model.hidden")) << refusal(1e6);
    // The estimate follows the threads, not the number of shards in a batch.
    setup.configuration.training.batchSize = 8192;
    const double two = trainingMemory(setup.configuration, {28, 28, 1}, 2).all();
    setup.configuration.training.batchSize = 64;
    EXPECT_EQ(trainingMemory(setup.configuration, {28, 28, 1}, 2).all(), two);
    EXPECT_GT(trainingMemory(setup.configuration, {28, 28, 1}, 4).all(), two);
    EXPECT_GT(availableMemory(), 1e8);
}

TEST(TrainingSession, EpochsTrainingLossIsTheMeanOfItsSteps)
{
    SessionSetup setup = smallSetup();
    setup.configuration.training.epochs = 1;
    TrainingSession session(setup);
    session.start();
    session.wait();
    const Snapshot snapshot = session.channel().take();
    double sum = 0;
    const double images[] = {50, 50, 50, 30};
    for (std::size_t i = 0; i < 4; ++i) sum += images[i] * double{snapshot.losses[i].loss};
    EXPECT_NEAR(*snapshot.epochs[0].find("train", "mse"), sum / 180, 1e-7);
}

TEST(TrainingSession, PausesResumesAndStopsQuickly)
{
    TrainingSession session(longSetup());
    session.start();
    ASSERT_TRUE(reaches(session, RunState::Running));
    for (int i = 0; i < 5; ++i) {
        session.pause();
        ASSERT_TRUE(reaches(session, RunState::Paused));
        (void)session.channel().take();
        EXPECT_TRUE(session.channel().take().losses.empty()); // nothing moves while paused
        EXPECT_EQ(session.model()->decode(std::vector<float>{0, 0}).size(), 64U);
        session.resume();
        ASSERT_TRUE(reaches(session, RunState::Running));
    }
    session.stop();
    EXPECT_TRUE(reaches(session, RunState::Stopped));
}

TEST(TrainingSession, PausingDoesNotChangeTheResult)
{
    SessionSetup setup = smallSetup();
    setup.configuration.training.epochs = 200;
    const std::vector<float> straight = weightsAfter(setup);
    TrainingSession session(setup);
    session.start();
    for (int i = 0; i < 10 && session.state() != RunState::Finished; ++i) {
        session.pause();
        while (session.state() != RunState::Paused && session.state() != RunState::Finished) std::this_thread::yield();
        session.resume();
    }
    session.wait();
    const auto weights = session.model()->weights();
    EXPECT_EQ(std::vector<float>(weights.begin(), weights.end()), straight);
}

TEST(TrainingSession, TrainsFurtherAsIfItHadNeverEnded)
{
    SessionSetup setup = smallSetup();
    setup.configuration.training.epochs = 5;
    const std::vector<float> straight = weightsAfter(setup);
    setup.configuration.training.epochs = 3;
    TrainingSession session(setup);
    session.start();
    session.wait();
    session.trainFurther(2);
    session.wait();
    EXPECT_EQ(session.state(), RunState::Finished);
    const auto weights = session.model()->weights();
    EXPECT_EQ(std::vector<float>(weights.begin(), weights.end()), straight);
}

TEST(TrainingSession, CanBeDestroyedAtAnyTime)
{
    {
        const TrainingSession ready(longSetup());
    }
    {
        TrainingSession running(longSetup());
        running.start();
        ASSERT_TRUE(reaches(running, RunState::Running));
    }
    {
        TrainingSession paused(longSetup());
        paused.start();
        ASSERT_TRUE(reaches(paused, RunState::Running));
        paused.pause();
        ASSERT_TRUE(reaches(paused, RunState::Paused));
    }
}

TEST(TrainingSession, StopsWithASentenceWhereTheLossIsNoNumber)
{
    TrainingSession session(test::divergingSetup());
    session.start();
    session.wait();
    ASSERT_EQ(session.state(), RunState::Failed);
    const std::string message = session.channel().take().message;
    EXPECT_TRUE(message.starts_with("training stopped at step ")) << message;
    EXPECT_TRUE(message.ends_with("the last good weights are kept; try a learning rate below 10")) << message;
    for (const float weight : session.model()->weights()) ASSERT_TRUE(std::isfinite(weight));
}

TEST(TrainingSession, WritesARunThatOpensAgain)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = smallSetup();
    setup.runFolder = folder / "run";
    const std::vector<float> weights = weightsAfter(setup);
    const RunRecord run = readRun(setup.runFolder);
    EXPECT_EQ(run.dataDigest, setup.data->digest);
    const auto model = readModel(setup.runFolder, run.configuration.model, run.shape);
    EXPECT_EQ(std::vector<float>(model->weights().begin(), model->weights().end()), weights);
    EXPECT_EQ(readMetrics(setup.runFolder).size(), 3U);
    EXPECT_EQ(readSteps(setup.runFolder).size(), 12U);
    EXPECT_NE(readFile(setup.runFolder / "log.txt").find("finished"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(setup.runFolder / "figures" / "thumbnail.png"));
}

TEST(TrainingSession, WrongSettingsAreRefusedBeforeAFolderIsMade)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = smallSetup();
    setup.runFolder = folder / "run";
    setup.configuration.model.padding = 5;
    EXPECT_THROW(TrainingSession{setup}, Error);
    setup = smallSetup();
    setup.runFolder = folder / "run";
    setup.device = "cuda:7";
    EXPECT_THROW(TrainingSession{setup}, Error);
    EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST(ReadModel, SaysWhichTensorDoesNotFit)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = smallSetup();
    const TrainingSession session(setup);
    writeModel(folder / "model.safetensors", *session.model(), {});
    ModelOptions other = setup.configuration.model;
    other.hidden = 17;
    try {
        readModel(folder.path(), other, {8, 8, 1});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.what(), (folder / "model.safetensors").string() +
                                    ": encoder.5.weight has shape (16, 32), expected (17, 32) as config.json says");
    }
}

} // namespace latentoscope
