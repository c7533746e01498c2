// What one expects of any window: keys, things found again, and words for what has been done.
#include "tests/ui/WindowFixture.h"

#include "ui/common/MessageBar.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"
#include "ui/latent/ProbePresenter.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ScatterView.h"
#include "ui/main/CommandBar.h"
#include "ui/main/EpochBar.h"
#include "ui/runs/RunDelegate.h"
#include "ui/runs/RunsPanel.h"
#include "ui/runs/StatusLine.h"
#include "ui/settings/ControlPanel.h"
#include "ui/training/LossView.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QImage>
#include <QLineEdit>
#include <QListWidget>
#include <QSlider>

#include <set>

namespace latentoscope::ui {
namespace {

TEST_F(WindowTest, AnOpenedRunStandsAtItsEndAndSaysWhyItCannotBeReplayed)
{
    MainWindow& window = open();
    trainToTheEnd(window, 3);
    const auto run = window.controller().run().folder;
    MainWindow& again = open();
    again.openPath(run);
    ASSERT_TRUE(QTest::qWaitFor([&] { return again.controller().hasRun() && again.isSettled(); }, kPatienceMs));
    const QSlider& slider = again.commandBar().epochBar().slider();
    EXPECT_EQ(slider.value(), slider.maximum());
    EXPECT_FALSE(slider.isEnabled());
    EXPECT_TRUE(slider.toolTip().contains(QStringLiteral("Earlier epochs are not available"))) << slider.toolTip().toStdString();
}

TEST_F(WindowTest, EveryStopOfTheTabKeyIsSeen)
{
    MainWindow& window = open();
    trainToTheEnd(window, 2);
    window.activateWindow();
    QTest::mouseClick(&window.scatter().plot(), Qt::LeftButton, {}, window.scatter().plot().rect().center());
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.probe().hasFigure(); }, kPatienceMs));
    const auto* nearest = window.probe().findChild<QWidget*>(QStringLiteral("nearestItems"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return nearest->focusPolicy() == Qt::TabFocus; }, kPatienceMs));
    std::set<const QWidget*> seen;
    QStringList unseen;
    for (QWidget* widget = window.nextInFocusChain(); seen.insert(widget).second; widget = widget->nextInFocusChain()) {
        if ((widget->focusPolicy() & Qt::TabFocus) == 0 || !widget->isVisible() || !widget->isEnabled() ||
            widget->window() != &window)
            continue;
        if (widget->visibleRegion().isEmpty()) continue; // scrolled away
        window.setFocus(Qt::OtherFocusReason);
        QApplication::processEvents();
        const QImage without = widget->grab().toImage();
        widget->setFocus(Qt::TabFocusReason);
        QApplication::processEvents();
        if (widget->grab().toImage() == without)
            unseen << widget->objectName() + QLatin1Char(' ') + QString::fromLatin1(widget->metaObject()->className());
    }
    EXPECT_GT(seen.size(), 30U);
    EXPECT_TRUE(unseen.isEmpty()) << unseen.join(QStringLiteral(", ")).toStdString();
}

TEST_F(WindowTest, TheTabKeyGoesFromTheMapToItsClasses)
{
    MainWindow& window = open();
    trainToTheEnd(window, 2);
    const QWidget* next = window.scatter().plot().nextInFocusChain();
    for (int i = 0; i < 40 && ((next->focusPolicy() & Qt::TabFocus) == 0 || !next->isVisible()); ++i)
        next = next->nextInFocusChain();
    EXPECT_EQ(next->objectName(), QStringLiteral("classChip0"));
}

TEST_F(WindowTest, ArrowKeysMoveTheProbeAfterTheMeanCodeWasAskedFor)
{
    MainWindow& window = open();
    trainToTheEnd(window, 2);
    window.activateWindow();
    window.actions().probeMean->trigger();
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.scatter().plot().hasFocus(); }));
    const std::vector<float> before = window.probeLink().code();
    QTest::keyClick(&window.scatter().plot(), Qt::Key_Right);
    EXPECT_GT(window.probeLink().code()[0], before[0]);
}

TEST_F(WindowTest, SettingsAreThereAgainTheNextDay)
{
    MainWindow& window = open();
    auto& line = *window.controls().findChild<QLineEdit*>(QStringLiteral("training.epochs"));
    line.selectAll();
    QTest::keyClicks(&line, QStringLiteral("77"));
    window.close();
    MainWindow& again = open();
    EXPECT_EQ(again.controls().request().configuration.training.epochs, 77);
    EXPECT_TRUE(again.controls().isChanged());
    EXPECT_EQ(again.controls().base().name, "autoencoder") << "the one that suits these data";
    again.controls().resetAll();
    again.close();
}

TEST_F(WindowTest, WhatACommandHasDoneIsSaidForAWhile)
{
    MainWindow& window = open();
    trainToTheEnd(window, 2);
    window.loss().copyData();
    EXPECT_EQ(window.statusLine().remarkWords(), QStringLiteral("Copied the data of Loss"));
    EXPECT_EQ(window.statusLine().words(), QStringLiteral("Finished, 2 epochs")) << "which stays";
}

TEST_F(WindowTest, ManyRunsAreFoundByTheirWords)
{
    MainWindow& window = open();
    trainToTheEnd(window, 1);
    const auto run = window.controller().run().folder;
    auto& find = *window.runs().findChild<QLineEdit*>(QStringLiteral("findRun"));
    EXPECT_FALSE(find.isVisible());
    for (int copy = 0; copy < 8; ++copy)
        std::filesystem::copy(run, run.parent_path() / ("other" + std::to_string(copy)),
                              std::filesystem::copy_options::recursive);
    readRunsAgain(window);
    ASSERT_TRUE(find.isVisible());
    find.setText(QStringLiteral("latent other3"));
    EXPECT_EQ(window.runs().header().subtitle(), QStringLiteral("1 of 9"));
    find.clear();
    EXPECT_EQ(window.runs().header().subtitle(), QStringLiteral("9"));
    // A ticked run's mark has the colour of its curve.
    QListWidgetItem* item = window.runs().list().item(0);
    item->setCheckState(Qt::Checked);
    EXPECT_EQ(item->data(RunDelegate::TickColorRole).isValid(), window.runs().ticked().front() != run)
        << "the shown run's is its own";
}

TEST_F(WindowTest, PanelsKeepTheirSizesWhateverCameBetween)
{
    MainWindow& window = open();
    trainToTheEnd(window, 1);
    const auto heights = [](const MainWindow& of) {
        QTest::qWait(50); // the layout settles
        return std::pair(of.scatter().height(), of.loss().height());
    };
    const auto dockOf = [&](const char* name) { return window.findChild<QDockWidget*>(QString::fromLatin1(name)); };
    window.resizeDocks({dockOf("mapDock"), dockOf("lossDock")}, {380, 200}, Qt::Vertical);
    const auto before = heights(window);
    window.showWorkspace(DockLayout::Workspace::Search);
    heights(window);
    window.showWorkspace(DockLayout::Workspace::Train);
    EXPECT_EQ(heights(window), before) << "after Search";
    window.messages().show(MessageBar::Kind::Warning, QStringLiteral("Something to know."));
    EXPECT_NE(heights(window), before) << "which takes room";
    window.messages().dismiss();
    EXPECT_EQ(heights(window), before) << "after a message";
    window.showWorkspace(DockLayout::Workspace::Search);
    window.close();
    const auto again = heights(open());
    EXPECT_NEAR(again.first, before.first, 2) << "in a new window, whose bars have other words";
    EXPECT_NEAR(again.second, before.second, 2);
}

} // namespace
} // namespace latentoscope::ui
