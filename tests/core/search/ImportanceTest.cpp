// Importance tells what Optuna's evaluator tells, and what is known of functions that add up.
#include "core/search/Importance.h"

#include "core/base/Error.h"
#include "core/search/RegressionForest.h"
#include "core/studies/JournalFile.h"
#include "core/studies/StudyStorage.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace latentoscope {
namespace {

/// Evenly spread, and the same everywhere.
double spread(int i, int k)
{
    const double wave = std::sin(12.9898 * (i + 1) + 78.233 * (k + 1)) * 43758.5453;
    return wave - std::floor(wave);
}

struct StudyOfOne {
    explicit StudyOfOne(int trials)
    {
        const int study = storage.openStudy("s", {Direction::Minimize});
        const auto parameter = [](const Distribution& distribution, double value) {
            return Parameter{std::make_shared<const Distribution>(distribution), value};
        };
        const CategoricalDistribution letters{{std::string("a"), std::string("b"), std::string("c")}};
        for (int i = 0; i < trials; ++i) {
            const double x = -2 + 5 * spread(i, 0), n = 2 + std::floor(19 * spread(i, 1)), c = std::floor(3 * spread(i, 2));
            const double y = spread(i, 3), z = spread(i, 4);
            NewTrial trial;
            trial.parameters = {{"x", parameter(FloatDistribution{-2, 3}, x)},
                                {"n", parameter(IntDistribution{2, 20}, n)},
                                {"c", parameter(letters, c)},
                                {"y", parameter(FloatDistribution{0, 1}, y)},
                                {"z", parameter(FloatDistribution{0, 1}, z)},
                                {"fixed", parameter(IntDistribution{3, 3}, 3)}};
            if (i % 2 == 0) trial.parameters["sometimes"] = parameter(FloatDistribution{0, 1}, y);
            const double value = x * x + 0.2 * n + (c == 0 ? 0 : c == 1 ? 1 : 3) + 2 * y * z;
            storage.finish(storage.createTrial(study, trial), TrialState::Complete, {value});
        }
    }
    std::vector<Importance> importance() const { return importanceOf(storage.journal(), storage.study("s")); }

    test::TemporaryFolder folder;
    StudyStorage storage{std::make_unique<JournalFile>(folder / "study.log")};
};

} // namespace

TEST(Importance, IsWhatOptunasEvaluatorSays)
{
    const StudyOfOne study(200);
    const std::vector<Importance> found = study.importance();
    // Optuna 3.1's FanovaImportanceEvaluator on the same trials (tests/golden/optuna_parts.py), mean of the seeds 0 to 2, which
    // differ by up to 0.01.
    const std::vector<Importance> golden{{"x", 0.738}, {"c", 0.153}, {"n", 0.091}, {"y", 0.011}, {"z", 0.006}};
    double sum = 0; // Optuna makes the shares add up to 1, as if parameters did nothing together
    for (const Importance& one : found) sum += one.share;
    EXPECT_LT(sum, 1);
    ASSERT_EQ(found.size(), golden.size()) << "what is fixed, or only some trials have, is left out";
    for (std::size_t i = 0; i < golden.size(); ++i) {
        EXPECT_EQ(found[i].parameter, golden[i].parameter);
        EXPECT_NEAR(found[i].share / sum, golden[i].share, 0.02) << golden[i].parameter;
    }
}

TEST(Importance, SaysOfHowManyTrialsItIsAndWhatItLeavesOut)
{
    const StudyOfOne few(10), many(60);
    const auto notes = [](const StudyOfOne& one) {
        const Study& study = one.storage.study("s");
        std::vector<Trial> trials;
        for (const int id : study.trials) trials.push_back(one.storage.journal().trial(id));
        return importanceNotes(study, trials);
    };
    EXPECT_EQ(notes(few), (std::vector<std::string>{"only 10 complete trials: with fewer than 20 the shares are rough",
                                                    "sometimes is left out: 5 of 10 trials have it"}));
    EXPECT_EQ(notes(many), (std::vector<std::string>{"sometimes is left out: 30 of 60 trials have it"}));
}

TEST(Importance, HasNothingToTellOfTooLittle)
{
    EXPECT_TRUE(StudyOfOne(3).importance().empty());
    const StudyOfOne study(5);
    EXPECT_FALSE(study.importance().empty());
    EXPECT_THROW(importanceOf(study.storage.journal(), study.storage.study("s"), 1), Error);
    test::TemporaryFolder folder;
    StudyStorage same(std::make_unique<JournalFile>(folder / "study.log"));
    const int flat = same.openStudy("flat", {Direction::Minimize});
    for (int i = 0; i < 10; ++i) {
        NewTrial trial;
        trial.parameters["x"] = {std::make_shared<const Distribution>(FloatDistribution{0, 1}), 0.1 * i};
        same.finish(same.createTrial(flat, trial), TrialState::Complete, {1});
    }
    EXPECT_TRUE(importanceOf(same.journal(), same.study("flat")).empty());
}

TEST(RegressionForest, LeavesCoverTheSpaceOnceAndHoldTheirPointsMeans)
{
    const std::vector<ForestDimension> dimensions{{-2, 3, 0}, {0, 0, 3}};
    std::vector<std::vector<double>> points;
    std::vector<double> values;
    for (int i = 0; i < 80; ++i) {
        points.push_back({-2 + 5 * spread(i, 0), std::floor(3 * spread(i, 1))});
        values.push_back(points.back()[0] + points.back()[1]);
    }
    RandomStream random(1, RandomPurpose::Forest);
    const RegressionTree tree = growTree(points, values, dimensions, random);
    EXPECT_GT(tree.size(), 20U);
    double volume = 0;
    for (const ForestLeaf& leaf : tree) {
        const auto categories = std::count(leaf.sides[1].contains.begin(), leaf.sides[1].contains.end(), true);
        volume += (leaf.sides[0].high - leaf.sides[0].low) / 5 * static_cast<double>(categories) / 3;
    }
    EXPECT_NEAR(volume, 1, 1e-12);
    int exact = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        int in = 0;
        for (const ForestLeaf& leaf : tree) {
            const bool inside = points[i][0] > leaf.sides[0].low && points[i][0] <= leaf.sides[0].high &&
                                leaf.sides[1].contains[static_cast<std::size_t>(points[i][1])];
            in += inside ? 1 : 0;
            exact += inside && std::abs(leaf.value - values[i]) < 1e-12 ? 1 : 0;
        }
        EXPECT_EQ(in, 1);
    }
    EXPECT_GT(exact, 40) << "those of the bootstrap sample";
}

} // namespace latentoscope
