#include "core/training/Schedule.h"
#include "core/config/Configuration.h"
#include "core/data/ImageSet.h"
#include "core/training/Augmentation.h"

#include <gtest/gtest.h>

#include <map>
#include <numeric>

namespace latentoscope {
namespace {

TrainingOptions scheduled(LearningRateSchedule schedule)
{
    TrainingOptions options;
    options.learningRate = 0.01;
    options.schedule = schedule;
    return options;
}

/// One image whose pixel (y, x) is 10 y + x + 1.
ImageSet numberedImage(int channels = 1)
{
    ImageSet set;
    set.shape = {4, 5, channels};
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < 4; ++y) {
        for (int x = 0; x < 5; ++x) {
            for (int c = 0; c < channels; ++c) pixels.push_back(static_cast<std::uint8_t>(10 * y + x + 1 + 100 * c));
        }
    }
    set.pixels = std::move(pixels);
    set.labels = {0};
    return set;
}

} // namespace

TEST(Schedule, OneCycleIsPyTorchs)
{
    // torch.optim.lr_scheduler.OneCycleLR(max_lr=0.01, total_steps=40, cycle_momentum=False)
    const std::map<int, double> golden{
        {0, 0.0004}, {1, 0.0005944337266504118}, {5, 0.00451688877628823}, {10, 0.009805566273349588},
        {11, 0.01},  {12, 0.009968561175222016}, {25, 0.00500002},         {38, 3.147882477798485e-05},
        {39, 4e-08}};
    for (const auto& [step, rate] : golden)
        EXPECT_NEAR(learningRateAt(scheduled(LearningRateSchedule::OneCycle), step, 4, 10), rate, 1e-9 * 0.01) << step;
}

TEST(Schedule, CosineIsPyTorchs)
{
    const std::map<int, double> golden{
        {0, 0.01}, {1, 0.00998458666866564}, {20, 0.005000000000000001}, {39, 1.5413331334360186e-05}};
    for (const auto& [step, rate] : golden)
        EXPECT_NEAR(learningRateAt(scheduled(LearningRateSchedule::Cosine), step, 4, 10), rate, 1e-12) << step;
}

TEST(Schedule, WarmsUpLinearlyAndNeverStandsStill)
{
    for (const auto schedule : {LearningRateSchedule::Constant, LearningRateSchedule::Cosine}) {
        TrainingOptions options = scheduled(schedule);
        options.warmup = 2;
        EXPECT_NEAR(learningRateAt(options, 0, 4, 10), 0.01 / 9, 1e-12);
        EXPECT_NEAR(learningRateAt(options, 3, 4, 10), 0.04 / 9, 1e-12);
        EXPECT_NEAR(learningRateAt(options, 8, 4, 10), 0.01, 1e-12) << "warm";
        for (int step = 0; step < 50; ++step) EXPECT_GT(learningRateAt(options, step, 4, 10), 0) << step;
    }
}

TEST(Schedule, HasAPositiveRateHoweverShortTheTraining)
{
    for (const auto schedule : {LearningRateSchedule::Constant, LearningRateSchedule::Cosine, LearningRateSchedule::OneCycle}) {
        for (const int epochs : {1, 2, 3}) {
            for (const int steps : {1, 2, 5}) {
                for (int step = 0; step < epochs * steps + 3; ++step) {
                    const double rate = learningRateAt(scheduled(schedule), step, steps, epochs);
                    EXPECT_GT(rate, 0) << wordOf(schedule) << epochs << steps << step;
                    EXPECT_LE(rate, 0.01 + 1e-12) << wordOf(schedule) << epochs << steps << step;
                }
            }
        }
    }
}

TEST(Augmentation, MovesAndMirrorsWholeImages)
{
    TrainingOptions options;
    options.flip = true;
    options.shift = 1;
    for (const int channels : {1, 2}) {
        const ImageSet set = numberedImage(channels);
        const std::vector<int> items(600, 0);
        RandomStream random(1, RandomPurpose::Augmentation);
        const std::vector<std::uint8_t> images = augmentedImages(set, items, options, random);
        std::map<std::vector<std::uint8_t>, int> seen;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto begin = images.begin() + static_cast<std::ptrdiff_t>(i * set.shape.values());
            ++seen[std::vector<std::uint8_t>(begin, begin + static_cast<std::ptrdiff_t>(set.shape.values()))];
        }
        EXPECT_EQ(seen.size(), 18U) << "nine places, each as it is and mirrored";
        for (const auto& [image, count] : seen) EXPECT_NEAR(count, 600 / 18, 25);
        EXPECT_EQ(seen.count({set.pixels.begin(), set.pixels.end()}), 1U);
        std::vector<std::uint8_t> right(set.shape.values(), 0); // by one pixel
        for (int y = 0; y < 4; ++y) {
            for (int x = 1; x < 5; ++x) {
                for (int c = 0; c < channels; ++c) {
                    const auto at = [&](int column) { return static_cast<std::size_t>((y * 5 + column) * channels + c); };
                    right[at(x)] = set.pixels[at(x - 1)];
                }
            }
        }
        EXPECT_EQ(seen.count(right), 1U);
    }
}

TEST(Augmentation, IsAskedForOrDoesNothing)
{
    TrainingOptions options;
    EXPECT_FALSE(augments(options));
    const ImageSet set = numberedImage();
    RandomStream random(1, RandomPurpose::Augmentation);
    EXPECT_EQ(augmentedImages(set, std::vector<int>{0}, options, random), set.pixels);
    options.shift = 1;
    EXPECT_TRUE(augments(options));
}

} // namespace latentoscope
