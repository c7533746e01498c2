#include "core/training/Life.h"
#include "core/base/Random.h"

#include <gtest/gtest.h>

#include <vector>

namespace latentoscope {
namespace {

using Wish = Life::Wish;

constexpr LifeEvent kAsked[] = {LifeEvent::Start, LifeEvent::Pause,        LifeEvent::Resume,
                                LifeEvent::Stop,  LifeEvent::TrainFurther, LifeEvent::End};

Life after(const std::vector<LifeEvent>& events)
{
    Life life;
    for (const LifeEvent event : events) EXPECT_TRUE(transition(life, event));
    return life;
}

const std::vector<LifeEvent> kFinished{LifeEvent::Start, LifeEvent::HasFinished, LifeEvent::HasWritten};

} // namespace

TEST(Life, OneWithoutInterruptionsFinishesWhenAllIsWritten)
{
    EXPECT_EQ(after({LifeEvent::Start}).state, RunState::Running);
    const Life writing = after({LifeEvent::Start, LifeEvent::HasFinished});
    EXPECT_EQ(writing.state, RunState::Running);
    EXPECT_FALSE(hasEnded(writing));
    EXPECT_EQ(after(kFinished).state, RunState::Finished);
    EXPECT_TRUE(hasEnded(after(kFinished)));
}

TEST(Life, StopIsShownBeforeAllIsWrittenButHasNotEnded)
{
    Life life = after({LifeEvent::Start, LifeEvent::Stop, LifeEvent::HasStopped});
    EXPECT_EQ(life.state, RunState::Stopped);
    EXPECT_FALSE(hasEnded(life));
    EXPECT_TRUE(transition(life, LifeEvent::HasWritten));
    EXPECT_TRUE(hasEnded(life));
}

TEST(Life, TrainedFurtherWhileAStopIsWrittenRunsOnAfterIt)
{
    Life life = after({LifeEvent::Start, LifeEvent::Stop, LifeEvent::HasStopped, LifeEvent::TrainFurther});
    EXPECT_EQ(life.state, RunState::Running);
    EXPECT_TRUE(transition(life, LifeEvent::HasWritten));
    EXPECT_EQ(life.state, RunState::Running);
    EXPECT_EQ(life.wish, Wish::Run);
}

TEST(Life, FinishedAndStoppedAreLeftByTrainingFurtherAlone)
{
    for (const std::vector<LifeEvent>& events :
         {kFinished, {LifeEvent::Start, LifeEvent::Stop, LifeEvent::HasStopped, LifeEvent::HasWritten}}) {
        for (const LifeEvent event : kAsked) {
            Life life = after(events);
            const Life before = life;
            transition(life, event);
            if (event == LifeEvent::TrainFurther) {
                EXPECT_EQ(life.state, RunState::Running);
            } else {
                EXPECT_EQ(life.state, before.state);
            }
        }
    }
}

TEST(Life, APauseAskedForAtTheLastMomentDoesNotOutliveTheEnd)
{
    const Life life = after({LifeEvent::Start, LifeEvent::Pause, LifeEvent::HasFinished});
    EXPECT_EQ(life.wish, Wish::Wait);
    Life resumed = life;
    EXPECT_FALSE(transition(resumed, LifeEvent::Resume));
    EXPECT_EQ(resumed, life);
}

TEST(Life, FailedIsLeftByNothing)
{
    for (const LifeEvent event : kAsked) {
        Life life = after({LifeEvent::Start, LifeEvent::HasFailed});
        transition(life, event);
        EXPECT_EQ(life.state, RunState::Failed);
        EXPECT_TRUE(hasEnded(life));
    }
}

TEST(Life, KeepsItsLawsWhateverComesInWhateverOrder)
{
    constexpr LifeEvent kEvents[] = {LifeEvent::Start,        LifeEvent::Pause,      LifeEvent::Resume,    LifeEvent::Stop,
                                     LifeEvent::TrainFurther, LifeEvent::End,        LifeEvent::HasPaused, LifeEvent::HasStopped,
                                     LifeEvent::HasFinished,  LifeEvent::HasWritten, LifeEvent::HasFailed};
    for (std::uint32_t seed = 0; seed < 2000; ++seed) {
        RandomStream random(seed, RandomPurpose::Noise);
        Life life;
        for (int i = 0; i < 40; ++i) {
            const LifeEvent event = kEvents[random.below(std::size(kEvents))];
            const Life before = life;
            if (!transition(life, event)) {
                EXPECT_EQ(life, before);
                continue;
            }
            EXPECT_NE(life, before);
            if (before.wish == Wish::End) {
                EXPECT_EQ(life.wish, Wish::End);
            }
            if (life.state == RunState::Finished || life.state == RunState::Failed) {
                EXPECT_EQ(life.writing, Life::Writing::Nothing);
            }
            if (life.state == RunState::Paused) {
                EXPECT_NE(life.wish, Wish::Run); // resuming shows at once
            }
            if (before.state == RunState::Finished && life.state != RunState::Finished) {
                EXPECT_EQ(event == LifeEvent::TrainFurther || event == LifeEvent::HasFailed, true);
            }
            EXPECT_FALSE(before.state != RunState::Ready && life.state == RunState::Ready);
        }
    }
}

} // namespace latentoscope
