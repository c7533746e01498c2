// The one study that the window shows, without a window: searched here, read, and followed where others search.
#include "ui/session/StudyController.h"

#include "core/data/DataSet.h"
#include "core/studies/JournalFile.h"
#include "core/studies/StudyStorage.h"
#include "tests/support/SmallData.h"

#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

namespace latentoscope::ui {
namespace {

constexpr int kPatienceMs = 60'000;

class StudyControllerTest : public testing::Test {
protected:
    SearchSetup setup(int trials, int epochs = 1) const
    {
        SearchSetup setup;
        setup.plan = searchPresetOrFile("report-search");
        setup.plan.configuration.model.channels = {4};
        setup.plan.configuration.model.hidden = 8;
        setup.plan.configuration.training.epochs = epochs;
        setup.plan.configuration.training.batchSize = 40;
        setup.data = m_data;
        setup.study = "small";
        setup.storage = (m_folder / "study.log").string();
        setup.folder = m_folder / "trials";
        setup.trials = trials;
        setup.workers = 2;
        setup.threads = 2;
        return setup;
    }

    StudyStorage journal(const std::string& name = "study.log") const
    {
        return StudyStorage(std::make_unique<JournalFile>(m_folder / name));
    }

    static void addTrial(StudyStorage& storage, int study, double value)
    {
        storage.finish(storage.createTrial(study, {}), TrialState::Complete, {value});
    }

    void open(StudyController& study, const std::string& name = {}, const std::string& file = "study.log")
    {
        const QSignalSpy opened(&study, &StudyController::opened);
        study.open((m_folder / file).string(), name);
        ASSERT_TRUE(QTest::qWaitFor([&] { return !opened.empty(); }, kPatienceMs));
    }

    test::TemporaryFolder m_folder;
    std::shared_ptr<const DataSet> m_data = test::smallData({8, 8, 1}, 120, 30);
};

} // namespace

TEST_F(StudyControllerTest, SearchesTellsAndEnds)
{
    StudyController study;
    const QSignalSpy begun(&study, &StudyController::begun);
    QList<RunState> ends;
    QObject::connect(&study, &StudyController::ended, [&](RunState how) { ends << how; });
    study.start(setup(3));
    EXPECT_TRUE(study.running());
    ASSERT_TRUE(QTest::qWaitFor([&] { return !study.running(); }, kPatienceMs));
    EXPECT_EQ(begun.size(), 1);
    EXPECT_EQ(ends, QList<RunState>{RunState::Finished});
    ASSERT_TRUE(study.view());
    EXPECT_EQ(study.view()->trials.size(), 3U);
    EXPECT_EQ(study.name(), "small");
    EXPECT_EQ(study.state().ended, 3);
}

TEST_F(StudyControllerTest, StopsBeforeItHasBegunAsWellAsAfter)
{
    for (const bool atOnce : {true, false}) {
        StudyController study;
        study.start(setup(atOnce ? 50 : 60, 10'000));
        if (!atOnce) {
            ASSERT_TRUE(QTest::qWaitFor([&] { return !study.state().running.empty(); }, kPatienceMs));
        }
        study.stop();
        EXPECT_TRUE(study.stopping());
        ASSERT_TRUE(QTest::qWaitFor([&] { return !study.running(); }, kPatienceMs));
        EXPECT_FALSE(study.stopping());
    }
}

TEST_F(StudyControllerTest, AnotherPlanOfTheSameNameIsRefusedWithTheOneThatIsThere)
{
    StudyController study;
    study.start(setup(1));
    ASSERT_TRUE(QTest::qWaitFor([&] { return !study.running(); }, kPatienceMs));
    int epochs = 0;
    QObject::connect(&study, &StudyController::refused,
                     [&](const QString&, const SearchPlan& begun) { epochs = begun.configuration.training.epochs; });
    study.start(setup(2, 7));
    ASSERT_TRUE(QTest::qWaitFor([&] { return epochs != 0; }, kPatienceMs));
    EXPECT_EQ(epochs, 1) << "as it was begun";
    EXPECT_FALSE(study.running());
}

TEST_F(StudyControllerTest, WhatCannotBeginIsSaid)
{
    StudyController study;
    const QSignalSpy failed(&study, &StudyController::failed);
    SearchSetup nowhere = setup(1);
    nowhere.storage = "redis://";
    study.start(nowhere);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !failed.empty(); }, kPatienceMs));
    EXPECT_FALSE(study.running());
    EXPECT_FALSE(study.view());
}

