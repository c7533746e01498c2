#include "core/base/Channel.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace latentoscope {
namespace {

/// Newest wins: nothing says what else is to stay.
struct Place {
    int x = 0;
};

/// A curve, which is to be complete, and a number, which is always the current one.
struct Curve {
    std::vector<int> points;
    int length = 0;
};

Curve afterTaken(const Curve& taken) { return {{}, taken.length}; }

void add(Channel<Curve>& channel, int point)
{
    channel.publish([&](Curve& curve) {
        curve.points.push_back(point);
        ++curve.length;
    });
}

} // namespace

TEST(Channel, WakesOncePerTake)
{
    Channel<Curve> channel;
    int wakes = 0;
    channel.setWake([&] { ++wakes; });
    for (int i = 0; i < 5; ++i) add(channel, i);
    EXPECT_EQ(wakes, 1);
    EXPECT_TRUE(channel.fresh());
    EXPECT_EQ(channel.take().points, (std::vector<int>{0, 1, 2, 3, 4}));
    EXPECT_FALSE(channel.fresh());
    add(channel, 5);
    EXPECT_EQ(wakes, 2);
    EXPECT_EQ(channel.take().points, std::vector<int>{5});
}

TEST(Channel, WhoComesLateIsWokenAtOnceAndWhoLeftNoMore)
{
    Channel<Place> channel;
    channel.publish([](Place& place) { place.x = 1; });
    int wakes = 0;
    channel.setWake([&] { ++wakes; });
    EXPECT_EQ(wakes, 1);
    channel.take();
    channel.setWake(nullptr);
    channel.publish([](Place& place) { place.x = 2; });
    EXPECT_EQ(wakes, 1);
    EXPECT_EQ(channel.take().x, 2);
}

TEST(Channel, TheNewestStaysAndWhatIsToBeToldOnceDoesNot)
{
    Channel<Place> place(Place{7});
    EXPECT_EQ(place.take().x, 7);
    EXPECT_EQ(place.take().x, 7);
    Channel<Curve> curve;
    add(curve, 1);
    EXPECT_EQ(curve.take().length, 1);
    const Curve again = curve.take();
    EXPECT_EQ(again.length, 1);
    EXPECT_TRUE(again.points.empty());
}

TEST(Channel, LookingAndNotingWakeNobody)
{
    Channel<Place> channel;
    int wakes = 0;
    channel.setWake([&] { ++wakes; });
    channel.note([](Place& place) { place.x = 3; });
    EXPECT_EQ(wakes, 0);
    EXPECT_FALSE(channel.fresh());
    EXPECT_EQ(channel.look().x, 3);
    channel.publish([](Place& place) { place.x = 4; });
    EXPECT_EQ(channel.look().x, 4);
    EXPECT_TRUE(channel.fresh()) << "looking takes nothing";
}

TEST(Channel, NothingIsLostBetweenThreads)
{
    constexpr int kEach = 5000;
    Channel<Curve> channel;
    std::vector<std::jthread> producers;
    for (int producer = 0; producer < 3; ++producer) {
        producers.emplace_back([&channel] {
            for (int i = 0; i < kEach; ++i) add(channel, i);
        });
    }
    std::size_t taken = 0;
    while (taken < 3 * kEach) taken += channel.take().points.size();
    producers.clear();
    EXPECT_EQ(channel.take().length, 3 * kEach);
    EXPECT_EQ(taken, static_cast<std::size_t>(3 * kEach));
}

} // namespace latentoscope
