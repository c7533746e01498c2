// The run that is shown and the one that is trained, without a window.
#include "ui/session/RunController.h"

#include "core/data/DataSet.h"
#include "core/models/FrozenModel.h"
#include "core/values/LatentCodes.h"
#include "tests/support/SmallData.h"
#include "tests/support/TinyConfiguration.h"

#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

#include <fstream>

namespace latentoscope::ui {
namespace {

constexpr int kPatienceMs = 60'000;

class RunControllerTest : public testing::Test {
protected:
    RunControllerTest()
    {
        m_runs.setRunsFolder(m_folder / "runs");
        m_runs.setData(m_data);
    }

    void start(int epochs, const std::string& name = "tiny")
    {
        m_runs.start({test::tinyConfiguration(epochs), name, 1, "cpu", {}});
    }

    /// A start, until its run is the one shown.
    void begin(int epochs, const std::string& name = "tiny")
    {
        const QSignalSpy changed(&m_runs, &RunController::runChanged);
        start(epochs, name);
        ASSERT_TRUE(QTest::qWaitFor([&] { return changed.size() == 1; }, kPatienceMs));
    }

    ::testing::AssertionResult reaches(RunState state)
    {
        if (QTest::qWaitFor([&] { return m_runs.state() == state && !m_runs.starting(); }, kPatienceMs))
            return ::testing::AssertionSuccess();
        return ::testing::AssertionFailure() << "state " << static_cast<int>(m_runs.state());
    }

    void train(int epochs, const std::string& name = "tiny")
    {
        start(epochs, name);
        ASSERT_TRUE(reaches(RunState::Finished));
    }

    test::TemporaryFolder m_folder;
    std::shared_ptr<const DataSet> m_data = test::smallData({8, 8, 1}, 200, 50);
    RunController m_runs;
};

} // namespace

TEST_F(RunControllerTest, BeginsWithNothing)
{
    EXPECT_FALSE(m_runs.hasRun());
    EXPECT_EQ(m_runs.state(), RunState::Ready);
    EXPECT_FALSE(m_runs.training());
    EXPECT_FALSE(m_runs.canGoOn());
    EXPECT_EQ(m_runs.progress(), nullptr);
    m_runs.pause();
    m_runs.resume();
    m_runs.stop();
    m_runs.trainFurther(3);
    m_runs.showTraining();
    EXPECT_FALSE(m_runs.hasRun()) << "what has nothing to act on does nothing";
}

TEST_F(RunControllerTest, TrainsIntoAFolderOfItsOwnAndTellsEverything)
{
    std::size_t losses = 0;
    QObject::connect(&m_runs, &RunController::lossesArrived, [&](const auto& arrived) { losses += arrived.size(); });
    const QSignalSpy changed(&m_runs, &RunController::runChanged);
    start(3);
    EXPECT_TRUE(m_runs.starting());
    EXPECT_FALSE(m_runs.hasRun()) << "it is made beside the interface thread";
    ASSERT_TRUE(QTest::qWaitFor([&] { return changed.size() == 1; }, kPatienceMs));
    EXPECT_EQ(m_runs.run().folder, m_folder / "runs" / "tiny");
    EXPECT_TRUE(m_runs.showsTraining());
    EXPECT_TRUE(m_runs.run().onItsData());
    ASSERT_TRUE(reaches(RunState::Finished));
    EXPECT_EQ(losses, 3U * 4U);
    EXPECT_EQ(m_runs.steps().size(), 12U);
    EXPECT_EQ(m_runs.epochs().size(), 3U);
    EXPECT_EQ(m_runs.replay().lastEpoch(), 3);
    EXPECT_TRUE(m_runs.canGoOn());
    EXPECT_TRUE(std::filesystem::exists(m_folder / "runs" / "tiny" / "model.safetensors"));
}

TEST_F(RunControllerTest, ASecondStartWaitsForTheEndOfTheFirst)
{
    start(10'000);
    start(1, "before-it-has-begun");
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_runs.hasRun(); }, kPatienceMs));
    start(1, "other");
    EXPECT_EQ(m_runs.run().folder.filename(), "tiny");
    EXPECT_FALSE(std::filesystem::exists(m_folder / "runs" / "other"));
    EXPECT_FALSE(std::filesystem::exists(m_folder / "runs" / "before-it-has-begun"));
    m_runs.stop();
    ASSERT_TRUE(reaches(RunState::Stopped));
    begin(1);
    EXPECT_EQ(m_runs.run().folder.filename(), "tiny-2") << "no run is written over";
    ASSERT_TRUE(reaches(RunState::Finished));
}

TEST_F(RunControllerTest, WithoutDataNothingStarts)
{
    m_runs.setData(nullptr);
    start(1);
    EXPECT_FALSE(m_runs.hasRun());
    EXPECT_FALSE(std::filesystem::exists(m_folder / "runs"));
}

