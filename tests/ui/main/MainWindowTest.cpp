#include "core/data/DataSet.h"
#include "tests/ui/WindowFixture.h"

#include "core/base/AtomicFile.h"
#include "core/config/Fields.h"
#include "core/models/FrozenModel.h"
#include "core/training/Snapshot.h"
#include "ui/common/MessageBar.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"
#include "ui/latent/ProbePresenter.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ScatterView.h"
#include "ui/main/CommandBar.h"
#include "ui/main/EpochBar.h"
#include "ui/runs/RunsPanel.h"
#include "ui/settings/ControlPanel.h"
#include "ui/training/LossView.h"
#include "ui/training/ReconstructionsCanvas.h"
#include "ui/training/ReconstructionsView.h"

#include <QAbstractButton>
#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QDockWidget>
#include <QDropEvent>
#include <QImage>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QSlider>
#include <QTimer>
#include <QToolButton>
#include <QUrl>

#include <nlohmann/json.hpp>

#include <sys/stat.h>

namespace latentoscope::ui {

namespace {

void drop(MainWindow& window, const std::filesystem::path& path)
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QString::fromStdString(path.string()))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent event(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &event);
}

int points(const MainWindow& window) { return window.scatter().scene().empty() ? 0 : window.scatter().scene().codes()->count(); }

TEST_F(WindowTest, TheLossIsHeldAgainstWhatSimpleMethodsReach)
{
    MainWindow& window = open();
    trainToTheEnd(window, 2);
    const auto figure = std::get<CurvesFigure>(window.loss().figure());
    ASSERT_EQ(figure.lines.size(), 2U);
    EXPECT_EQ(figure.lines[1].label, "PCA-2");
    const QString words = window.loss().header().subtitle();
    EXPECT_TRUE(words.contains(QStringLiteral("below PCA-2")) || words.contains(QStringLiteral("above PCA-2")))
        << words.toStdString();
    Configuration configuration = tiny(1);
    configuration.model.kind = "classifier";
    window.controls().setConfiguration({"classes", {}, configuration}, configuration);
    window.train();
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.controller().state() == RunState::Finished; }, kPatienceMs));
    const auto lines = std::get<CurvesFigure>(window.loss().figure()).lines;
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].label, "chance");
}

TEST_F(WindowTest, EveryIconOfTheStyleCanBeReadHere)
{
    // The reader of SVG is a plug-in, on some systems in a package of its own; without it boxes have no arrows and no ticks.
    int icons = 0;
    for (const QFileInfo& file : QDir(QStringLiteral(":/latentoscope")).entryInfoList({QStringLiteral("*.svg")}, QDir::Files)) {
        EXPECT_FALSE(QImage(file.filePath()).isNull()) << file.filePath().toStdString();
        ++icons;
    }
    EXPECT_GE(icons, 6);
}

TEST_F(WindowTest, StartsNothingByItselfAndOffersTrain)
{
    MainWindow& window = open();
    EXPECT_FALSE(window.controller().training());
    EXPECT_TRUE(window.actions().train->isEnabled())
        << window.messages().text().toStdString() << window.controls().error().toStdString();
    EXPECT_FALSE(window.actions().pause->isEnabled());
    EXPECT_FALSE(window.actions().stop->isEnabled());
    EXPECT_EQ(window.runs().count(), 0);
    EXPECT_EQ(window.windowTitle(), QStringLiteral("Latentoscope"));
    EXPECT_FALSE(std::filesystem::exists(m_request.runsFolder));
}

TEST_F(WindowTest, TrainingRunsToTheEndIsListedAndShownInEveryView)
{
    MainWindow& window = open();
    trainToTheEnd(window, 3);
    EXPECT_EQ(window.runs().count(), 1);
    EXPECT_EQ(points(window), 40); // a fifth of 200 held out
    EXPECT_TRUE(window.loss().hasFigure());
    EXPECT_TRUE(window.reconstructions().hasFigure());
    EXPECT_EQ(window.windowTitle(), QStringLiteral("tiny – Latentoscope"));
    const std::filesystem::path run = m_request.runsFolder / "tiny";
    for (const char* file : {"config.json", "metrics.csv", "model.safetensors", "figures/thumbnail.png", "figures/loss.pdf",
                             "figures/latent.svg", "figures/reconstructions.png", "figures/latent.csv"})
        EXPECT_TRUE(std::filesystem::exists(run / file)) << file;
    EXPECT_TRUE(window.actions().train->isEnabled());
    EXPECT_TRUE(window.actions().further->isEnabled());
}

