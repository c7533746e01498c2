// Cross-validation in the window: the table, how it is begun, stopped, continued and opened.
#include "core/base/AtomicFile.h"
#include "core/config/Fields.h"
#include "core/data/Split.h"
#include "core/figures/FigureCsv.h"
#include "core/storage/RunFolder.h"
#include "tests/ui/WindowFixture.h"
#include "ui/common/MessageBar.h"
#include "ui/common/PanelHeader.h"
#include "ui/features/FoldsFeature.h"
#include "ui/runs/RunsPanel.h"
#include "ui/settings/CrossValidateDialog.h"
#include "ui/training/FoldsView.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>

#include <nlohmann/json.hpp>

namespace latentoscope::ui {
namespace {

EpochMetrics heldOut(int epoch, double mse)
{
    return {epoch, {{"validation", "mse", mse}, {"validation", "reconstruction_accuracy", 100 * (1 - mse)}}};
}

/// Of three folds one is done, one is under way and one waits.
CrossValidationState someState()
{
    CrossValidationState state;
    state.state = RunState::Running;
    state.folds.resize(3);
    for (int i = 0; i < 3; ++i) state.folds[static_cast<std::size_t>(i)].fold = i + 1;
    FoldState& done = state.folds[0];
    done.stage = FoldState::Stage::Done;
    done.epochs = {heldOut(1, 0.2), heldOut(2, 0.1)};
    done.score = {1, 40, 20, {{"mse", 0.1}, {"reconstruction_accuracy", 90}}};
    state.folds[1].stage = FoldState::Stage::Training;
    state.folds[1].fraction = 0.5;
    state.folds[1].epochs = {heldOut(1, 0.4)};
    state.secondsLeft = 65;
    return state;
}

class FoldsWindow : public WindowTest {
protected:
    FoldsController& begin(MainWindow& window, int folds, int epochs)
    {
        setTiny(window, epochs);
        window.folds().crossValidate({folds});
        EXPECT_TRUE(window.folds().controller().running()) << window.messages().text().toStdString();
        return window.folds().controller();
    }
    void waitFor(FoldsController& folds)
    {
        EXPECT_TRUE(QTest::qWaitFor([&] { return !folds.running(); }, kPatienceMs));
        EXPECT_TRUE(QTest::qWaitFor([&] { return m_window->isSettled(); }, kPatienceMs));
    }
};

} // namespace

TEST(FoldsView, ShowsTheMeanAndEveryFoldAsItStands)
{
    FoldsView view;
    EXPECT_FALSE(view.hasFigure());
    view.begin(Configuration(), {8, 8, 1});
    view.setState(someState());
    const FoldsModel& model = view.model();
    ASSERT_EQ(model.rowCount(), 4);
    ASSERT_EQ(model.columnCount(), FoldsModel::FirstFigure + 2);
    const auto words = [&](int row, int column) { return model.data(model.index(row, column), Qt::DisplayRole).toString(); };
    EXPECT_EQ(words(0, FoldsModel::Fold), QStringLiteral("Mean"));
    EXPECT_EQ(words(0, FoldsModel::Stage), QStringLiteral("1 of 3"));
    EXPECT_EQ(words(0, FoldsModel::FirstFigure), QStringLiteral("0.1 ± 0"));
    EXPECT_EQ(words(1, FoldsModel::Stage), QStringLiteral("done"));
    EXPECT_EQ(words(1, FoldsModel::FirstFigure + 1), QStringLiteral("90"));
    EXPECT_EQ(words(2, FoldsModel::Stage), QStringLiteral("50 %"));
    EXPECT_EQ(words(2, FoldsModel::FirstFigure), QStringLiteral("0.4")) << "what its last epoch gave";
    EXPECT_EQ(words(3, FoldsModel::Stage), QStringLiteral("waiting"));
    EXPECT_EQ(words(3, FoldsModel::FirstFigure), QString());
    EXPECT_EQ(model.headerData(FoldsModel::FirstFigure, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("MSE"));
    EXPECT_EQ(model.headerData(FoldsModel::FirstFigure + 1, Qt::Horizontal, Qt::DisplayRole).toString(),
              QStringLiteral("Accuracy"));
    EXPECT_EQ(model.headerData(FoldsModel::FirstFigure + 1, Qt::Horizontal, Qt::ToolTipRole).toString(),
              QStringLiteral("Reconstruction accuracy"));
    EXPECT_EQ(model.data(model.index(1, FoldsModel::Curve), FoldsModel::CurveRole).value<QList<double>>(),
              (QList<double>{0.2, 0.1}));
    EXPECT_EQ(view.header().subtitle(), QStringLiteral("MSE 0.1 ± 0 · 1 of 3 done · 1 min 05 s left"));
    const auto figure = std::get<CurvesFigure>(view.curves());
    ASSERT_EQ(figure.curves.size(), 3U) << "two folds that have begun, and their mean";
    EXPECT_EQ(figure.curves.back().name, "mean");
    EXPECT_NEAR(figure.curves.back().y.front(), 0.3, 1e-12);
    view.clear();
    EXPECT_FALSE(view.hasFigure());
}

TEST(FoldsView, OnlyAFoldThatIsDoneCanBeOpened)
{
    FoldsView view;
    view.begin(Configuration(), {8, 8, 1});
    view.setState(someState());
    const QSignalSpy chosen(&view, &FoldsView::foldChosen);
    for (int row = 0; row < 4; ++row) Q_EMIT view.table().activated(view.model().index(row, 0));
    ASSERT_EQ(chosen.size(), 1);
    EXPECT_EQ(chosen.front().front().toInt(), 1);
    const auto* going = view.header().findChild<QToolButton*>(QStringLiteral("continueFolds"));
    EXPECT_TRUE(going->isHidden());
    CrossValidationState stopped = someState();
    stopped.state = RunState::Stopped;
    view.setState(stopped);
    EXPECT_FALSE(going->isHidden());
}

TEST_F(FoldsWindow, AreTrainedListedAndOpenedAsRuns)
{
    MainWindow& window = open();
    FoldsController& folds = begin(window, 3, 2);
    EXPECT_FALSE(window.actions().train->isEnabled());
    EXPECT_TRUE(window.actions().stop->isEnabled());
    waitFor(folds);
    ASSERT_EQ(folds.state().state, RunState::Finished);
    EXPECT_TRUE(window.actions().train->isEnabled());
    EXPECT_FALSE(window.actions().stop->isEnabled());
    EXPECT_TRUE(std::filesystem::exists(m_folder / "runs" / "tiny-folds" / "figures" / "folds.svg"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.isSettled(); }, kPatienceMs));
    ASSERT_EQ(window.runs().count(), 1);
    const QListWidgetItem* item = window.runs().list().item(0);
    EXPECT_FALSE(item->data(Qt::CheckStateRole).isValid()) << "there is no one curve to compare";
    EXPECT_TRUE(item->toolTip().contains(QStringLiteral("3 of 3 folds"))) << item->toolTip().toStdString();

    Q_EMIT window.folds().view().table().activated(window.folds().view().model().index(2, 0));
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.controller().hasRun() && window.isSettled(); }, kPatienceMs));
    EXPECT_EQ(window.controller().run().folder.filename(), "fold-02");
    EXPECT_EQ(window.controller().run().items.split, "validation");
    const DividedData divided = divide(window.controller().data(), window.controller().run().configuration.data);
    EXPECT_EQ(window.controller().run().items.items, divided.split->validation) << "what the fold held out, and nothing else";
}

