// The table of folds keeps what Qt expects of a model while what it shows changes.
#include "ui/training/FoldsModel.h"

#include "core/config/Configuration.h"
#include "core/data/ImageShape.h"

#include <QAbstractItemModelTester>

#include <gtest/gtest.h>

namespace latentoscope::ui {
namespace {

/// Of so many folds the first `done` are done, with an MSE of a tenth of their number.
CrossValidationState stateOf(int folds, int done)
{
    CrossValidationState state;
    state.state = RunState::Running;
    for (int number = 1; number <= folds; ++number) {
        FoldState fold;
        fold.fold = number;
        if (number <= done) {
            fold.stage = FoldState::Stage::Done;
            fold.score = {number, 40, 20, {{"mse", 0.1 * number}, {"reconstruction_accuracy", 100 - 10.0 * number}}};
        }
        state.folds.push_back(fold);
    }
    return state;
}

} // namespace

TEST(FoldsModel, IsAModelAsQtExpectsItWhateverChanges)
{
    FoldsModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    EXPECT_EQ(model.rowCount(), 0);
    model.begin(Configuration(), {8, 8, 1});
    for (int done = 0; done <= 3; ++done) model.setState(stateOf(3, done));
    EXPECT_EQ(model.rowCount(), 4);
    model.setState(stateOf(5, 1));
    EXPECT_EQ(model.rowCount(), 6);
    Configuration other;
    other.model.kind = "classifier";
    model.begin(other, {8, 8, 1});
    model.setState(stateOf(2, 2));
    model.clear();
    EXPECT_EQ(model.rowCount(), 0);
}

TEST(FoldsModel, TheFirstRowIsTheMeanAndTheOthersAreFolds)
{
    FoldsModel model;
    model.begin(Configuration(), {8, 8, 1});
    model.setState(stateOf(3, 2));
    EXPECT_EQ(model.foldAt(0), nullptr);
    ASSERT_NE(model.foldAt(2), nullptr);
    EXPECT_EQ(model.foldAt(2)->fold, 2);
    EXPECT_EQ(model.foldAt(9), nullptr);
    EXPECT_EQ(model.foldAt(-1), nullptr);
    EXPECT_TRUE(model.summary().startsWith(QStringLiteral("MSE 0.150 ± 0.071"))) << model.summary().toStdString();
    const TableFigure table = model.table();
    EXPECT_EQ(table.rows.size(), 3U + 2U) << "mean and deviation in full below the folds";
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
}

TEST(FoldsModel, BeyondItsCellsThereIsNothing)
{
    FoldsModel model;
    model.begin(Configuration(), {8, 8, 1});
    model.setState(stateOf(2, 1));
    EXPECT_FALSE(model.data({}, Qt::DisplayRole).isValid());
    EXPECT_EQ(model.rowCount(model.index(0, 0)), 0) << "a table has no children";
    EXPECT_EQ(model.columnCount(model.index(0, 0)), 0);
}

} // namespace latentoscope::ui
