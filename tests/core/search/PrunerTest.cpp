// Pruners end the trials that Optuna 3.1's end, at the same steps (tests/golden/optuna_parts.py).
#include "core/search/Pruner.h"

#include "core/base/Error.h"
#include "core/studies/JournalFile.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace latentoscope {
namespace {

/// What trial i has at a step, as the golden decisions were made for.
double curve(int i, int step)
{
    if (i == 17 && step >= 2) return std::numeric_limits<double>::quiet_NaN();
    const double u = (std::sin(12.9898 * (i + 1)) + 1) / 2, v = (std::sin(78.233 * (i + 1)) + 1) / 2;
    return u + v / step + 0.05 * std::sin(i * 7 + step);
}

/// The last step of each of 40 trials of at most nine steps, one after the other, negative where it was pruned.
std::vector<int> lastSteps(PrunerKind kind, Direction direction)
{
    const test::TemporaryFolder folder;
    StudyStorage storage(std::make_unique<JournalFile>(folder / "study.log"));
    const int study = storage.openStudy("s", {direction});
    PrunerOptions options;
    options.kind = kind;
    options.lastStep = 9;
    std::vector<int> last;
    for (int i = 0; i < 40; ++i) {
        const int id = storage.createTrial(study, {});
        bool pruned = false;
        int step = 0;
        while (step < 9 && !pruned) {
            ++step;
            storage.setIntermediate(id, step, curve(i, step));
            const PrunerWord word = judge(storage.journal(), storage.study("s"), storage.journal().trial(id), options);
            storage.setSystem(id, word.system);
            pruned = word.prune;
        }
        storage.finish(id, pruned ? TrialState::Pruned : TrialState::Complete,
                       pruned ? std::vector<double>() : std::vector<double>{i == 17 ? 0 : curve(i, step)});
        last.push_back(pruned ? -step : step);
    }
    return last;
}

} // namespace

TEST(Pruner, EndsTheTrialsThatOptunaEnds)
{
    struct Golden {
        PrunerKind kind;
        Direction direction;
        std::vector<int> last;
    };
    const std::vector<Golden> all{
        {PrunerKind::Median, Direction::Minimize, {9,  9,  9,  9, 9,  9, -1, 9, 9,  9,  9,  9,  9,  -1, 9,  -1, -1, -1, -1, -1,
                                                   -1, -2, -1, 9, -1, 9, -1, 9, -1, -1, -1, -1, -1, -1, -1, -1, -2, -1, 9,  -1}},
        {PrunerKind::Median, Direction::Maximize, {9,  9,  9,  9,  9,  -1, 9,  -1, -1, -1, -1, -1, -1, -1,
                                                   -1, 9,  -1, 9,  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                                                   -1, -1, -1, -1, -1, 9,  -1, 9,  -1, -1, -1, -1}},
        {PrunerKind::Halving, Direction::Minimize, {9,  -4, -1, -4, -1, -4, -1, 9,  -1, 9,  9,  -1, -4, -1,
                                                    -4, -1, -1, -1, -1, -1, -1, -1, -1, -4, -1, 9,  -1, -4,
                                                    -1, -1, -1, -1, -1, -1, -1, -1, -4, -1, -4, -1}},
        {PrunerKind::Halving, Direction::Maximize, {9,  -1, 9,  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                                                    -1, -4, -1, -4, -1, -4, -1, -1, -1, -1, -1, -1, -1, -1,
                                                    -1, -1, -1, -4, -1, 9,  -1, -4, -1, -1, -1, -1}},
        {PrunerKind::Hyperband, Direction::Minimize, {9,  9,  -1, -3, -1, 9,  -1, 9,  9,  9,  9,  9, 9,  -1,
                                                      -3, -1, -1, -1, -1, -1, -9, -3, -3, -9, -9, 9, -9, -9,
                                                      -9, -3, -1, -9, -9, -1, -3, -1, -9, -1, 9,  -9}},
        {PrunerKind::Hyperband, Direction::Maximize, {9,  9,  9,  -1, -1, -1, -1, 9,  -9, -9, -1, -3, -9, -1,
                                                      -1, -3, -1, -3, -1, -1, 9,  -1, -3, -3, -9, -3, -9, -1,
                                                      -9, -9, -1, 9,  9,  9,  -1, -3, -9, -1, -9, -1}}};
    for (const Golden& golden : all) EXPECT_EQ(lastSteps(golden.kind, golden.direction), golden.last) << prunerName(golden.kind);
}

TEST(Pruner, LetsAllGoOnWhereThereIsNoneOrSeveralObjectives)
{
    const test::TemporaryFolder folder;
    StudyStorage storage(std::make_unique<JournalFile>(folder / "study.log"));
    const int study = storage.openStudy("two", {Direction::Minimize, Direction::Maximize});
    const int id = storage.createTrial(study, {});
    storage.setIntermediate(id, 1, std::numeric_limits<double>::quiet_NaN());
    PrunerOptions options;
    options.startupTrials = 0;
    EXPECT_FALSE(judge(storage.journal(), storage.study("two"), storage.journal().trial(id), options).prune);
    EXPECT_THROW(prunerOf("Median"), Error);
    EXPECT_EQ(prunerOf("halving"), PrunerKind::Halving);
    EXPECT_EQ(lastSteps(PrunerKind::None, Direction::Minimize), std::vector<int>(40, 9));
}

} // namespace latentoscope
