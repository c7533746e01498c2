#include "ui/session/Wakeup.h"
#include "core/base/Channel.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace latentoscope::ui {
namespace {

constexpr int kIntervalMs = 60;

/// Lets the interface thread run for so long.
void pass(int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < milliseconds) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
}

} // namespace

TEST(Wakeup, ComesOnceForManyCallsFromOtherThreads)
{
    Wakeup wakeup(kIntervalMs);
    QSignalSpy due(&wakeup, &Wakeup::due);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([call = wakeup.caller()] {
                for (int j = 0; j < 100; ++j) call();
            });
        }
    }
    ASSERT_TRUE(due.wait(5000));
    EXPECT_EQ(due.size(), 1);
}

TEST(Wakeup, KeepsItsPaceHoweverOftenItIsCalled)
{
    Wakeup wakeup(kIntervalMs);
    std::vector<qint64> at;
    QElapsedTimer timer;
    timer.start();
    QObject::connect(&wakeup, &Wakeup::due, [&] { at.push_back(timer.elapsed()); });
    QTimer often;
    QObject::connect(&often, &QTimer::timeout, &wakeup, &Wakeup::call);
    often.start(1);
    ASSERT_TRUE(QTest::qWaitFor([&] { return at.size() >= 4; }, 10'000));
    for (std::size_t i = 1; i < at.size(); ++i) EXPECT_GE(at[i] - at[i - 1], kIntervalMs - 2);
}

TEST(Wakeup, LeavesTimeAfterWorkThatTakesLongerThanTheInterval)
{
    Wakeup wakeup(kIntervalMs);
    QElapsedTimer sinceWork;
    qint64 pause = -1;
    QObject::connect(&wakeup, &Wakeup::due, [&] {
        if (sinceWork.isValid() && pause < 0) pause = sinceWork.elapsed();
        QThread::msleep(2 * kIntervalMs);
        sinceWork.start();
        wakeup.call();
    });
    wakeup.call();
    ASSERT_TRUE(QTest::qWaitFor([&] { return pause >= 0; }, 10'000));
    EXPECT_GE(pause, kIntervalMs / 4 - 1);
}

TEST(Wakeup, WhatIsCancelledDoesNotCome)
{
    Wakeup wakeup(kIntervalMs);
    QSignalSpy due(&wakeup, &Wakeup::due);
    wakeup.call();
    wakeup.cancel();
    pass(2 * kIntervalMs);
    EXPECT_TRUE(due.empty());
    wakeup.call();
    EXPECT_TRUE(due.wait(5000));
}

TEST(Wakeup, GoesWithoutHarmWhileOthersCallIt)
{
    Channel<int> channel;
    std::atomic<bool> done{false};
    std::jthread producer([&] {
        while (!done) {
            channel.publish([](int& number) { ++number; });
            channel.take();
        }
    });
    for (int i = 0; i < 50; ++i) {
        Wakeup wakeup(1);
        channel.setWake(wakeup.caller());
        pass(2);
        channel.setWake(nullptr);
    }
    done = true;
    producer.join();
    EXPECT_GT(channel.take(), 0);
}

} // namespace latentoscope::ui
