// The one cross-validation that the window shows, without a window.
#include "ui/session/FoldsController.h"

#include "core/data/DataSet.h"
#include "core/data/ImageShape.h"
#include "tests/support/SmallData.h"

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
        setup.training.configuration.model.channels = {4};
        setup.training.configuration.model.hidden = 8;
        setup.training.configuration.training.epochs = epochs;
        setup.training.configuration.training.batchSize = 40;
        setup.training.data = m_data;
        setup.training.threads = 1;
        setup.folds = folds;
        setup.folder = m_folder / "folds";
        return setup;
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
    folds.start(setup(3, 1));
    EXPECT_TRUE(folds.running());
    EXPECT_EQ(begun.size(), 1);
    EXPECT_EQ(folds.folder(), m_folder / "folds");
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
    folds.start(setup(2, 10'000));
    const QSignalSpy begun(&folds, &FoldsController::begun);
    CrossValidationSetup second = setup(3, 1);
    second.folder = m_folder / "second";
    folds.start(second);
    folds.open(m_folder / "folds");
    EXPECT_EQ(begun.size(), 0) << "passed over while one is under way";
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
    folds.start(setup(100'000, 1));
    ASSERT_EQ(failed.size(), 1);
    EXPECT_FALSE(failed.front().front().toString().isEmpty());
    EXPECT_FALSE(folds.running());
    EXPECT_FALSE(folds.has());
}

TEST_F(FoldsControllerTest, AreReadFromDiskAsTheyWere)
{
    FoldsController first;
    first.start(setup(2, 1));
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
        folds.start(each);
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
    folds.start(setup(2, 1));
    waitForEnd(folds);
    folds.runMoved(m_folder / "folds", m_folder / "better-name");
    EXPECT_EQ(folds.folder(), m_folder / "better-name");
    folds.runMoved(m_folder / "folds", m_folder / "nothing");
    EXPECT_EQ(folds.folder(), m_folder / "better-name") << "it has that name no more";
}

TEST_F(FoldsControllerTest, EndsWithItsOwnerWhileItTrains)
{
    auto folds = std::make_unique<FoldsController>();
    folds->start(setup(2, 10'000));
    ASSERT_TRUE(folds->running());
    folds.reset();
    EXPECT_TRUE(std::filesystem::exists(m_folder / "folds"));
}

} // namespace latentoscope::ui
