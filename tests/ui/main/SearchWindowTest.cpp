// The search's workspace: what is searched, the study as it grows, trials chosen, opened and trained again.
#include "core/config/Fields.h"
#include "core/studies/JournalLocation.h"
#include "core/studies/StudyStorage.h"
#include "tests/ui/WindowFixture.h"
#include "ui/common/MessageBar.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"
#include "ui/features/SearchFeature.h"
#include "ui/runs/StatusLine.h"
#include "ui/search/ChartView.h"
#include "ui/search/ImportanceView.h"
#include "ui/search/SearchPanel.h"
#include "ui/search/StudyViews.h"
#include "ui/search/TrialCard.h"
#include "ui/search/TrialsView.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTableWidget>

#include <nlohmann/json.hpp>

namespace latentoscope::ui {
namespace {

class SearchWindow : public WindowTest {
protected:
    static SearchPlan plan(int epochs)
    {
        SearchPlan plan = searchPresetOrFile("report-search");
        plan.configuration = tiny(epochs);
        plan.name = "small";
        return plan;
    }
    /// Searches to the end.
    void search(MainWindow& window, int trials, int epochs = 2)
    {
        SearchPanel& panel = window.search().panel();
        panel.setPlan(plan(epochs));
        panel.findChild<QSpinBox*>(QStringLiteral("searchTrials"))->setValue(trials);
        panel.findChild<QSpinBox*>(QStringLiteral("searchWorkers"))->setValue(2);
        ASSERT_TRUE(panel.startButton().isEnabled()) << panel.error().toStdString();
        panel.startButton().click();
        ASSERT_TRUE(window.search().study().running()) << window.messages().text().toStdString();
    }
    void waitForEnd(MainWindow& window)
    {
        EXPECT_TRUE(QTest::qWaitFor([&] { return !window.search().study().running(); }, kPatienceMs));
    }
    static QTableWidgetItem* cell(const SearchPanel& panel, const QString& field, int column)
    {
        for (int row = 0; row < panel.space().rowCount(); ++row) {
            if (panel.space().item(row, 0)->text().section(QStringLiteral(" · "), 0, 0) == field)
                return panel.space().item(row, column);
        }
        return nullptr;
    }
};

QDockWidget* dock(const MainWindow& window, const char* name) { return window.findChild<QDockWidget*>(QLatin1String(name)); }

} // namespace

TEST_F(SearchWindow, EachWorkspaceHasPanelsOfItsOwnAndRemembersThem)
{
    MainWindow& window = open();
    EXPECT_TRUE(dock(window, "mapDock")->isVisible());
    EXPECT_FALSE(dock(window, "historyDock")->isVisible());
    window.actions().workspaceSearch->trigger();
    EXPECT_FALSE(dock(window, "mapDock")->isVisible());
    EXPECT_TRUE(dock(window, "historyDock")->isVisible());
    EXPECT_TRUE(dock(window, "searchDock")->isVisible());
    EXPECT_TRUE(window.actions().workspaceSearch->isChecked());
    EXPECT_FALSE(dock(window, "mapDock")->toggleViewAction()->isVisible()) << "the menu has the workspace's panels alone";
    dock(window, "parallelDock")->close();
    window.actions().workspaceTrain->trigger();
    EXPECT_TRUE(dock(window, "mapDock")->isVisible());
    EXPECT_FALSE(dock(window, "trialsDock")->isVisible());
    window.actions().workspaceSearch->trigger();
    EXPECT_FALSE(dock(window, "parallelDock")->isVisible()) << "as it was left";
    window.resetLayout();
    EXPECT_TRUE(dock(window, "parallelDock")->isVisible());
    dock(window, "parallelDock")->close();
    window.close();
    m_window.reset();
    MainWindow& again = open();
    EXPECT_TRUE(dock(again, "historyDock")->isVisible() != dock(again, "mapDock")->isVisible());
    again.actions().workspaceSearch->trigger();
    EXPECT_FALSE(dock(again, "parallelDock")->isVisible());
}

TEST_F(SearchWindow, SearchesAndShowsEveryTrial)
{
    MainWindow& window = open();
    window.showWorkspace(DockLayout::Workspace::Search);
    search(window, 8);
    EXPECT_FALSE(window.actions().train->isEnabled()) << "the cores are taken";
    EXPECT_TRUE(window.actions().stop->isEnabled());
    waitForEnd(window);
    EXPECT_TRUE(window.statusLine().words().startsWith(QStringLiteral("Search done after 8 trials")))
        << window.statusLine().words().toStdString();
    EXPECT_TRUE(window.actions().train->isEnabled());
    StudyViews& views = window.search().views();
    EXPECT_EQ(views.trials->table().model()->rowCount(), 8);
    for (const ChartView* view : {views.history, views.slice, views.parallel, views.timeline, views.intermediate}) {
        EXPECT_TRUE(view->hasFigure()) << view->objectName().toStdString();
    }
    EXPECT_FALSE(views.pareto->hasFigure()) << "there is one objective";
    const std::string storage = (m_folder / "runs" / "small" / "study.log").string();
    EXPECT_EQ(StudyStorage(openJournal(storage, MissingJournal::Refuse)).study("small").trials.size(), 8U);
    // A trial is chosen everywhere, with its pictures.
    const int best = bestNumbers(*window.search().study().view()).front();
    views.setChosen({best});
    EXPECT_TRUE(QTest::qWaitFor([&] { return !std::holds_alternative<std::monostate>(views.card->figure()); }, kPatienceMs));
    EXPECT_EQ(views.trials->table().selectionModel()->selectedRows().size(), 1);
    EXPECT_TRUE(views.card->findChild<QLabel*>(QStringLiteral("trialWords"))->text().contains(QStringLiteral("learning rate")));
    views.card->findChild<QPushButton*>(QStringLiteral("trialTrain"))->click();
    const Configuration taken = window.controls().request().configuration;
    const Trial& trial = window.search().study().view()->trials[static_cast<std::size_t>(best)];
    EXPECT_EQ(taken.training.learningRate, trial.parameters.at("training.learning_rate").internal);
    EXPECT_TRUE(dock(window, "mapDock")->isVisible()) << "ready to train";
    window.showWorkspace(DockLayout::Workspace::Search);
    views.card->findChild<QPushButton*>(QStringLiteral("trialOpen"))->click();
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.controller().hasRun() && !window.controller().openingRun(); }, kPatienceMs));
    EXPECT_EQ(window.controller().run().folder.filename(), "trial-" + std::to_string(best));
}