TEST_F(WindowTest, ButtonsFitTheStateThroughPauseResumeAndStop)
{
    MainWindow& window = open();
    setTiny(window, 10'000);
    const WindowActions& actions = window.actions();
    QTest::mouseClick(window.commandBar().findChild<QAbstractButton*>(QStringLiteral("trainButton")), Qt::LeftButton);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.controller().state() == RunState::Running; }, kPatienceMs));
    EXPECT_FALSE(actions.train->isEnabled());
    EXPECT_TRUE(actions.pause->isEnabled());
    EXPECT_TRUE(actions.stop->isEnabled());

    actions.pause->trigger();
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.controller().state() == RunState::Paused; }, kPatienceMs));
    EXPECT_EQ(actions.pause->text(), QStringLiteral("Resume"));
    EXPECT_FALSE(actions.train->isEnabled());
    actions.pause->trigger();
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.controller().state() == RunState::Running; }, kPatienceMs));

    actions.stop->trigger();
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.controller().state() == RunState::Stopped; }, kPatienceMs));
    EXPECT_TRUE(actions.train->isEnabled());
    EXPECT_FALSE(actions.pause->isEnabled());
    EXPECT_FALSE(actions.stop->isEnabled());
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.isSettled(); }, kPatienceMs));
}

TEST_F(WindowTest, EpochSliderShowsAnEarlierEpochAndFollowsAgainAtTheEnd)
{
    MainWindow& window = open();
    trainToTheEnd(window, 4);
    Replay& replay = window.controller().replay();
    QSlider& slider = window.commandBar().epochBar().slider();
    EXPECT_EQ(slider.maximum(), 4);
    EXPECT_EQ(window.commandBar().epochBar().text(), QStringLiteral("4 of 4"));
    EXPECT_TRUE(replay.following());
    const auto newest = window.scatter().scene().codes();

    slider.setValue(1);
    EXPECT_FALSE(replay.following());
    EXPECT_EQ(window.commandBar().epochBar().text(), QStringLiteral("1 of 4"));
    EXPECT_DOUBLE_EQ(window.scatter().scene().codes()->epoch, 1);
    EXPECT_EQ(replay.marker(), 1.0);
    EXPECT_NE(replay.model()(), window.controller().bridge()->model());
    EXPECT_TRUE(window.scatter().header().subtitle().contains(QStringLiteral("epoch 1")));
    EXPECT_TRUE(window.reconstructions().header().subtitle().contains(QStringLiteral("epoch 1")));
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.loss().header().subtitle().contains(QStringLiteral("epoch 1, ")); }));

    auto* newestButton = window.commandBar().findChild<QToolButton*>(QStringLiteral("newestEpoch"));
    ASSERT_TRUE(newestButton->isVisible());
    newestButton->click();
    EXPECT_TRUE(replay.following());
    EXPECT_FALSE(newestButton->isVisible());
    EXPECT_FALSE(window.scatter().header().subtitle().contains(QStringLiteral("epoch")));
    slider.setValue(1);
    // A click in the groove goes there, not one step.
    QTest::mouseClick(&slider, Qt::LeftButton, {}, QPoint(slider.width() - 2, slider.height() / 2));
    EXPECT_TRUE(replay.following());
    slider.setValue(1);

    slider.setValue(4);
    EXPECT_TRUE(replay.following());
    EXPECT_EQ(replay.marker(), std::nullopt);
    EXPECT_DOUBLE_EQ(window.scatter().scene().codes()->epoch, 4);
    EXPECT_EQ(window.scatter().scene().codes()->items, newest->items);
}

TEST_F(WindowTest, ClickInTheMapDecodesThatPlaceAndShowsNeighbours)
{
    MainWindow& window = open();
    trainToTheEnd(window, 2);
    int shown = 0;
    QObject::connect(&window.probeLink(), &ProbePresenter::imageShown, &window, [&] { ++shown; });
    const QRect area = window.scatter().plot().axisRect()->rect();
    QTest::mouseClick(&window.scatter().plot(), Qt::LeftButton, Qt::NoModifier, area.center());
    ASSERT_TRUE(QTest::qWaitFor([&] { return shown > 0; }, kPatienceMs));
    EXPECT_TRUE(window.probe().hasFigure());
    EXPECT_EQ(window.probe().code(), window.probeLink().code());
    const auto image = std::get<ImageFigure>(window.probe().figure());
    EXPECT_EQ(image.shape, (ImageShape{8, 8, 1}));
    window.actions().copyCode->trigger();
    EXPECT_EQ(QApplication::clipboard()->text().split(QLatin1Char(',')).size(), 2);
    window.actions().clearProbe->trigger();
    EXPECT_TRUE(window.probeLink().code().empty());
    EXPECT_FALSE(window.probe().hasFigure());
}