TEST_F(FoldsWindow, StoppedOnesAreContinuedFromDisk)
{
    MainWindow& window = open();
    FoldsController& folds = begin(window, 4, 400);
    EXPECT_TRUE(QTest::qWaitFor([&] { return !folds.state().scores().empty(); }, kPatienceMs));
    window.actions().stop->trigger();
    waitFor(folds);
    ASSERT_EQ(folds.state().state, RunState::Stopped);
    const std::size_t kept = folds.state().scores().size();
    ASSERT_GE(kept, 1U);
    const std::filesystem::path folder = folds.folder();

    MainWindow& again = open(); // as if the program had been started anew
    again.openPath(folder);
    EXPECT_TRUE(QTest::qWaitFor([&] { return again.isSettled() && again.folds().controller().has(); }, kPatienceMs));
    EXPECT_EQ(again.folds().controller().state().scores().size(), kept);
    auto* going = again.findChild<QToolButton*>(QStringLiteral("continueFolds"));
    ASSERT_FALSE(going->isHidden());
    going->click();
    ASSERT_TRUE(again.folds().controller().running()) << again.messages().text().toStdString();
    waitFor(again.folds().controller());
    EXPECT_EQ(again.folds().controller().state().state, RunState::Finished);
    EXPECT_TRUE(again.folds().controller().state().folds.front().fromBefore);
    EXPECT_TRUE(going->isHidden());
}

TEST_F(FoldsWindow, StoppedOnesAreContinuedAtOnceAndFlatteringFiguresAreSaidToBe)
{
    MainWindow& window = open();
    Configuration configuration = tiny(400);
    configuration.training.keep = KeptWeights::Best;
    window.controls().setConfiguration({"tiny", {}, configuration}, configuration);
    window.folds().crossValidate({3});
    ASSERT_TRUE(window.folds().controller().running());
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.messages().isShown(); }, kPatienceMs));
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("the figures flatter")))
        << window.messages().text().toStdString();
    window.actions().stop->trigger();
    waitFor(window.folds().controller());
    ASSERT_EQ(window.folds().controller().state().state, RunState::Stopped);
    window.findChild<QToolButton*>(QStringLiteral("continueFolds"))->click();
    EXPECT_TRUE(window.folds().controller().running()) << window.messages().text().toStdString();
    window.actions().stop->trigger();
    waitFor(window.folds().controller());
}

