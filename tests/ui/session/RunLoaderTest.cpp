// A run folder opened beside the window: what is found, and what a person is told where something is missing.
#include "ui/session/RunLoader.h"

#include "core/data/DataSet.h"
#include "core/data/ImageShape.h"
#include "core/training/Snapshot.h"
#include "core/training/TrainingSession.h"
#include "core/values/LatentCodes.h"
#include "tests/support/SmallData.h"
#include "tests/support/TinyConfiguration.h"

#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

namespace latentoscope::ui {
namespace {

constexpr int kPatienceMs = 60'000;

class RunLoaderTest : public testing::Test {
protected:
    RunLoaderTest()
    {
        std::filesystem::create_directories(m_folder / "data");
        test::writeIdxFolder(m_folder / "data", *test::smallData({8, 8, 1}, 200, 50), test::Compression::None);
        m_data = loadDataSet(m_folder / "data");
        SessionSetup setup;
        setup.configuration = test::tinyConfiguration(2);
        setup.data = m_data;
        setup.threads = 1;
        setup.runFolder = m_run;
        TrainingSession session(setup);
        session.start();
        session.wait();
        QObject::connect(&m_loader, &RunLoader::opened, [this](const auto& run) { m_opened.push_back(run); });
    }

    void open(const std::shared_ptr<const DataSet>& current)
    {
        m_loader.open(m_run, current);
        ASSERT_TRUE(QTest::qWaitFor([&] { return !m_loader.loading(); }, kPatienceMs));
    }

    test::TemporaryFolder m_folder;
    std::filesystem::path m_run = m_folder / "run";
    std::shared_ptr<const DataSet> m_data;
    RunLoader m_loader;
    QSignalSpy m_failed{&m_loader, &RunLoader::failed};
    std::vector<std::shared_ptr<const OpenedRun>> m_opened;
};

} // namespace

TEST_F(RunLoaderTest, FindsCurvesWeightsAndCodes)
{
    open(m_data);
    ASSERT_EQ(m_opened.size(), 1U);
    const OpenedRun& run = *m_opened.front();
    EXPECT_EQ(run.folder, m_run);
    EXPECT_EQ(run.steps.size(), 8U);
    EXPECT_EQ(run.epochs.size(), 2U);
    EXPECT_EQ(run.data, m_data) << "what is in memory is not read again";
    ASSERT_TRUE(run.picture);
    EXPECT_EQ(run.picture->epoch, 2);
    EXPECT_EQ(run.picture->codes->items, run.shown.items);
    EXPECT_EQ(run.shown.split, "validation");
    EXPECT_TRUE(run.warning.isEmpty()) << run.warning.toStdString();
}

TEST_F(RunLoaderTest, ReadsTheRunsOwnDataWhereTheWindowHasOthers)
{
    open(test::smallData({8, 8, 1}, 60, 20));
    ASSERT_EQ(m_opened.size(), 1U);
    EXPECT_EQ(m_opened.front()->data->digest, m_data->digest);
    EXPECT_TRUE(m_opened.front()->warning.isEmpty());
}

TEST_F(RunLoaderTest, IsShownOnOtherDataOfTheSameSizeWithAWarning)
{
    std::filesystem::remove_all(m_folder / "data");
    const auto others = test::smallData({8, 8, 1}, 60, 20);
    open(others);
    ASSERT_EQ(m_opened.size(), 1U);
    EXPECT_EQ(m_opened.front()->data, others);
    ASSERT_TRUE(m_opened.front()->picture);
    EXPECT_TRUE(m_opened.front()->warning.contains(QStringLiteral("shown on other data")));
}

TEST_F(RunLoaderTest, HasOnlyItsCurvesWhereNoDataFit)
{
    std::filesystem::remove_all(m_folder / "data");
    open(test::smallData({9, 9, 1}, 60, 20));
    ASSERT_EQ(m_opened.size(), 1U);
    EXPECT_FALSE(m_opened.front()->data);
    EXPECT_FALSE(m_opened.front()->picture);
    EXPECT_EQ(m_opened.front()->epochs.size(), 2U);
    EXPECT_TRUE(m_opened.front()->warning.contains(QStringLiteral("only its curves are shown")));
}

TEST_F(RunLoaderTest, SaysWhatTheFolderHoldsNow)
{
    test::writeIdxFolder(m_folder / "data", *test::smallData({9, 11, 1}, 60, 20), test::Compression::None);
    open(nullptr);
    ASSERT_EQ(m_opened.size(), 1U);
    EXPECT_TRUE(m_opened.front()->warning.contains(QStringLiteral("9 × 11 × 1"))) << m_opened.front()->warning.toStdString();
}

TEST_F(RunLoaderTest, SaysThatThereAreNoWeightsYet)
{
    std::filesystem::remove(m_run / "model.safetensors");
    open(m_data);
    ASSERT_EQ(m_opened.size(), 1U);
    EXPECT_FALSE(m_opened.front()->picture);
    EXPECT_TRUE(m_opened.front()->warning.contains(QStringLiteral("no saved weights")));
}

TEST_F(RunLoaderTest, NamesWhatIsDamaged)
{
    std::filesystem::resize_file(m_run / "model.safetensors", 40);
    open(m_data);
    EXPECT_TRUE(m_opened.empty());
    ASSERT_EQ(m_failed.size(), 1);
    EXPECT_TRUE(m_failed[0][0].toString().contains(QStringLiteral("model.safetensors")));
}

TEST_F(RunLoaderTest, ALaterOneTakesThePlaceOfAnEarlier)
{
    m_loader.open(m_folder / "nowhere", m_data);
    m_loader.open(m_run, m_data);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !m_loader.loading(); }, kPatienceMs));
    EXPECT_EQ(m_opened.size(), 1U);
    EXPECT_TRUE(m_failed.empty()) << "nobody asks for that one any more";
}

TEST_F(RunLoaderTest, OneThatIsCancelledSaysNothing)
{
    m_loader.open(m_run, m_data);
    m_loader.cancel();
    EXPECT_FALSE(m_loader.loading());
    QTest::qWait(200);
    EXPECT_TRUE(m_opened.empty());
    EXPECT_TRUE(m_failed.empty());
}

} // namespace latentoscope::ui
