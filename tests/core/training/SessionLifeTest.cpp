// A training session under pausing, resuming, stopping and failing: what it keeps, and when.
#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/base/WorkerPool.h"
#include "core/experiment/Evaluate.h"
#include "core/kinds/Kind.h"
#include "core/models/FrozenModel.h"
#include "core/storage/RunFolder.h"
#include "core/training/Snapshot.h"
#include "tests/core/training/SmallSession.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>

namespace latentoscope {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// How long the hammering lasts: a little in the quick tests, LATENTOSCOPE_HAMMER_SECONDS for a thorough one.
std::chrono::seconds hammeringTime()
{
    const char* seconds = std::getenv("LATENTOSCOPE_HAMMER_SECONDS");
    return std::chrono::seconds(seconds == nullptr ? 3 : std::atoi(seconds));
}

SessionSetup hammeredSetup()
{
    SessionSetup setup = test::smallSetup();
    setup.configuration.data.validationFraction = 0.2;
    setup.configuration.training.epochs = 12;
    setup.threads = 2;
    return setup;
}

/// Pauses, resumes and sometimes stops and trains on at the moments a seed gives, to the end of training.
void hammer(TrainingSession& session, std::uint64_t seed)
{
    RandomStream random(seed, RandomPurpose::Noise);
    const int all = session.configuration().training.epochs;
    session.start();
    while (!session.waitFor(std::chrono::milliseconds(0)) || session.state() != RunState::Finished) {
        std::this_thread::sleep_for(std::chrono::microseconds(random.below(400)));
        const std::uint32_t choice = random.below(16);
        if (choice == 0) {
            session.stop();
            session.resume(); // means nothing while a stop is on its way
            session.wait();
            if (session.state() == RunState::Stopped)
                session.trainFurther(all - static_cast<int>(session.channel().take().progress.epoch));
        } else if (choice < 8) {
            session.pause();
        } else {
            session.resume();
        }
        if (session.state() == RunState::Failed) return;
        if (random.below(4) == 0) session.resume();
    }
}

} // namespace

TEST(SessionLife, HammeredByPauseResumeAndStopItLosesNothing)
{
    const std::vector<float> straight = test::weightsAfter(hammeredSetup());
    const Clock::time_point end = Clock::now() + hammeringTime();
    int sessions = 0;
    for (std::uint64_t seed = 0; Clock::now() < end; ++seed, ++sessions) {
        TrainingSession session(hammeredSetup());
        hammer(session, seed);
        ASSERT_EQ(session.state(), RunState::Finished) << "seed " << seed;
        for (int i = 0; i < 20; ++i) { // nothing brings a finished one back
            session.pause();
            session.resume();
            session.stop();
            ASSERT_EQ(session.state(), RunState::Finished) << "seed " << seed;
        }
        const auto weights = session.model()->weights();
        ASSERT_EQ(std::vector<float>(weights.begin(), weights.end()), straight) << "seed " << seed;
    }
    EXPECT_GT(sessions, 0);
}

TEST(SessionLife, HammeredItsCurvesAreThoseOfAnUndisturbedOne)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = hammeredSetup();
    setup.runFolder = folder / "straight";
    test::weightsAfter(setup);
    const std::vector<LossPoint> straight = readSteps(setup.runFolder);
    const Clock::time_point end = Clock::now() + hammeringTime() / 3;
    for (std::uint64_t seed = 0; Clock::now() < end; ++seed) {
        setup.runFolder = folder / std::to_string(seed);
        {
            TrainingSession session(setup);
            hammer(session, seed);
            ASSERT_EQ(session.state(), RunState::Finished) << "seed " << seed;
        }
        const std::vector<LossPoint> steps = readSteps(setup.runFolder);
        ASSERT_EQ(steps.size(), straight.size()) << "seed " << seed;
        for (std::size_t i = 0; i < steps.size(); ++i) ASSERT_EQ(steps[i].loss, straight[i].loss) << "seed " << seed;
        const std::vector<EpochMetrics> epochs = readMetrics(setup.runFolder);
        ASSERT_EQ(epochs.size(), 12U) << "seed " << seed;
        for (const EpochMetrics& epoch : epochs) {
            ASSERT_TRUE(std::isfinite(epoch.find("validation", "mse").value_or(NAN)))
                << "seed " << seed << ", epoch " << epoch.epoch;
        }
        ASSERT_EQ(readTrainedTo(setup.runFolder)->epoch, 12);
        std::filesystem::remove_all(setup.runFolder);
    }
}