TEST_F(FoldsWindow, AClassifiersEncoderIsTrainedInEachFoldWhereThatIsChosen)
{
    MainWindow& window = open();
    const std::filesystem::path encoder = m_folder / "encoder.json";
    Configuration first = tiny(1);
    first.model.latent = 3;
    writeFileAtomically(encoder, toJson(first).dump());
    Configuration configuration = tiny(1);
    configuration.model.kind = "classifier";
    configuration.model.head = {6};
    window.controls().setConfiguration({"classes", {}, configuration}, configuration);
    window.folds().crossValidate({2, {}, encoder.string()});
    ASSERT_TRUE(window.folds().controller().running()) << window.messages().text().toStdString();
    waitFor(window.folds().controller());
    ASSERT_EQ(window.folds().controller().state().state, RunState::Finished);
    const std::filesystem::path folder = m_request.runsFolder / "classes-folds";
    EXPECT_TRUE(std::filesystem::exists(folder / "encoder-01" / "model.safetensors"));
    EXPECT_EQ(readRun(foldFolder(folder, 1, 2)).configuration.model.latent, 3) << "the encoder's";
    ASSERT_TRUE(window.folds().controller().record().pretraining);
    EXPECT_EQ(window.folds().controller().record().pretraining->model.kind, "autoencoder");
}

TEST(CrossValidateDialog, AsksOfAnEncoderOnlyWhereThereIsOne)
{
    const CrossValidateDialog plain({}, {7}, nullptr);
    EXPECT_EQ(plain.request().folds, 7);
    EXPECT_EQ(plain.findChild<QComboBox*>(QStringLiteral("foldsEncoder")), nullptr);

    CrossValidateDialog dialog({true, "/runs/ae", {"report-autoencoder", "report-vae"}}, {10}, nullptr);
    auto* encoder = dialog.findChild<QComboBox*>(QStringLiteral("foldsEncoder"));
    ASSERT_NE(encoder, nullptr);
    ASSERT_EQ(encoder->count(), 4);
    EXPECT_EQ(dialog.request().encoder, "/runs/ae") << "what Train would begin with";
    const auto words = [&] { return dialog.findChild<QLabel*>(QStringLiteral("foldsWords"))->text(); };
    EXPECT_TRUE(words().contains(QStringLiteral("has seen the images that the folds hold out")));
    encoder->setCurrentIndex(3);
    EXPECT_EQ(dialog.request().pretraining, "report-vae");
    EXPECT_TRUE(dialog.request().encoder.empty());
    EXPECT_TRUE(words().contains(QStringLiteral("nothing has seen what is held out")));
    encoder->setCurrentIndex(0);
    EXPECT_TRUE(dialog.request().pretraining.empty());
    EXPECT_TRUE(dialog.request().encoder.empty());
    // What was chosen before is chosen again.
    const CrossValidateDialog again({true, {}, {"report-autoencoder", "report-vae"}}, {10, {}, "report-vae"}, nullptr);
    EXPECT_EQ(again.request().pretraining, "report-vae");
    QSignalSpy copied(&dialog, &CrossValidateDialog::copyRequested);
    dialog.findChild<QPushButton*>(QStringLiteral("copyFoldsCommand"))->click();
    EXPECT_EQ(copied.size(), 1);
}

TEST_F(FoldsWindow, ADamagedFolderSaysWhatIsWrong)
{
    MainWindow& window = open();
    std::filesystem::create_directories(m_folder / "runs" / "bad");
    writeFileAtomically(m_folder / "runs" / "bad" / "cross-validation.json", "{}");
    readRunsAgain(window);
    ASSERT_EQ(window.runs().count(), 1);
    window.openPath(m_folder / "runs" / "bad");
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.isSettled(); }, kPatienceMs));
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("cross-validation.json")))
        << window.messages().text().toStdString();
    EXPECT_FALSE(window.folds().controller().has());
    window.folds().crossValidate({100'000}); // more folds than there are images
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.isSettled(); }, kPatienceMs));
    EXPECT_FALSE(window.folds().controller().running());
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("the number of training images")));
    EXPECT_FALSE(std::filesystem::exists(m_folder / "runs" / "autoencoder-folds"));
    EXPECT_EQ(window.runs().count(), 1);
}

} // namespace latentoscope::ui