TEST_F(WindowTest, DroppedConfigurationSetsThePanel)
{
    MainWindow& window = open();
    const std::filesystem::path file = m_folder / "mine.json";
    writeFileAtomically(file, toJson(tiny(17)).dump());
    drop(window, file);
    EXPECT_EQ(window.controls().request().configuration.training.epochs, 17);
    EXPECT_EQ(window.controls().base().name, "mine");
    window.copyCommand();
    EXPECT_TRUE(QApplication::clipboard()->text().contains(QStringLiteral("--config ") + QString::fromStdString(file.string())));
}

TEST_F(WindowTest, DroppedFileThatIsNoConfigurationIsToldInTheWindow)
{
    MainWindow& window = open();
    const std::filesystem::path file = m_folder / "wrong.json";
    writeFileAtomically(file, "{\"training\": {\"epoch\": 3}}");
    drop(window, file);
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("training.epochs"))) << window.messages().text().toStdString();
}

TEST_F(WindowTest, DroppedRunIsOpenedWithItsCurvesAndCodes)
{
    {
        MainWindow& window = open();
        trainToTheEnd(window, 2);
    }
    MainWindow& window = open();
    EXPECT_EQ(window.runs().count(), 1);
    drop(window, m_request.runsFolder / "tiny");
    ASSERT_TRUE(QTest::qWaitFor([&] { return points(window) > 0; }, kPatienceMs));
    EXPECT_EQ(points(window), 40);
    EXPECT_EQ(window.controller().epochs().size(), 2U);
    EXPECT_EQ(window.windowTitle(), QStringLiteral("tiny – Latentoscope"));
    EXPECT_FALSE(window.messages().isShown()) << window.messages().text().toStdString();
    EXPECT_FALSE(window.actions().further->isEnabled());
}

TEST_F(WindowTest, RunOnOtherDataIsOpenedWithAWarning)
{
    {
        MainWindow& window = open();
        trainToTheEnd(window, 1);
    }
    test::writeIdxFolder(m_folder / "data", *test::smallData({8, 8, 1}, 150, 60), test::Compression::None);
    MainWindow& window = open();
    window.openPath(m_request.runsFolder / "tiny");
    ASSERT_TRUE(QTest::qWaitFor([&] { return points(window) > 0; }, kPatienceMs));
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("other data")));
}

TEST_F(WindowTest, TickedRunsLieOverTheShownOne)
{
    MainWindow& window = open();
    trainToTheEnd(window, 1);
    trainToTheEnd(window, 1);
    ASSERT_EQ(window.runs().count(), 2);
    const auto curves = [&] { return std::get<CurvesFigure>(window.loss().figure()).curves.size(); };
    const std::size_t before = curves();
    for (int row = 0; row < 2; ++row) window.runs().list().item(row)->setCheckState(Qt::Checked);
    EXPECT_FALSE(window.isSettled()) << "they are read beside the interface thread";
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.isSettled(); }, kPatienceMs));
    EXPECT_GT(curves(), before);
    for (int row = 0; row < 2; ++row) window.runs().list().item(row)->setCheckState(Qt::Unchecked);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.isSettled(); }, kPatienceMs));
    EXPECT_EQ(curves(), before);
}

TEST_F(WindowTest, AStartThatFailsChangesNothingOfWhatIsShown)
{
    MainWindow& window = open();
    trainToTheEnd(window, 2);
    const std::filesystem::path folder = window.controller().run().folder;
    test::writeBytes(m_folder / "file", "");
    window.controller().setRunsFolder(m_folder.path() / "file"); // no folder can be made in a file
    window.train();
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.messages().isShown(); }, kPatienceMs));
    EXPECT_EQ(window.controller().run().folder, folder);
    ASSERT_TRUE(window.controller().replay().model()());

    int shown = 0;
    QObject::connect(&window.probeLink(), &ProbePresenter::imageShown, &window, [&] { ++shown; });
    const QRect area = window.scatter().plot().axisRect()->rect();
    std::vector<std::vector<std::uint8_t>> pictures;
    for (const QPoint place : {area.center(), area.center() + QPoint(60, 40)}) {
        const int before = shown;
        QTest::mouseClick(&window.scatter().plot(), Qt::LeftButton, Qt::NoModifier, place);
        ASSERT_TRUE(QTest::qWaitFor([&] { return shown > before; }, kPatienceMs));
        pictures.push_back(std::get<ImageFigure>(window.probe().figure()).pixels);
        EXPECT_EQ(pictures.back(), toBytes(window.controller().replay().model()()->decode(window.probe().code())));
    }
    EXPECT_NE(pictures[0], pictures[1]);
    EXPECT_TRUE(window.controller().canGoOn());
}