TEST_F(RunControllerTest, AStartThatFailsLeavesWhatIsShownAndNoFolder)
{
    train(1);
    const QSignalSpy failed(&m_runs, &RunController::startFailed);
    StartOptions options{test::tinyConfiguration(1), "broken", 1, "cpu", m_folder / "no-such-run"};
    options.configuration.model.kind = "classifier";
    m_runs.start(options);
    ASSERT_TRUE(QTest::qWaitFor([&] { return failed.size() == 1; }, kPatienceMs));
    EXPECT_FALSE(m_runs.starting());
    EXPECT_TRUE(m_runs.canGoOn());
    EXPECT_TRUE(failed.front().front().toString().contains(QStringLiteral("no-such-run")));
    EXPECT_EQ(m_runs.run().folder.filename(), "tiny");
    EXPECT_FALSE(std::filesystem::exists(m_folder / "runs" / "broken"));
}

TEST_F(RunControllerTest, AFolderThatCannotBeMadeIsSaid)
{
    std::ofstream(m_folder / "file") << "not a folder";
    m_runs.setRunsFolder(m_folder / "file");
    const QSignalSpy failed(&m_runs, &RunController::startFailed);
    start(1);
    ASSERT_TRUE(QTest::qWaitFor([&] { return failed.size() == 1; }, kPatienceMs));
    EXPECT_FALSE(m_runs.hasRun());
    EXPECT_FALSE(m_runs.starting());
}

TEST_F(RunControllerTest, StoppedBeforeItHasBegunItStops)
{
    start(10'000);
    m_runs.stop();
    ASSERT_TRUE(reaches(RunState::Stopped));
    EXPECT_LT(m_runs.epochs().size(), 100U);
}

TEST_F(RunControllerTest, ARunOpenedBeforeATrainingHasBegunGivesWayToIt)
{
    train(1, "first");
    start(10'000, "long");
    m_runs.open(m_folder / "runs" / "first");
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_runs.training() && m_runs.run().folder.filename() == "long"; }, kPatienceMs));
    EXPECT_TRUE(m_runs.showsTraining());
    m_runs.stop();
    ASSERT_TRUE(reaches(RunState::Stopped));
}

TEST_F(RunControllerTest, AControllerThatGoesBeforeItsTrainingHasBegunWaitsForIt)
{
    auto runs = std::make_unique<RunController>();
    runs->setRunsFolder(m_folder / "runs");
    runs->setData(m_data);
    runs->start({test::tinyConfiguration(10'000), "early", 1, "cpu", {}});
    runs.reset();
    const RunRecord left = readRun(m_folder / "runs" / "early");
    EXPECT_EQ(left.configuration.training.epochs, 10'000) << "the folder is whole, though nothing was trained";
}

TEST_F(RunControllerTest, PausesResumesStopsAndTrainsFurther)
{
    start(10'000);
    ASSERT_TRUE(reaches(RunState::Running));
    m_runs.pause();
    ASSERT_TRUE(reaches(RunState::Paused));
    EXPECT_TRUE(m_runs.training());
    const std::size_t steps = m_runs.steps().size();
    m_runs.resume();
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_runs.steps().size() > steps; }, kPatienceMs));
    m_runs.stop();
    ASSERT_TRUE(reaches(RunState::Stopped));
    EXPECT_FALSE(m_runs.training());
    const int done = m_runs.epochs().empty() ? 0 : m_runs.epochs().back().epoch;
    m_runs.trainFurther(1);
    ASSERT_TRUE(reaches(RunState::Finished));
    EXPECT_EQ(m_runs.epochs().back().epoch, done + 1);
}

TEST_F(RunControllerTest, ARunFromDiskIsTheRunThatWasTrained)
{
    train(2);
    const auto trained = m_runs.replay().model()()->weights();
    const std::vector<float> weights(trained.begin(), trained.end());
    RunController other;
    other.setRunsFolder(m_folder / "runs");
    other.setData(m_data);
    const QSignalSpy opened(&other, &RunController::opened);
    other.open(m_folder / "runs" / "tiny");
    EXPECT_TRUE(other.openingRun());
    ASSERT_TRUE(QTest::qWaitFor([&] { return opened.size() == 1; }, kPatienceMs));
    EXPECT_EQ(opened.front().front().toString(), QString()) << "nothing to warn of";
    EXPECT_EQ(other.epochs().size(), 2U);
    EXPECT_EQ(other.steps().size(), m_runs.steps().size());
    EXPECT_FALSE(other.canGoOn()) << "a run from disk has no optimizer to go on with";
    const auto found = other.replay().model()()->weights();
    EXPECT_EQ(std::vector<float>(found.begin(), found.end()), weights);
    EXPECT_EQ(other.replay().codes()->count(), 40);
}

TEST_F(RunControllerTest, ATrainingGoesOnBehindAnotherRun)
{
    train(1, "first");
    begin(10'000, "long");
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_runs.steps().size() > 3; }, kPatienceMs));
    const QSignalSpy opened(&m_runs, &RunController::opened);
    m_runs.open(m_folder / "runs" / "first");
    ASSERT_TRUE(QTest::qWaitFor([&] { return opened.size() == 1; }, kPatienceMs));
    EXPECT_EQ(m_runs.run().folder.filename(), "first");
    EXPECT_EQ(m_runs.trainedRun().folder.filename(), "long");
    EXPECT_FALSE(m_runs.showsTraining());
    EXPECT_TRUE(m_runs.training());
    EXPECT_EQ(m_runs.steps().size(), 4U) << "of the run shown";
    const std::size_t behind = m_runs.trainedSteps().size();
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_runs.trainedSteps().size() > behind; }, kPatienceMs)) << "what comes is kept";
    EXPECT_EQ(m_runs.steps().size(), 4U);

    m_runs.open(m_folder / "runs" / "long"); // the one that is trained: nothing is read from disk
    EXPECT_TRUE(m_runs.showsTraining());
    EXPECT_GT(m_runs.steps().size(), behind);
    m_runs.stop();
    ASSERT_TRUE(reaches(RunState::Stopped));
    EXPECT_EQ(m_runs.steps().size(), m_runs.trainedSteps().size());
}

