// The table of trials keeps what Qt expects of a model while a study grows, and sorts numbers as numbers.
#include "core/figures/StudyView.h"
#include "ui/search/TrialsView.h"

#include <QAbstractItemModelTester>

#include <gtest/gtest.h>

namespace latentoscope::ui {
namespace {

std::shared_ptr<const StudyView> studyOf(int trials)
{
    Study study;
    study.name = "s";
    study.directions = {Direction::Minimize};
    std::vector<Trial> all;
    for (int i = 0; i < trials; ++i) {
        Trial trial;
        trial.number = i;
        trial.state = i % 3 == 2 ? TrialState::Pruned : TrialState::Complete;
        if (trial.state == TrialState::Complete) trial.values = {10.0 * (i + 1)};
        trial.parameters["model.latent"] = {std::make_shared<const Distribution>(IntDistribution{1, 64}), i + 1.0};
        if (i > 4) trial.parameters["model.beta"] = {std::make_shared<const Distribution>(FloatDistribution{0, 9}), 0.5};
        all.push_back(trial);
    }
    return std::make_shared<StudyView>(studyView(study, all, "study.log"));
}

} // namespace

TEST(TrialsModel, IsAModelAsQtExpectsItWhileAStudyGrows)
{
    TrialsModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    EXPECT_EQ(model.rowCount(), 0);
    for (const int trials : {1, 2, 4, 12, 12, 3, 0}) {
        model.setStudy(studyOf(trials));
        EXPECT_EQ(model.rowCount(), trials);
    }
    model.setStudy(studyOf(3));
    const int before = model.columnCount();
    model.setStudy(studyOf(6));
    EXPECT_EQ(model.columnCount(), before + 1) << "a parameter that only later trials have";
    model.setStudy(nullptr);
    EXPECT_EQ(model.rowCount(), 0);
}

TEST(TrialsModel, SortsByNumbersAndShowsWords)
{
    TrialsModel model;
    model.setStudy(studyOf(12));
    int latent = -1;
    for (int column = 0; column < model.columnCount(); ++column) {
        if (model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().contains(QStringLiteral("latent")))
            latent = column;
    }
    ASSERT_GE(latent, 0);
    const QVariant two = model.data(model.index(1, latent), TrialsModel::SortRole);
    const QVariant eleven = model.data(model.index(10, latent), TrialsModel::SortRole);
    EXPECT_LT(two.toDouble(), eleven.toDouble()) << "as words 11 stands before 2";
    EXPECT_EQ(model.data(model.index(10, latent), Qt::DisplayRole).toString(), QStringLiteral("11"));
    EXPECT_EQ(model.trialAt(7), 7);
}

} // namespace latentoscope::ui
