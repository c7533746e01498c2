#include "core/training/GradientSum.h"
#include "core/base/Random.h"
#include "core/base/WorkerPool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace latentoscope {
namespace {

constexpr std::size_t kValues = 100;

/// Numbers whose float sum depends on the order in which they are added.
std::vector<float> gradient(std::size_t shard)
{
    RandomStream random(7, RandomPurpose::Noise, static_cast<std::uint32_t>(shard));
    std::vector<float> values(kValues);
    for (float& value : values) value = (random.uniform() - 0.5F) * (shard % 3 == 0 ? 1e6F : 1.0F);
    return values;
}

std::vector<float> inOrder(std::size_t shards)
{
    std::vector<float> sum = gradient(0);
    for (std::size_t shard = 1; shard < shards; ++shard) {
        const std::vector<float> add = gradient(shard);
        for (std::size_t i = 0; i < kValues; ++i) sum[i] += add[i];
    }
    return sum;
}

void fill(GradientSum& sum, std::size_t shard)
{
    const std::vector<float> values = gradient(shard);
    const std::span<float> buffer = sum.buffer(shard);
    ASSERT_EQ(buffer.size(), kValues);
    std::copy(values.begin(), values.end(), buffer.begin());
    sum.done(shard);
}

} // namespace

TEST(GradientSum, AddsInOrderWhoeverIsReadyFirst)
{
    GradientSum sum(kValues, 4);
    for (int round = 0; round < 2; ++round) {
        sum.begin();
        for (const std::size_t shard : {2, 0, 3, 1, 4}) fill(sum, shard);
        EXPECT_EQ(std::vector<float>(sum.total().begin(), sum.total().end()), inOrder(5)) << round;
    }
}

TEST(GradientSum, GivesTheSameBytesAtAnyThreadCountAndWindow)
{
    constexpr int kShards = 50;
    const std::vector<float> expected = inOrder(kShards);
    for (const int threads : {1, 2, 5}) {
        for (const std::size_t window : {std::size_t{1}, std::size_t{2}, std::size_t{10}}) {
            WorkerPool pool(threads, [] {});
            GradientSum sum(kValues, window);
            sum.begin();
            pool.run(kShards, [&](int, int shard) {
                if (shard % 7 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
                fill(sum, static_cast<std::size_t>(shard));
            });
            EXPECT_EQ(std::vector<float>(sum.total().begin(), sum.total().end()), expected) << threads << " " << window;
        }
    }
}

TEST(GradientSum, AbortEndsTheWaitForAShardThatDoesNotCome)
{
    GradientSum sum(kValues, 1);
    sum.begin();
    std::jthread waiting([&] { EXPECT_TRUE(sum.buffer(1).empty()); }); // shard 0 never comes
    sum.abort();
    waiting.join();
    sum.begin();
    fill(sum, 0);
    EXPECT_EQ(std::vector<float>(sum.total().begin(), sum.total().end()), inOrder(1));
}

} // namespace latentoscope