TEST_F(RunControllerTest, ARunThatCannotBeOpenedLeavesTheOneShown)
{
    train(1);
    std::filesystem::create_directories(m_folder / "runs" / "damaged");
    std::ofstream(m_folder / "runs" / "damaged" / "config.json") << "{";
    const QSignalSpy failed(&m_runs, &RunController::openFailed);
    m_runs.open(m_folder / "runs" / "damaged");
    ASSERT_TRUE(QTest::qWaitFor([&] { return failed.size() == 1; }, kPatienceMs));
    EXPECT_TRUE(failed.front().front().toString().contains(QStringLiteral("damaged")));
    EXPECT_EQ(m_runs.run().folder.filename(), "tiny");
    EXPECT_TRUE(m_runs.canGoOn());
}

TEST_F(RunControllerTest, ARenamedRunIsFollowed)
{
    train(1);
    const std::filesystem::path to = m_folder / "runs" / "renamed";
    std::filesystem::rename(m_runs.run().folder, to);
    m_runs.runMoved(m_folder / "runs" / "tiny", to);
    EXPECT_EQ(m_runs.run().folder, to);
    m_runs.trainFurther(1);
    ASSERT_TRUE(reaches(RunState::Finished));
    EXPECT_FALSE(std::filesystem::exists(m_folder / "runs" / "tiny")) << "nothing is written under the old name";
}

TEST_F(RunControllerTest, MissingAndDamagedDataAreToldApart)
{
    const QSignalSpy failed(&m_runs, &RunController::dataFailed);
    m_runs.loadData(m_folder / "nowhere", {});
    EXPECT_TRUE(m_runs.loadingData());
    ASSERT_TRUE(QTest::qWaitFor([&] { return failed.size() == 1; }, kPatienceMs));
    EXPECT_TRUE(failed[0][1].toBool()) << "it is not there";
    EXPECT_FALSE(m_runs.data()) << "the old data are not shown under a new name";

    std::filesystem::create_directories(m_folder / "data");
    test::writeIdxFolder(m_folder / "data", *m_data, test::Compression::None);
    std::filesystem::resize_file(m_folder / "data" / "train-images-idx3-ubyte", 100);
    m_runs.loadData(m_folder / "data", {});
    ASSERT_TRUE(QTest::qWaitFor([&] { return failed.size() == 2; }, kPatienceMs));
    EXPECT_FALSE(failed[1][1].toBool()) << "it is there, and damaged";
    EXPECT_TRUE(failed[1][0].toString().contains(QStringLiteral("train-images-idx3-ubyte")));
}

TEST_F(RunControllerTest, EndsWithItsOwnerWhileItTrains)
{
    auto runs = std::make_unique<RunController>();
    runs->setRunsFolder(m_folder / "runs");
    runs->setData(m_data);
    runs->start({test::tinyConfiguration(10'000), "orphan", 1, "cpu", {}});
    ASSERT_TRUE(QTest::qWaitFor([&] { return runs->state() == RunState::Running; }, kPatienceMs));
    runs.reset();
    EXPECT_TRUE(std::filesystem::exists(m_folder / "runs" / "orphan" / "model.safetensors")) << "what there was is kept";
}

} // namespace latentoscope::ui
