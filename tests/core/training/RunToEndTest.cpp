#include "core/training/RunToEnd.h"
#include "core/training/Snapshot.h"
#include "tests/core/training/SmallSession.h"

#include <gtest/gtest.h>

#include <stop_token>

namespace latentoscope {

using test::longSetup;
using test::smallSetup;

TEST(RunToEnd, TellsEveryStepAndEpochOnceAndEndsWithTheState)
{
    const SessionSetup setup = smallSetup();
    TrainingSession session(setup);
    std::size_t epochs = 0;
    double newest = 0;
    const auto listen = [&](const Snapshot& news) {
        for (const LossPoint& point : news.losses) {
            EXPECT_GT(point.epoch, newest);
            newest = point.epoch;
        }
        epochs += news.epochs.size();
    };
    const Snapshot last = runToEnd(session, listen, {});
    EXPECT_EQ(last.state, RunState::Finished);
    EXPECT_EQ(epochs, static_cast<std::size_t>(setup.configuration.training.epochs));
    EXPECT_DOUBLE_EQ(newest, setup.configuration.training.epochs);
    EXPECT_DOUBLE_EQ(last.progress.fraction, 1);
}

TEST(RunToEnd, EndsSoonAfterItIsAskedToStop)
{
    TrainingSession session(longSetup());
    std::stop_source stop;
    int heard = 0;
    std::chrono::steady_clock::time_point asked;
    const auto listen = [&](const Snapshot& news) {
        if (news.progress.fraction == 0 || heard++ > 0) return;
        asked = std::chrono::steady_clock::now();
        stop.request_stop();
    };
    EXPECT_EQ(runToEnd(session, listen, stop.get_token()).state, RunState::Stopped);
    EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(5));
}

TEST(RunToEnd, AStopThatCameBeforeItBeganEndsIt)
{
    TrainingSession session(longSetup());
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(runToEnd(
                  session, [](const Snapshot&) {}, stop.get_token())
                  .state,
              RunState::Stopped);
}

TEST(RunToEnd, SaysWhatWentWrong)
{
    TrainingSession session(test::divergingSetup());
    const Snapshot last = runToEnd(session, [](const Snapshot&) {}, {});
    EXPECT_EQ(last.state, RunState::Failed);
    EXPECT_NE(last.message.find("learning rate"), std::string::npos) << last.message;
}

} // namespace latentoscope