TEST(SessionLife, WaitAfterStopFindsAllWritten)
{
    const test::TemporaryFolder folder;
    for (int i = 0; i < 5; ++i) {
        SessionSetup setup = test::longSetup();
        setup.runFolder = folder / std::to_string(i);
        TrainingSession session(setup);
        session.start();
        ASSERT_TRUE(test::reaches(session, RunState::Running));
        session.stop();
        session.wait();
        EXPECT_EQ(session.state(), RunState::Stopped);
        EXPECT_TRUE(session.kept());
        const auto model = readModel(setup.runFolder, setup.configuration.model, {8, 8, 1});
        EXPECT_TRUE(std::equal(model->weights().begin(), model->weights().end(), session.model()->weights().begin()));
        EXPECT_NE(readFile(setup.runFolder / "log.txt").find("stopped"), std::string::npos);
        EXPECT_EQ(readTrainedTo(setup.runFolder)->step, static_cast<std::int64_t>(readSteps(setup.runFolder).size()));
    }
}

TEST(SessionLife, WeightsAreThereAfterTheFirstEpochAndWhenPaused)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = test::longSetup();
    setup.runFolder = folder / "run";
    TrainingSession session(setup);
    session.start();
    const auto saved = [&] { return readTrainedTo(setup.runFolder); };
    for (const auto end = Clock::now() + 10s; !saved() && Clock::now() < end;) std::this_thread::yield();
    ASSERT_TRUE(saved());
    EXPECT_EQ(saved()->epoch, 1);
    session.pause();
    ASSERT_TRUE(test::reaches(session, RunState::Paused));
    const std::int64_t steps = static_cast<std::int64_t>(session.channel().take().losses.size());
    for (const auto end = Clock::now() + 10s; saved()->step != steps && Clock::now() < end;) std::this_thread::yield();
    EXPECT_EQ(saved()->step, steps);
}

TEST(SessionLife, WaitBeforeStartReturns)
{
    TrainingSession session(test::smallSetup());
    session.wait();
    EXPECT_EQ(session.state(), RunState::Ready);
    EXPECT_FALSE(session.waitFor(0ms));
}

TEST(SessionLife, TrainingFurtherIsRecorded)
{
    const test::TemporaryFolder folder;
    TrainingSession session(test::setupInto(folder / "run", 1));
    session.start();
    session.wait();
    session.trainFurther(2);
    session.wait();
    EXPECT_EQ(session.configuration().training.epochs, 3);
    EXPECT_EQ(readRun(folder / "run").configuration.training.epochs, 3);
    EXPECT_EQ(readMetrics(folder / "run").size(), 3U);
}

TEST(SessionLife, ARenamedRunIsTrainedFurtherWhereItIsNow)
{
    const test::TemporaryFolder folder;
    {
        TrainingSession session(test::setupInto(folder / "run", 2));
        session.start();
        session.wait();
        std::filesystem::rename(folder / "run", folder / "named");
        session.moved(folder / "named");
        EXPECT_EQ(holderOf(folder / "named"), "this program");
        session.trainFurther(2);
        session.wait();
        EXPECT_EQ(session.state(), RunState::Finished);
        EXPECT_EQ(readMetrics(folder / "named").size(), 4U);
        EXPECT_EQ(readRun(folder / "named").configuration.training.epochs, 4);
        EXPECT_EQ(readTrainedTo(folder / "named")->epoch, 4);
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "run"));
    EXPECT_FALSE(std::filesystem::exists(folder / "named" / ".lock"));
}