TEST_F(WindowTest, CommandsActOnThePanelLastClicked)
{
    MainWindow& window = open();
    trainToTheEnd(window, 1);
    const auto exported = [&] {
        QString title;
        QTimer::singleShot(0, &window, [&] {
            auto* dialog = QApplication::activeModalWidget();
            if (dialog == nullptr) return;
            title = dialog->windowTitle();
            dialog->close();
        });
        window.actions().exportView->trigger();
        return title;
    };
    QTest::mouseClick(&window.loss().plot(), Qt::LeftButton);
    EXPECT_EQ(exported(), QStringLiteral("Export figure: Loss"));
    EXPECT_EQ(window.loss().exportName(),
              QString::fromStdString(window.controller().run().folder.filename().string()) + QStringLiteral("-loss"));
    auto* canvas = window.findChild<ReconstructionsCanvas*>();
    ASSERT_NE(canvas, nullptr);
    QTest::mouseClick(canvas, Qt::LeftButton, Qt::NoModifier, QPoint(10, 10));
    EXPECT_EQ(exported(), QStringLiteral("Export figure: Reconstructions"));
    QTest::mouseClick(&window.scatter().header(), Qt::LeftButton);
    EXPECT_EQ(exported(), QStringLiteral("Export figure: Latent space"));
}

TEST_F(WindowTest, AnOpenedRunsSettingsAreShownAndCanBeTakenBack)
{
    std::filesystem::path folder;
    {
        MainWindow& window = open();
        trainToTheEnd(window, 3);
        folder = window.controller().run().folder;
        m_window.reset();
    }
    MainWindow& window = open();
    auto* latent = window.controls().findChild<QLineEdit*>(QStringLiteral("model.latent"));
    latent->selectAll();
    QTest::keyClicks(latent, QStringLiteral("7"));
    const std::string before = window.controls().base().name;
    window.openPath(folder);
    ASSERT_TRUE(QTest::qWaitFor([&] { return points(window) > 0; }, kPatienceMs));
    EXPECT_EQ(window.controls().request().configuration.training.epochs, 3);
    EXPECT_EQ(window.controls().request().configuration.model.latent, 2);
    EXPECT_EQ(window.controls().base().name, folder.filename().string());
    EXPECT_FALSE(window.controls().isChanged());
    const auto buttons = window.messages().findChildren<QAbstractButton*>(QStringLiteral("messageAction"));
    ASSERT_EQ(buttons.size(), 1);
    buttons.front()->click();
    EXPECT_EQ(window.controls().request().configuration.model.latent, 7);
    EXPECT_EQ(window.controls().base().name, before);
}

TEST_F(WindowTest, MissingDataSetIsToldWithButtons)
{
    m_request.dataFolder = m_folder / "nothing";
    MainWindow& window = open();
    EXPECT_TRUE(window.messages().isShown());
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("dataset-fashion-mnist")))
        << window.messages().text().toStdString();
    EXPECT_EQ(window.messages().findChildren<QAbstractButton*>(QStringLiteral("messageAction")).size(), 3);
    EXPECT_FALSE(window.actions().train->isEnabled());
}

TEST_F(WindowTest, WrongSettingKeepsTrainFromBeingPressed)
{
    MainWindow& window = open();
    setTiny(window, 2);
    EXPECT_TRUE(window.actions().train->isEnabled());
    auto* epochs = window.controls().findChild<QLineEdit*>(QStringLiteral("training.epochs"));
    epochs->selectAll();
    QTest::keyClicks(epochs, QStringLiteral("-1"));
    EXPECT_FALSE(window.actions().train->isEnabled());
    EXPECT_TRUE(window.actions().train->toolTip().contains(QStringLiteral("Epochs")));
}

TEST_F(WindowTest, LayoutIsResetToItsFirstArrangement)
{
    MainWindow& window = open();
    QDockWidget* runs = window.findChild<QDockWidget*>(QStringLiteral("runsDock"));
    QDockWidget* probe = window.findChild<QDockWidget*>(QStringLiteral("probeDock"));
    const QRect before = probe->geometry();
    runs->hide();
    probe->setFloating(true);
    window.actions().resetLayout->trigger();
    EXPECT_TRUE(runs->isVisible());
    EXPECT_FALSE(probe->isFloating());
    EXPECT_TRUE(QTest::qWaitFor([&] { return probe->geometry().x() == before.x(); }, kPatienceMs));
}