TEST_F(SearchWindow, StopEndsTheTrialsAndTheSameStudyGoesOn)
{
    MainWindow& window = open();
    window.showWorkspace(DockLayout::Workspace::Search);
    search(window, 3, 10'000);
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.search().study().state().running.size() == 2; }, kPatienceMs));
    window.search().panel().findChild<QPushButton*>(QStringLiteral("searchStop"))->click();
    waitForEnd(window);
    EXPECT_TRUE(window.statusLine().words().startsWith(QStringLiteral("Search stopped")))
        << window.statusLine().words().toStdString();
    ASSERT_EQ(window.search().study().view()->trials.size(), 4U) << "two ended, two that wait";
    // Of other epochs it is another search: one may go on with the first, or begin another.
    window.search().panel().setPlan(plan(2));
    window.search().panel().startButton().click();
    waitForEnd(window);
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("training.epochs"))) << window.messages().text().toStdString();
    const auto press = [&](const QString& words) {
        for (auto* button : window.messages().findChildren<QAbstractButton*>()) {
            if (button->text() == words) return button->click();
        }
        ADD_FAILURE() << words.toStdString();
    };
    press(QStringLiteral("Go on as it was begun"));
    EXPECT_TRUE(window.search().study().running());
    EXPECT_EQ(window.search().panel().findChild<QSpinBox*>(QStringLiteral("searchEpochs"))->value(), 10'000);
    window.search().study().stop();
    waitForEnd(window);
    window.search().panel().setPlan(plan(2));
    window.search().panel().startButton().click();
    waitForEnd(window);
    press(QStringLiteral("Begin small-2"));
    waitForEnd(window);
    EXPECT_EQ(window.search().study().view()->study.name, "small-2");
}

