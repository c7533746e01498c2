// What a study's figures show: every trial where it belongs, exactly.
#include "core/figures/StudyFigures.h"
#include "core/figures/ChartFigure.h"
#include "core/figures/FigureData.h"

#include "core/figures/FigureCsv.h"
#include "core/studies/JournalFile.h"
#include "core/studies/StudyStorage.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace latentoscope {
namespace {

/// Six trials: complete 0.3, pruned, failed, complete 0.9, complete 0.5, running.
StudyView smallStudy(Direction direction = Direction::Maximize)
{
    const test::TemporaryFolder folder;
    StudyStorage storage(std::make_unique<JournalFile>(folder / "study.log"));
    const int study = storage.openStudy("s", {direction});
    const CategoricalDistribution kinds{{std::string("adam"), std::string("sgd")}};
    const auto parameters = [&](double rate, int kind) {
        return std::map<std::string, Parameter>{
            {"training.learning_rate", {std::make_shared<const Distribution>(FloatDistribution{1e-4, 1, true}), rate}},
            {"training.optimizer", {std::make_shared<const Distribution>(kinds), static_cast<double>(kind)}}};
    };
    const auto begin = [&](double rate, int kind) { return storage.createTrial(study, {parameters(rate, kind), {}, {}}); };
    const auto complete = [&](int id, double value) {
        for (int step = 1; step <= 3; ++step) storage.setIntermediate(id, step, value * step / 3);
        storage.finish(id, TrialState::Complete, {value});
    };
    complete(begin(1e-4, 0), 0.3);
    const int pruned = begin(1e-2, 1);
    storage.setIntermediate(pruned, 1, 0.1);
    storage.finish(pruned, TrialState::Pruned, {0.1});
    storage.finish(begin(1, 1), TrialState::Fail, {});
    complete(begin(1e-2, 0), 0.9);
    complete(begin(1e-3, 1), 0.5);
    begin(1e-1, 0);
    return studyView(storage.journal(), storage.study("s"), "study.log");
}

const ChartSeries& seriesOf(const ChartFigure& figure, ChartSeries::Role role)
{
    static const ChartSeries none;
    const auto found =
        std::find_if(figure.series.begin(), figure.series.end(), [&](const ChartSeries& one) { return one.role == role; });
    EXPECT_NE(found, figure.series.end());
    return found == figure.series.end() ? none : *found;
}

} // namespace