TEST(SessionLife, TrainingFurtherThanTheFieldTakesIsRefusedAndChangesNothing)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = test::smallSetup();
    setup.runFolder = folder / "run";
    TrainingSession session(setup);
    session.start();
    session.wait();
    EXPECT_THROW(session.trainFurther(9'998), Error); // 3 are done, 10,000 the most
    EXPECT_EQ(session.state(), RunState::Finished);
    EXPECT_EQ(readRun(setup.runFolder).configuration.training.epochs, 3);
}

/// One that diverges in the step after `steps` good ones: found by trying, since rounding decides when.
int stepsBeforeDivergence(SessionSetup setup)
{
    TrainingSession session(setup);
    session.start();
    session.wait();
    EXPECT_EQ(session.state(), RunState::Failed);
    return static_cast<int>(session.channel().take().losses.size());
}

TEST(SessionLife, DivergedInItsLastStepIsNotDone)
{
    // All 200 images make one step an epoch: the epochs can be chosen so that the last step spoils the weights.
    const test::TemporaryFolder folder;
    SessionSetup setup = test::divergingSetup();
    setup.configuration.data.validationFraction = 0;
    setup.configuration.training.batchSize = 200;
    const int steps = stepsBeforeDivergence(setup);
    ASSERT_GT(steps, 1);
    setup.configuration.training.epochs = steps;
    setup.runFolder = folder / "run";
    TrainingSession session(setup);
    session.start();
    session.wait();
    EXPECT_EQ(session.state(), RunState::Failed);
    EXPECT_NE(session.channel().take().message.find("the weights it gave make the loss"), std::string::npos);
    const auto model = readModel(setup.runFolder, setup.configuration.model, {8, 8, 1});
    const Evaluation kept = evaluate(*model, *setup.data, {"test", {0, 1, 2, 3}, true}, 1);
    EXPECT_TRUE(std::isfinite(kept.at("mse")));
    EXPECT_EQ(readTrainedTo(setup.runFolder)->step, steps - 1);
}

TEST(SessionLife, AValidationLossThatIsNoNumberEndsTheTraining)
{
    SessionSetup setup = test::divergingSetup();
    setup.configuration.data.validationFraction = 0.1;
    setup.configuration.training.batchSize = 200;
    setup.configuration.training.epochs = stepsBeforeDivergence(setup) + 1;
    TrainingSession session(setup);
    session.start();
    session.wait();
    const Snapshot news = session.channel().take();
    EXPECT_EQ(session.state(), RunState::Failed);
    EXPECT_NE(news.message.find("loss"), std::string::npos);
    for (const EpochMetrics& epoch : news.epochs) EXPECT_TRUE(std::isfinite(epoch.find("validation", "mse").value_or(NAN)));
}

TEST(SessionLife, EvaluatingANetworkThatGivesNoNumberFailsWithASentence)
{
    const SessionSetup setup = test::smallSetup();
    const auto layout = parameterLayout(setup.configuration.model, {8, 8, 1});
    std::vector<float> weights(parameterCount(layout)); // finite, but what they make of an image overflows both ways
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = i % 3 == 0 ? -1e30F : 1e30F;
    const FrozenModel model(setup.configuration.model, {8, 8, 1}, std::move(weights));
    try {
        evaluate(model, *setup.data, {"test", {0, 1, 2}, true}, 1);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::Numeric);
        EXPECT_NE(std::string(error.what()).find("test split"), std::string::npos) << error.what();
    }
}

TEST(SessionLife, AFailureLeavesTheRunThatItWasToReplace)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = test::smallSetup();
    setup.runFolder = folder / "run";
    test::weightsAfter(setup);
    const std::string weights = readFile(setup.runFolder / "model.safetensors");
    const std::string metrics = readFile(setup.runFolder / "metrics.csv");
    {
        SessionSetup diverging = test::divergingSetup();
        diverging.configuration.training.batchSize = 5; // within its first epoch
        diverging.runFolder = setup.runFolder;
        diverging.existing = Existing::Overwrite;
        TrainingSession session(diverging);
        session.start();
        session.wait();
        ASSERT_EQ(session.state(), RunState::Failed);
        EXPECT_FALSE(session.kept());
        EXPECT_NE(session.channel().take().message.find("is as it was"), std::string::npos);
    }
    EXPECT_EQ(readFile(setup.runFolder / "model.safetensors"), weights);
    EXPECT_EQ(readFile(setup.runFolder / "metrics.csv"), metrics);
    EXPECT_FALSE(std::filesystem::exists(setup.runFolder / ".replacement"));
}

