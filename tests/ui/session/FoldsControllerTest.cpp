// The one cross-validation that the window shows, without a window.
#include "ui/session/FoldsController.h"
#include "core/base/Error.h"

#include "core/data/DataSet.h"
#include "core/data/ImageShape.h"
#include "tests/support/SmallData.h"
#include "tests/support/TinyConfiguration.h"

#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

namespace latentoscope::ui {
namespace {

constexpr int kPatienceMs = 60'000;

class FoldsControllerTest : public testing::Test {
protected:
    CrossValidationSetup setup(int folds, int epochs) const
    {
        CrossValidationSetup setup;
        setup.training.configuration = test::tinyConfiguration(epochs);
        setup.training.data = m_data;
        setup.training.threads = 1;
        setup.folds = folds;
        setup.folder = m_folder / "folds";
        return setup;
    }

    static void start(FoldsController& folds, const CrossValidationSetup& setup)
    {
        folds.start([setup] { return setup; });
    }

    void waitForEnd(FoldsController& folds)
    {
        ASSERT_TRUE(QTest::qWaitFor([&] { return !folds.running(); }, kPatienceMs));
    }

    test::TemporaryFolder m_folder;
    std::shared_ptr<const DataSet> m_data = test::smallData({8, 8, 1}, 120, 30);
};

} // namespace

TEST_F(FoldsControllerTest, TellsBegunChangedAndEnded)
{
    FoldsController folds;
    EXPECT_FALSE(folds.has());
    const QSignalSpy begun(&folds, &FoldsController::begun);
    QList<RunState> ends;
    QObject::connect(&folds, &FoldsController::ended, [&](RunState how) { ends << how; });
    start(folds, setup(3, 1));
    EXPECT_TRUE(folds.running()) << "from then on";
    EXPECT_EQ(begun.size(), 0) << "it is made beside the interface thread";
    ASSERT_TRUE(QTest::qWaitFor([&] { return begun.size() == 1; }, kPatienceMs));
    EXPECT_EQ(folds.folder(), m_folder / "folds");
    EXPECT_TRUE(folds.notes().empty());
    EXPECT_EQ(folds.shape(), (ImageShape{8, 8, 1}));
    EXPECT_EQ(folds.configuration().training.epochs, 1);
    waitForEnd(folds);
    EXPECT_EQ(ends, QList<RunState>{RunState::Finished});
    EXPECT_TRUE(folds.has());
    EXPECT_EQ(folds.state().scores().size(), 3U);
    EXPECT_EQ(folds.record().folds(), 3);
}

TEST_F(FoldsControllerTest, OneAtATime)
{
    FoldsController folds;
    const QSignalSpy begun(&folds, &FoldsController::begun);
    start(folds, setup(2, 10'000));
    ASSERT_TRUE(QTest::qWaitFor([&] { return begun.size() == 1; }, kPatienceMs));
    CrossValidationSetup second = setup(3, 1);
    second.folder = m_folder / "second";
    start(folds, second);
    folds.open(m_folder / "folds");
    EXPECT_EQ(begun.size(), 1) << "passed over while one is under way";
    EXPECT_FALSE(folds.opening());
    EXPECT_FALSE(std::filesystem::exists(m_folder / "second"));
    folds.stop();
    waitForEnd(folds);
    EXPECT_EQ(folds.state().state, RunState::Stopped);
}

TEST_F(FoldsControllerTest, WhatCannotBeginIsSaid)
{
    FoldsController folds;
    const QSignalSpy failed(&folds, &FoldsController::failed);
    QList<RunState> ends;
    QObject::connect(&folds, &FoldsController::ended, [&](RunState how) { ends << how; });
    std::filesystem::create_directories(m_folder / "folds");
    start(folds, setup(100'000, 1));
    ASSERT_TRUE(QTest::qWaitFor([&] { return failed.size() == 1; }, kPatienceMs));
    EXPECT_EQ(ends, QList<RunState>{RunState::Failed});
    EXPECT_FALSE(std::filesystem::exists(m_folder / "folds")) << "an empty folder that was made for it";
    EXPECT_FALSE(failed.front().front().toString().isEmpty());
    EXPECT_FALSE(folds.running());
    EXPECT_FALSE(folds.has());
}

TEST_F(FoldsControllerTest, AreReadFromDiskAsTheyWere)
{
    FoldsController first;
    start(first, setup(2, 1));
    waitForEnd(first);
    FoldsController again;
    const QSignalSpy begun(&again, &FoldsController::begun);
    again.open(m_folder / "folds");
    EXPECT_TRUE(again.opening());
    ASSERT_TRUE(QTest::qWaitFor([&] { return begun.size() == 1; }, kPatienceMs));
    EXPECT_FALSE(again.opening());
    EXPECT_FALSE(again.running());
    ASSERT_EQ(again.state().scores().size(), 2U);
    for (std::size_t fold = 0; fold < 2; ++fold) EXPECT_TRUE(again.state().folds[fold].fromBefore);
    EXPECT_EQ(again.record().dataDigest, m_data->digest);
}

TEST_F(FoldsControllerTest, TheFolderAskedForLastIsShown)
{
    for (const char* name : {"one", "two"}) {
        FoldsController folds;
        CrossValidationSetup each = setup(2, 1);
        each.folder = m_folder / name;
        start(folds, each);
        waitForEnd(folds);
    }
    FoldsController folds;
    const QSignalSpy begun(&folds, &FoldsController::begun);
    folds.open(m_folder / "one");
    folds.open(m_folder / "two");
    ASSERT_TRUE(QTest::qWaitFor([&] { return !folds.opening(); }, kPatienceMs));
    EXPECT_EQ(begun.size(), 1);
    EXPECT_EQ(folds.folder(), m_folder / "two");
}

TEST_F(FoldsControllerTest, AFolderThatHoldsNoneIsSaid)
{
    FoldsController folds;
    const QSignalSpy failed(&folds, &FoldsController::failed);
    folds.open(m_folder / "nowhere");
    ASSERT_TRUE(QTest::qWaitFor([&] { return failed.size() == 1; }, kPatienceMs));
    EXPECT_TRUE(failed.front().front().toString().contains(QStringLiteral("nowhere")));
    EXPECT_FALSE(folds.has());
}

TEST_F(FoldsControllerTest, ARenamedFolderIsFollowed)
{
    FoldsController folds;
    start(folds, setup(2, 1));
    waitForEnd(folds);
    folds.runMoved(m_folder / "folds", m_folder / "better-name");
    EXPECT_EQ(folds.folder(), m_folder / "better-name");
    folds.runMoved(m_folder / "folds", m_folder / "nothing");
    EXPECT_EQ(folds.folder(), m_folder / "better-name") << "it has that name no more";
}

TEST_F(FoldsControllerTest, StoppedBeforeTheyHaveBegunTheyStop)
{
    FoldsController folds;
    start(folds, setup(2, 10'000));
    folds.stop();
    waitForEnd(folds);
    EXPECT_EQ(folds.state().state, RunState::Stopped);
    EXPECT_TRUE(folds.state().scores().empty());
}

TEST_F(FoldsControllerTest, WhatTheSetupSaysIsSaid)
{
    FoldsController folds;
    const QSignalSpy failed(&folds, &FoldsController::failed);
    folds.start([]() -> CrossValidationSetup { throw Error(Error::Kind::NotFound, "encoder: found none"); });
    ASSERT_TRUE(QTest::qWaitFor([&] { return failed.size() == 1; }, kPatienceMs));
    EXPECT_EQ(failed.front().front().toString(), QStringLiteral("encoder: found none"));
    EXPECT_FALSE(folds.running());
}

TEST_F(FoldsControllerTest, EndsWithItsOwnerWhileItTrains)
{
    for (const bool begun : {true, false}) {
        auto folds = std::make_unique<FoldsController>();
        start(*folds, setup(2, 10'000));
        ASSERT_TRUE(folds->running());
        if (begun) {
            ASSERT_TRUE(QTest::qWaitFor([&] { return folds->has(); }, kPatienceMs));
        }
        folds.reset();
        EXPECT_TRUE(std::filesystem::exists(m_folder / "folds"));
    }
}

} // namespace latentoscope::ui
