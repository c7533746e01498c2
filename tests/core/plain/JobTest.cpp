#include "core/base/Job.h"

#include "core/base/Error.h"

#include <gtest/gtest.h>

#include <string>

namespace latentoscope {

TEST(Job, GivesItsResult)
{
    Job<std::string> job([](JobControl& control) {
        control.setProgress(0.5);
        return std::string("done");
    });
    EXPECT_EQ(job.wait(), "done");
    EXPECT_TRUE(job.done());
    EXPECT_EQ(job.progress(), 0.5);
    EXPECT_FALSE(job.secondsLeft()); // nothing is left of what is done
}

TEST(Job, ThrowsWhatItsComputationThrew)
{
    Job<int> job([](JobControl&) -> int { throw Error(Error::Kind::Numeric, "no number"); });
    try {
        (void)job.wait();
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "no number");
    }
}

TEST(Job, CancelledHasNoResult)
{
    std::atomic<bool> started{false};
    Job<int> job([&](JobControl& control) {
        started = true;
        while (!control.cancelled()) std::this_thread::yield();
        return 7;
    });
    while (!started) std::this_thread::yield();
    EXPECT_FALSE(job.done());
    job.cancel();
    EXPECT_FALSE(job.wait());
}

TEST(Job, GoesAwayAtAnyTimeWithoutBeingWaitedFor)
{
    std::atomic<bool> ended{false};
    {
        const Job<int> job([&](JobControl& control) {
            while (!control.cancelled()) std::this_thread::yield();
            ended = true;
            return 0;
        });
    }
    EXPECT_TRUE(ended);
}

TEST(Job, TellsTheTimeLeftFromWhatIsDone)
{
    std::atomic<bool> go{false};
    Job<int> job([&](JobControl& control) {
        control.setProgress(0.25);
        while (!go) std::this_thread::yield();
        return 0;
    });
    while (job.progress() == 0) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const std::optional<double> left = job.secondsLeft();
    ASSERT_TRUE(left);
    EXPECT_GE(*left, 0.006); // three quarters, a quarter having taken at least 2 ms
    go = true;
    EXPECT_TRUE(job.wait());
}

} // namespace latentoscope