TEST(StudyFigures, ObjectivesAreCalledAsTheirStudySays)
{
    const auto objectivesOf = [](const char* names) {
        const test::TemporaryFolder folder;
        StudyStorage storage(std::make_unique<JournalFile>(folder / "study.log"));
        const int study = storage.openStudy("s", {Direction::Maximize, Direction::Minimize});
        if (names) storage.setStudySystem(study, kMetricNamesAttribute, names);
        return studyView(storage.journal(), storage.study("s"), "study.log").objectives;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(objectivesOf(R"(["accuracy", "seconds"])"), (Names{"accuracy", "seconds"}))
        << "as Optuna's set_metric_names writes";
    EXPECT_EQ(objectivesOf(nullptr), (Names{"value", "value 1"}));
    EXPECT_EQ(objectivesOf(R"(["accuracy"])"), (Names{"value", "value 1"})) << "one name for two";
    EXPECT_EQ(objectivesOf("7"), (Names{"value", "value 1"}));
}

TEST(StudyFigures, HistoryHasEveryTrialAndTheBestSoFar)
{
    const ChartFigure up = historyFigure(smallStudy());
    EXPECT_EQ(seriesOf(up, ChartSeries::Role::Plain).trials, (std::vector<int>{0, 3, 4}));
    EXPECT_EQ(seriesOf(up, ChartSeries::Role::Pruned).trials, std::vector<int>{1});
    EXPECT_EQ(seriesOf(up, ChartSeries::Role::Failed).trials, std::vector<int>{2});
    const ChartSeries& best = seriesOf(up, ChartSeries::Role::Best);
    EXPECT_EQ(best.y, (std::vector<double>{0.3, 0.9, 0.9}));
    EXPECT_EQ(best.x, (std::vector<double>{0, 3, 5}));
    const ChartFigure down = historyFigure(smallStudy(Direction::Minimize));
    EXPECT_EQ(seriesOf(down, ChartSeries::Role::Best).y, (std::vector<double>{0.3, 0.3}));
    EXPECT_EQ(bestNumbers(smallStudy(Direction::Minimize)), std::vector<int>{0});
}

TEST(StudyFigures, ParallelPutsValuesOnTheirScale)
{
    const ChartFigure figure = parallelFigure(smallStudy());
    ASSERT_EQ(figure.series.size(), 3U) << "complete ones";
    EXPECT_EQ(figure.x.ticks.size(), 3U);
    // The best is drawn last: learning rate 1e-2 is half of the way from 1e-4 to 1, adam the first of two.
    const ChartSeries& best = figure.series.back();
    EXPECT_EQ(best.trials.front(), 3);
    EXPECT_NEAR(best.y[0], 0.5, 1e-12);
    EXPECT_EQ(best.y[1], 0);
    EXPECT_EQ(best.y[2], 1);
    EXPECT_EQ(best.shade, std::vector<double>{1});
    // Its numbers are what the trials have, not places on axes.
    const std::string csv = figureCsv(figure);
    EXPECT_TRUE(csv.starts_with("trial,training.learning_rate,training.optimizer,value\n")) << csv;
    EXPECT_NE(csv.find("\n3,0.01,adam,0.9\n"), std::string::npos) << csv;
}

TEST(StudyFigures, TheTableHasEveryTrialWithAllThatIsKnownOfIt)
{
    const TableFigure table = trialsTable(smallStudy());
    EXPECT_EQ(table.columns, (std::vector<std::string>{"trial", "state", "value", "training.learning_rate", "training.optimizer",
                                                       "seconds", "seed", "run", "failure"}));
    ASSERT_EQ(table.rows.size(), 6U);
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
    EXPECT_EQ(table.rows[3][1], "complete");
    EXPECT_EQ(table.rows[3][2], "0.9");
    EXPECT_EQ(table.rows[3][3], "0.01");
    EXPECT_EQ(table.rows[2][1], "fail");
}

TEST(StudyFigures, SliceContourTimelineAndIntermediateTellTheirTrials)
{
    const StudyView view = smallStudy();
    const ChartFigure slice = sliceFigure(view, "training.learning_rate");
    EXPECT_EQ(slice.x.scale, AxisScale::Logarithmic);
    EXPECT_EQ(slice.x.title, "learning rate");
    EXPECT_EQ(seriesOf(slice, ChartSeries::Role::Best).x, std::vector<double>{1e-2});
    EXPECT_EQ(seriesOf(slice, ChartSeries::Role::Plain).trials, (std::vector<int>{0, 4}));
    const ChartFigure contour = contourFigure(view, "training.learning_rate", "training.optimizer");
    ASSERT_EQ(contour.field.shade.size(), static_cast<std::size_t>(contour.field.rows * contour.field.columns));
    for (const double shade : contour.field.shade) EXPECT_TRUE(shade >= 0 && shade <= 1);
    EXPECT_EQ(contour.y.ticks.size(), 2U);
    const std::string numbers = figureCsv(contour);
    EXPECT_EQ(numbers.substr(0, numbers.find('\n')), "what,trial,training.learning_rate,training.optimizer,value,surface");
    EXPECT_NE(numbers.find("\nbest,3,0.01,adam,0.9,\n"), std::string::npos) << numbers.substr(0, 400);
    EXPECT_NE(numbers.find("\nsurface,,"), std::string::npos);
    const ChartFigure steps = intermediateFigure(view);
    EXPECT_EQ(steps.x.title, "Step") << "of another program's study nobody knows what they are";
    StudyView ours = view;
    ours.study.user["latentoscope:plan"] = R"({"folds": 0})";
    EXPECT_EQ(intermediateFigure(ours).x.title, "Epoch");
    ours.study.user["latentoscope:plan"] = R"({"folds": 3})";
    EXPECT_EQ(intermediateFigure(ours).x.title, "Fold");
    EXPECT_EQ(steps.series.size(), 3U + 1U + 1U) << "three complete ones, a pruned one, and its end";
    const ChartFigure timeline = timelineFigure(view);
    std::set<int> trials;
    for (const ChartSeries& series : timeline.series) {
        trials.insert(series.trials.begin(), series.trials.end());
        for (std::size_t i = 0; i < series.x.size(); ++i) EXPECT_LE(series.x[i], series.x2[i]);
    }
    EXPECT_EQ(trials.size(), 6U);
    std::set<std::string> names;
    for (const auto& [name, figure] : studyFigures(view)) {
        names.insert(name);
        EXPECT_GT(figureCsv(figure).size(), 20U) << name;
    }
    EXPECT_TRUE(names.contains("slice-learning-rate") && names.contains("history") && names.contains("timeline"));
    EXPECT_TRUE(names.contains("trials"));
    EXPECT_FALSE(names.contains("pareto"));
    EXPECT_EQ(figureCsv(slice).substr(0, figureCsv(slice).find('\n')), "series,role,trial,learning rate,value,until,shade");
}

TEST(StudyFigures, TimesAreReadInBothForms)
{
    EXPECT_NEAR(secondsOf("2026-01-31T17:05:09.5+01:00").value(), 1769875509.5, 1e-6);
    EXPECT_NEAR(secondsOf("2026-01-31T16:05:09.5Z").value(), 1769875509.5, 1e-6);
    EXPECT_NEAR(secondsOf("2026-01-31T17:05:10").value() - secondsOf("2026-01-31T17:05:09.75").value(), 0.25, 1e-6);
    EXPECT_EQ(secondsOf(""), std::nullopt);
    EXPECT_EQ(secondsOf("yesterday"), std::nullopt);
    EXPECT_EQ(secondsOf("2026-01-31T17:05:"), std::nullopt) << "no seconds";
    EXPECT_EQ(secondsOf("2026-01-31T17:05:09+1"), std::nullopt) << "half an offset";
    EXPECT_EQ(secondsOf("2026-1-31T17:05:09"), std::nullopt);
}

} // namespace latentoscope