TEST_F(SearchWindow, SaysWhatIsWrongWithTheSpaceBeforeAnythingBegins)
{
    MainWindow& window = open();
    SearchPanel& panel = window.search().panel();
    panel.setPlan(plan(1));
    const auto refused = [&](const QString& field, int column, const char* text, const char* part) {
        QTableWidgetItem* item = cell(panel, field, column);
        ASSERT_NE(item, nullptr) << field.toStdString();
        const QString before = item->text();
        item->setText(QLatin1String(text));
        EXPECT_FALSE(panel.startButton().isEnabled()) << text;
        EXPECT_TRUE(panel.error().contains(QLatin1String(part))) << panel.error().toStdString();
        item->setText(before);
        EXPECT_TRUE(panel.startButton().isEnabled()) << panel.error().toStdString();
    };
    refused(QStringLiteral("Latent"), 1, "two", "expected a number");
    refused(QStringLiteral("Latent"), 1, "30", "the smaller number first");
    refused(QStringLiteral("Latent"), 1, "0", "model.latent");
    refused(QStringLiteral("Learning rate"), 1, "0", "more than 0");
    refused(QStringLiteral("Optimizer"), 1, "adam, lion", "lion");
    refused(QStringLiteral("Optimizer"), 1, "", "no choice");
    refused(QStringLiteral("Optimizer"), 1, "adam, adam", "adam twice");
    refused(QStringLiteral("Latent"), 1, "2.5", "a whole number");
    // Momentum is searched where the optimizer is SGD, wherever that stands among the choices.
    refused(QStringLiteral("Optimizer"), 1, "adam, rmsprop", "training.momentum");
    const auto momentumWith = [&](const char* choices) {
        cell(panel, QStringLiteral("Optimizer"), 1)->setText(QLatin1String(choices));
        const ConditionalSpace space = panel.request().plan.space;
        const double on = space.conditions.at("training.momentum").at("training.optimizer").at(0);
        return valueText(space.parameters.at("training.optimizer"), on);
    };
    EXPECT_EQ(momentumWith("adam, sgd, rmsprop"), "sgd");
    EXPECT_EQ(momentumWith("sgd, adam"), "sgd");
    EXPECT_EQ(searchPlanOf(toJson(panel.request().plan).dump(), "again").space, panel.request().plan.space);
    // One more field, and one less.
    auto* add = panel.findChild<QComboBox*>(QStringLiteral("searchAdd"));
    const int hidden = add->findText(QStringLiteral("Hidden"));
    ASSERT_GT(hidden, 0);
    add->setCurrentIndex(hidden);
    Q_EMIT add->activated(hidden);
    EXPECT_NE(cell(panel, QStringLiteral("Hidden"), 1), nullptr);
    EXPECT_TRUE(panel.request().plan.space.parameters.contains("model.hidden"));
    panel.findChild<QLineEdit*>(QStringLiteral("searchStudy"))->clear();
    EXPECT_FALSE(panel.startButton().isEnabled());
}

TEST_F(SearchWindow, OpensAStudyOfAnotherProgramAndFollowsIt)
{
    const std::string file = (m_folder / "other.log").string();
    StudyStorage storage(openJournal(file, MissingJournal::Make));
    const int study = storage.openStudy("theirs", {Direction::Minimize, Direction::Maximize});
    const auto add = [&](double x) {
        NewTrial trial;
        trial.parameters["x"] = {std::make_shared<const Distribution>(FloatDistribution{0, 1}), x};
        storage.finish(storage.createTrial(study, trial), TrialState::Complete, {x, x * x});
    };
    for (int i = 0; i < 6; ++i) add(0.1 * i);
    MainWindow& window = open();
    window.openPath(file);
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.search().study().view() != nullptr; }, kPatienceMs))
        << window.messages().text().toStdString();
    EXPECT_TRUE(dock(window, "historyDock")->isVisible()) << "in the search's workspace";
    EXPECT_TRUE(window.search().views().pareto->hasFigure());
    EXPECT_EQ(window.search().views().trials->table().model()->rowCount(), 6);
    add(0.9);
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.search().views().trials->table().model()->rowCount() == 7; }, kPatienceMs));
    // It has no run and no settings of ours: that is said, not tried.
    window.search().views().setChosen({0});
    EXPECT_FALSE(window.search().views().card->findChild<QPushButton*>(QStringLiteral("trialOpen"))->isEnabled());
    window.search().views().card->findChild<QPushButton*>(QStringLiteral("trialTrain"))->click();
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("no plan"))) << window.messages().text().toStdString();
}

TEST_F(SearchWindow, AnOpenedStudysPlanIsTakenAndItsNeighboursAreNamed)
{
    const std::string file = (m_folder / "several.log").string();
    {
        StudyStorage storage(openJournal(file, MissingJournal::Make));
        storage.openStudy("empty", {Direction::Minimize});
        SearchPlan own = plan(7);
        own.objectives = {{"mse", Direction::Minimize}};
        own = completed(own, ImageShape{8, 8, 1});
        const int id = storage.openStudy("ours", {Direction::Minimize});
        storage.setStudyUser(id, kPlanAttribute, toJson(own).dump());
    }
    MainWindow& window = open();
    window.openPath(file);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.search().study().view() != nullptr; }, kPatienceMs));
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("2 studies lie in"))) << window.messages().text().toStdString();
    EXPECT_TRUE(window.search().views().history->header().subtitle().contains(QStringLiteral("several.log")));
    const SearchRequest request = window.search().panel().request();
    EXPECT_EQ(request.study, "ours");
    EXPECT_EQ(request.storage, file) << "Start goes on with it where it lies";
    EXPECT_EQ(request.plan.configuration.training.epochs, 7);
    EXPECT_EQ(request.plan.objectives.front().name, "mse");
}