TEST_F(StudyControllerTest, ReadsTheNewestOrTheOneThatIsNamed)
{
    StudyStorage storage = journal();
    addTrial(storage, storage.openStudy("old", {Direction::Minimize}), 1);
    storage.openStudy("new", {Direction::Minimize});
    StudyController study;
    open(study);
    EXPECT_EQ(study.name(), "new");
    EXPECT_EQ(study.names(), (std::vector<std::string>{"old", "new"}));
    open(study, "old");
    EXPECT_EQ(study.name(), "old");
    EXPECT_EQ(study.view()->trials.size(), 1U);
}

TEST_F(StudyControllerTest, ShowsTheStudyThatWasAskedForLast)
{
    StudyStorage storage = journal();
    for (const char* name : {"one", "two", "three"}) storage.openStudy(name, {Direction::Minimize});
    for (int again = 0; again < 20; ++again) { // whichever is read first
        StudyController study;
        const QSignalSpy opened(&study, &StudyController::opened);
        for (const char* name : {"one", "two", "three"}) study.open((m_folder / "study.log").string(), name);
        ASSERT_TRUE(QTest::qWaitFor([&] { return !opened.empty(); }, kPatienceMs));
        EXPECT_EQ(study.view()->study.name, "three");
        QTest::qWait(5);
        EXPECT_EQ(study.view()->study.name, "three");
        EXPECT_EQ(opened.size(), 1);
    }
}

TEST_F(StudyControllerTest, FollowsWhatOthersAdd)
{
    StudyStorage storage = journal();
    const int id = storage.openStudy("shared", {Direction::Minimize});
    StudyController study;
    open(study);
    EXPECT_TRUE(study.view()->trials.empty());
    addTrial(storage, id, 0.5);
    ASSERT_TRUE(QTest::qWaitFor([&] { return study.view()->trials.size() == 1; }, kPatienceMs));
}

TEST_F(StudyControllerTest, OneThatCannotBeReadLeavesTheOneShownWhichIsFollowedOn)
{
    StudyStorage storage = journal();
    const int id = storage.openStudy("shared", {Direction::Minimize});
    StudyController study;
    open(study);
    const QSignalSpy failed(&study, &StudyController::failed);
    study.open((m_folder / "nowhere.log").string(), {});
    ASSERT_TRUE(QTest::qWaitFor([&] { return !failed.empty(); }, kPatienceMs));
    EXPECT_TRUE(failed.front().front().toString().contains(QStringLiteral("nowhere.log")));
    EXPECT_EQ(study.name(), "shared");
    EXPECT_EQ(study.storage(), (m_folder / "study.log").string());
    addTrial(storage, id, 0.5);
    ASSERT_TRUE(QTest::qWaitFor([&] { return study.view()->trials.size() == 1; }, kPatienceMs));
}

TEST_F(StudyControllerTest, EndsWithItsOwnerWhileItSearches)
{
    auto study = std::make_unique<StudyController>();
    study->start(setup(50, 10'000));
    ASSERT_TRUE(QTest::qWaitFor([&] { return !study->state().running.empty(); }, kPatienceMs));
    study.reset();
    const StudyStorage storage = journal();
    for (const auto& trial : storage.journal().trials())
        EXPECT_NE(trial.state, TrialState::Complete) << "nothing is written of what was interrupted";
}

} // namespace latentoscope::ui
