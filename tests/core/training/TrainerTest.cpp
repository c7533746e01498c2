// Walks through epochs and batches: how many steps, on which images, what an epoch's figures are, and what a stop leaves.
#include "core/training/Trainer.h"

#include "core/base/Error.h"
#include "core/data/DataSet.h"
#include "core/data/Selection.h"
#include "tests/core/training/SmallSession.h"
#include "tests/support/Refusal.h"

#include <gtest/gtest.h>

#include <cmath>

namespace latentoscope {
namespace {

constexpr ImageShape kShape{8, 8, 1};

EngineSetup engineOf(const Configuration& configuration)
{
    EngineSetup engine;
    engine.model = configuration.model;
    engine.training = configuration.training;
    engine.shape = kShape;
    engine.threads = 1;
    return engine;
}

Configuration small(double heldOut)
{
    Configuration configuration = test::smallSetup().configuration;
    configuration.data.validationFraction = heldOut;
    return configuration;
}

Trainer trainerOf(const Configuration& configuration)
{
    return Trainer(configuration, divide(test::smallData(kShape), configuration.data), engineOf(configuration));
}

/// All of an epoch's steps, and the epoch.
std::pair<std::vector<LossPoint>, EpochMetrics> epochOf(Trainer& trainer)
{
    std::vector<LossPoint> steps;
    for (;;) {
        const Trainer::Advance advance = trainer.advance({});
        if (advance.epoch) return {steps, *advance.epoch};
        if (!advance.loss) {
            ADD_FAILURE() << "nothing was done, and nobody asked to stop";
            return {steps, {}};
        }
        steps.push_back(*advance.loss);
    }
}

} // namespace

TEST(Trainer, GoesThroughEveryImageOnceAnEpoch)
{
    Trainer trainer = trainerOf(small(0.2)); // 160 of 200 images in batches of 50
    EXPECT_EQ(trainer.trainingImages(), 160);
    EXPECT_EQ(trainer.stepsPerEpoch(), 4);
    const auto [steps, epoch] = epochOf(trainer);
    ASSERT_EQ(steps.size(), 4U);
    EXPECT_EQ(steps.front().epoch, 0.25);
    EXPECT_EQ(steps.back().epoch, 1);
    EXPECT_EQ(trainer.lastBatchImages(), 10) << "the rest of an epoch is a batch of its own";
    EXPECT_EQ(epoch.epoch, 1);
    EXPECT_EQ(trainer.epochsDone(), 1);
    EXPECT_EQ(trainer.stepsDone(), 4);
    EXPECT_EQ(trainer.trainedTo().epoch, 1);
    EXPECT_EQ(trainer.trainedTo().step, 4);
}

TEST(Trainer, AnEpochsTrainingFigureIsTheMeanOverImages)
{
    Trainer trainer = trainerOf(small(0.2));
    const auto [steps, epoch] = epochOf(trainer);
    const double mean = (50.0 * double{steps[0].loss} + 50.0 * double{steps[1].loss} + 50.0 * double{steps[2].loss} +
                         10.0 * double{steps[3].loss}) /
                        160;
    EXPECT_NEAR(epoch.find("train", "mse").value(), mean, 1e-6);
    EXPECT_GT(epoch.seconds(), 0);
    EXPECT_NEAR(epoch.imagesPerSecond() * epoch.seconds(), 160, 1e-6);
}

TEST(Trainer, ValidationIsMeasuredOnlyWhereSomethingIsHeldOut)
{
    Trainer held = trainerOf(small(0.2));
    EXPECT_TRUE(epochOf(held).second.find("validation", "mse"));
    Trainer whole = trainerOf(small(0));
    EXPECT_EQ(whole.trainingImages(), 200);
    EXPECT_FALSE(epochOf(whole).second.find("validation", "mse"));
}

TEST(Trainer, AStopLeavesNothingHalfDone)
{
    const Configuration configuration = small(0.2);
    Trainer straight = trainerOf(configuration);
    Trainer stopped = trainerOf(configuration);
    std::stop_source asked;
    asked.request_stop();
    for (int i = 0; i < 9; ++i) { // two epochs and their ends, each step refused once before
        const Trainer::Advance nothing = stopped.advance(asked.get_token());
        EXPECT_FALSE(nothing.loss);
        EXPECT_FALSE(nothing.epoch);
        const Trainer::Advance one = stopped.advance({});
        const Trainer::Advance other = straight.advance({});
        ASSERT_EQ(one.loss.has_value(), other.loss.has_value()) << i;
        if (one.loss) {
            EXPECT_EQ(one.loss->loss, other.loss->loss) << i;
        }
    }
    EXPECT_EQ(stopped.engine().weights(), straight.engine().weights());
}

TEST(Trainer, WeightsSayHowFarTheyAreTrained)
{
    Trainer trainer = trainerOf(small(0.2));
    EXPECT_EQ(trainer.weights().epoch, 0);
    trainer.advance({});
    trainer.advance({});
    const TimedModel half = trainer.weights();
    EXPECT_EQ(half.epoch, 0.5);
    EXPECT_EQ(trainer.epoch(), 0.5);
    trainer.advance({});
    const auto kept = half.model->weights();
    EXPECT_NE(std::vector<float>(kept.begin(), kept.end()), trainer.engine().weights()) << "a copy, which training leaves alone";
}

TEST(Trainer, ALossThatIsNoNumberEndsItWithTheStepAndWhatToTry)
{
    Configuration configuration = test::divergingSetup().configuration;
    Trainer trainer = trainerOf(configuration);
    const std::string sentence = test::refusal([&] {
        for (int i = 0; i < 10'000; ++i) {
            trainer.advance({});
            trainer.judge();
        }
    });
    EXPECT_NE(sentence.find("training stopped at step "), std::string::npos) << sentence;
    EXPECT_NE(sentence.find("try a learning rate below 10"), std::string::npos) << sentence;
    for (const float weight : trainer.engine().weights()) ASSERT_TRUE(std::isfinite(weight)) << "the last good ones are held";
}

TEST(Trainer, JudgesTheNewestWeightsOnce)
{
    Trainer trainer = trainerOf(small(0.2));
    trainer.advance({});
    const std::vector<float> before = trainer.engine().weights();
    trainer.judge();
    trainer.judge();
    EXPECT_EQ(trainer.engine().weights(), before) << "looking changes nothing";
    EXPECT_EQ(trainer.stepsDone(), 1);
}

} // namespace latentoscope