TEST(SessionLife, ADiskThatRefusesForAWhileCostsNothing)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = test::longSetup();
    setup.runFolder = folder / "run";
    TrainingSession session(setup);
    // A folder at the name of the weights: as on a full disk, the rename fails and all else goes on.
    std::filesystem::create_directories(setup.runFolder / "model.safetensors" / "x");
    session.start();
    std::string warning;
    for (int i = 0; i < 1000 && warning.empty(); ++i) {
        warning = session.channel().take().warning;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_NE(warning.find("the training goes on"), std::string::npos) << warning;
    EXPECT_EQ(session.state(), RunState::Running);
    std::filesystem::remove_all(setup.runFolder / "model.safetensors");
    session.pause();
    ASSERT_TRUE(test::reaches(session, RunState::Paused));
    session.stop();
    session.wait();
    ASSERT_EQ(session.state(), RunState::Stopped) << session.channel().take().message;
    EXPECT_TRUE(session.kept());
    const auto model = readModel(setup.runFolder, setup.configuration.model, {8, 8, 1});
    const auto weights = session.model()->weights();
    EXPECT_TRUE(std::equal(weights.begin(), weights.end(), model->weights().begin()));
    const std::vector<EpochMetrics> epochs = readMetrics(setup.runFolder);
    for (std::size_t i = 0; i < epochs.size(); ++i) EXPECT_EQ(epochs[i].epoch, static_cast<int>(i) + 1);
    EXPECT_EQ(readSteps(setup.runFolder).size(), static_cast<std::size_t>(readTrainedTo(setup.runFolder)->step));
    EXPECT_NE(readFile(setup.runFolder / "log.txt").find("on disk again"), std::string::npos);
}

TEST(SessionLife, TheLastSaveIsTriedAgainAndSaysWhatIsLost)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = test::smallSetup();
    setup.savePatience = std::chrono::seconds(3600);
    for (const bool mended : {true, false}) {
        setup.runFolder = folder / (mended ? "mended" : "given-up");
        TrainingSession session(setup);
        std::filesystem::create_directories(setup.runFolder / "model.safetensors" / "x");
        session.start();
        std::string warnings;
        for (int i = 0; i < 2000 && warnings.find("training is done") == std::string::npos; ++i) {
            warnings += session.channel().take().warning;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        ASSERT_NE(warnings.find("training is done"), std::string::npos) << warnings;
        EXPECT_FALSE(session.waitFor(std::chrono::milliseconds(0)));
        if (mended)
            std::filesystem::remove_all(setup.runFolder / "model.safetensors");
        else
            session.stop();
        ASSERT_TRUE(session.waitFor(std::chrono::seconds(10)));
        EXPECT_EQ(session.state(), mended ? RunState::Finished : RunState::Failed);
        EXPECT_EQ(session.kept(), mended);
        if (mended) {
            EXPECT_EQ(readTrainedTo(setup.runFolder)->epoch, 3);
        } else {
            const std::string message = session.channel().take().message;
            EXPECT_NE(message.find("the weights of epoch 3 are lost, none are on disk"), std::string::npos) << message;
        }
    }
}

TEST(SessionLife, ARunThatIsTrainedIsNobodyElsesToOverwrite)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = test::longSetup();
    setup.runFolder = folder / "run";
    TrainingSession session(setup);
    session.start();
    setup.existing = Existing::Overwrite;
    try {
        const TrainingSession second(setup);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("this program is at work there"), std::string::npos) << error.what();
    }
}

TEST(SessionLife, AnOlderRunIsReplacedOnceTheNewOneHasWeights)
{
    const test::TemporaryFolder folder;
    SessionSetup setup = test::smallSetup();
    setup.runFolder = folder / "run";
    test::weightsAfter(setup);
    setup.configuration.training.epochs = 2;
    setup.configuration.training.seed = 5;
    setup.existing = Existing::Overwrite;
    const std::vector<float> weights = test::weightsAfter(setup);
    EXPECT_EQ(readMetrics(setup.runFolder).size(), 2U);
    EXPECT_EQ(readRun(setup.runFolder).configuration.training.seed, 5U);
    const auto model = readModel(setup.runFolder, setup.configuration.model, {8, 8, 1});
    EXPECT_TRUE(std::equal(weights.begin(), weights.end(), model->weights().begin()));
    EXPECT_TRUE(std::filesystem::exists(setup.runFolder / "figures" / "thumbnail.png"));
    EXPECT_FALSE(std::filesystem::exists(setup.runFolder / ".replacement"));
}

TEST(WorkerPool, PassesOnTheFirstFailureAndWorksAgain)
{
    WorkerPool pool(3, [] {});
    EXPECT_THROW(pool.run(20,
                          [](int, int piece) {
                              if (piece == 7) throw Error(Error::Kind::Numeric, "seven");
                          }),
                 Error);
    std::atomic<int> sum{0};
    pool.run(20, [&](int, int piece) { sum += piece; });
    EXPECT_EQ(sum, 190);
}

} // namespace latentoscope