TEST_F(SearchWindow, AStudyOfAnyNameLiesAmongTheRuns)
{
    MainWindow& window = open();
    window.showWorkspace(DockLayout::Workspace::Search);
    SearchPanel& panel = window.search().panel();
    panel.setPlan(plan(1));
    panel.setStudyName(QStringLiteral("../lab/a"));
    panel.findChild<QSpinBox*>(QStringLiteral("searchTrials"))->setValue(1);
    panel.startButton().click();
    waitForEnd(window);
    EXPECT_TRUE(std::filesystem::exists(m_request.runsFolder / "_.._lab_a" / "study.log"))
        << window.messages().text().toStdString();
    EXPECT_FALSE(std::filesystem::exists(m_folder / "lab"));
    EXPECT_EQ(window.search().study().name(), "../lab/a");
}

TEST_F(SearchWindow, AMessageThatWasShownAtTheEndIsNoEmptyBarAtTheNextStart)
{
    {
        MainWindow& window = open();
        window.messages().show(MessageBar::Kind::Information, QStringLiteral("The settings are those of trial 36."));
        EXPECT_TRUE(window.messages().isVisible());
        window.close();
        m_window.reset();
    }
    MainWindow& again = open();
    EXPECT_FALSE(again.messages().isVisible());
    again.messages().show(MessageBar::Kind::Information, QStringLiteral("Another."));
    again.actions().workspaceSearch->trigger();
    EXPECT_TRUE(again.messages().isVisible()) << "the other workspace's layout says nothing of messages";
}

TEST_F(SearchWindow, BrushAndFilterNarrowTheTable)
{
    const std::string file = (m_folder / "other.log").string();
    StudyStorage storage(openJournal(file, MissingJournal::Make));
    const int study = storage.openStudy("s", {Direction::Minimize});
    for (int i = 0; i <= 10; ++i) {
        NewTrial trial;
        trial.parameters["x"] = {std::make_shared<const Distribution>(FloatDistribution{0, 1}), 0.1 * i};
        storage.finish(storage.createTrial(study, trial), TrialState::Complete, {0.1 * i});
    }
    MainWindow& window = open();
    window.openPath(file);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.search().study().view() != nullptr; }, kPatienceMs));
    StudyViews& views = window.search().views();
    QCustomPlot& plot = views.parallel->plot();
    ASSERT_TRUE(views.parallel->hasFigure());
    window.resetLayout();
    QTest::qWait(400); // docks come to their places by and by
    plot.replot();
    const auto at = [&](double y) { return QPoint(qRound(plot.xAxis->coordToPixel(0)), qRound(plot.yAxis->coordToPixel(y))); };
    QTest::mousePress(&plot, Qt::LeftButton, {}, at(0.25));
    QTest::mouseMove(&plot, at(0.45));
    QMouseEvent move(QEvent::MouseMove, at(0.65), plot.mapToGlobal(at(0.65)), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&plot, &move);
    QTest::mouseRelease(&plot, Qt::LeftButton, {}, at(0.65));
    EXPECT_EQ(views.trials->table().model()->rowCount(), 4) << "0.3, 0.4, 0.5, 0.6";
    // Neither breaks the other: a choice stands within the brush, and Esc gives up one after the other.
    views.setChosen({5});
    EXPECT_EQ(views.trials->table().model()->rowCount(), 4);
    EXPECT_TRUE(views.parallel->isBrushed());
    window.actions().clearProbe->trigger();
    EXPECT_TRUE(views.chosen().empty());
    EXPECT_TRUE(views.parallel->isBrushed());
    window.actions().clearProbe->trigger();
    EXPECT_FALSE(views.parallel->isBrushed());
    EXPECT_EQ(views.trials->table().model()->rowCount(), 11);
    QTest::mousePress(&plot, Qt::LeftButton, {}, at(0.25));
    QApplication::sendEvent(&plot, &move);
    QTest::mouseRelease(&plot, Qt::LeftButton, {}, at(0.65));
    EXPECT_EQ(views.trials->table().model()->rowCount(), 4);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, at(0.4)); // a click on the axis takes the brush away
    EXPECT_EQ(views.trials->table().model()->rowCount(), 11);
    views.trials->header().findChild<QLineEdit*>(QStringLiteral("trialsFilter"))->setText(QStringLiteral("complete 0.7"));
    EXPECT_EQ(views.trials->table().model()->rowCount(), 1);
    const auto shown = std::get<TableFigure>(views.trials->figure());
    EXPECT_EQ(shown.rows.size(), 1U) << "what is exported is what is seen";
    EXPECT_EQ(shown.columns.front(), "trial");
    EXPECT_EQ(views.trials->exportName(), QStringLiteral("s-trials"));
    // Sorted as numbers, not as words.
    views.trials->header().findChild<QLineEdit*>(QStringLiteral("trialsFilter"))->clear();
    views.trials->table().sortByColumn(0, Qt::AscendingOrder);
    EXPECT_EQ(views.trials->table().model()->index(10, 0).data().toInt(), 10);
}

} // namespace latentoscope::ui