TEST_F(WindowTest, LayoutIsRememberedBetweenWindows)
{
    {
        MainWindow& window = open();
        window.findChild<QDockWidget*>(QStringLiteral("runsDock"))->hide();
        window.close();
    }
    MainWindow& again = open();
    EXPECT_FALSE(again.findChild<QDockWidget*>(QStringLiteral("runsDock"))->isVisible());
    again.actions().resetLayout->trigger();
    again.close();
}

TEST_F(WindowTest, EveryControlHasNamesForToolsAndReaders)
{
    MainWindow& window = open();
    for (const QAbstractButton* button : window.findChildren<QAbstractButton*>()) {
        if (!button->isVisible() || button->objectName().startsWith(QStringLiteral("qt_"))) continue;
        EXPECT_FALSE(button->text().isEmpty() && button->accessibleName().isEmpty()) << button->objectName().toStdString();
    }
    for (const QAction* action : window.actions().all()) {
        EXPECT_FALSE(action->objectName().isEmpty());
        EXPECT_FALSE(action->toolTip().isEmpty()) << action->text().toStdString();
    }
}

} // namespace
TEST_F(WindowTest, WhatIsOpenedIsKnownByWhatLiesInIt)
{
    MainWindow& window = open();
    // A folder with a data set is used, a picture and a pipe are a sentence, and that is gone once something is opened.
    std::filesystem::create_directories(m_folder / "other");
    test::writeIdxFolder(m_folder / "other", *test::smallData({8, 8, 1}, 30, 10), test::Compression::None);
    window.openPath(m_folder / "other");
    EXPECT_TRUE(QTest::qWaitFor([&] { return !window.controller().loadingData(); }, kPatienceMs));
    EXPECT_EQ(window.controller().data()->train.count(), 30);
    writeFileAtomically(m_folder / "picture.png", std::string("\x89PNG\r\n\x1a\n\0\0", 10));
    window.openPath(m_folder / "picture.png");
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("holds no settings"))) << window.messages().text().toStdString();
    ASSERT_EQ(mkfifo((m_folder / "pipe").c_str(), 0600), 0);
    window.openPath(m_folder / "pipe"); // is not waited for
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("no file that can be read")))
        << window.messages().text().toStdString();
    writeFileAtomically(m_folder / "mine.json", toJson(tiny(3)).dump());
    window.openPath(m_folder / "mine.json");
    EXPECT_EQ(window.messages().text(), QString());
}

TEST_F(WindowTest, AClickOnAReconstructionProbesItsItem)
{
    MainWindow& window = open();
    trainToTheEnd(window, 2);
    const auto shown = std::get<ReconstructionsFigure>(window.reconstructions().figure());
    const int item = shown.reconstructions->items.front();
    Q_EMIT window.reconstructions().itemChosen(item);
    EXPECT_FALSE(window.probe().code().empty());
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.probe().header().subtitle().contains(QString::number(item)); }, kPatienceMs))
        << window.probe().header().subtitle().toStdString();
}

TEST_F(WindowTest, ExportsOfAllFiguresCarryTheRunsNameAndAskBeforeTheyWriteOverOthers)
{
    MainWindow& window = open();
    trainToTheEnd(window, 2);
    const std::string run = window.controller().run().folder.filename().string();
    const std::filesystem::path folder = m_folder / "figures";
    std::filesystem::create_directories(folder);
    window.exportAllInto(folder);
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.isSettled(); }, kPatienceMs));
    for (const char* name : {"-loss.png", "-latent-space.csv", "-reconstructions.pdf"})
        EXPECT_TRUE(std::filesystem::exists(folder / (run + name))) << name;
    writeFileAtomically(folder / (run + "-loss.csv"), "mine");
    window.exportAllInto(folder);
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.isSettled(); }, kPatienceMs));
    EXPECT_EQ(readFile(folder / (run + "-loss.csv")), "mine");
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("files are in"))) << window.messages().text().toStdString();
    for (QAbstractButton* button : window.messages().findChildren<QAbstractButton*>())
        if (button->text() == QStringLiteral("Replace them")) button->click();
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.isSettled(); }, kPatienceMs));
    EXPECT_NE(readFile(folder / (run + "-loss.csv")), "mine");
    EXPECT_NE(readFile(folder / (run + "-loss.svg")).find(run), std::string::npos) << "the picture says whose it is";
}

} // namespace latentoscope::ui
