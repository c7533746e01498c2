// Map, probe, data set and encoder belong to the run and the epoch that the window shows.
#include "core/base/FileLock.h"
#include "core/data/DataSet.h"
#include "core/models/FrozenModel.h"
#include "tests/ui/WindowFixture.h"
#include "ui/common/Application.h"
#include "ui/common/MessageBar.h"
#include "ui/common/NumberBox.h"
#include "ui/common/PanelHeader.h"
#include "ui/latent/ProbePresenter.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ProjectionPresenter.h"
#include "ui/latent/ScatterView.h"
#include "ui/runs/RunsPanel.h"
#include "ui/runs/StatusLine.h"
#include "ui/settings/CommandText.h"

#include <QDoubleSpinBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace latentoscope::ui {
namespace {

class RunFollowsWindowTest : public WindowTest {
protected:
    void trainFourDimensions(MainWindow& window, int epochs)
    {
        Configuration configuration = tiny(epochs);
        configuration.model.latent = 4;
        window.controls().setConfiguration({"tiny", {}, configuration}, configuration);
        window.train();
        EXPECT_TRUE(QTest::qWaitFor([&] { return window.controller().state() == RunState::Finished && window.isSettled(); },
                                    kPatienceMs));
    }
    QPushButton& start(MainWindow& window)
    {
        return *window.projectionLink().bar().findChild<QPushButton*>(QStringLiteral("projectionStart"));
    }
    void project(MainWindow& window, ProjectionMethod method)
    {
        window.projectionLink().setMethod(method);
        window.projectionLink().bar().findChild<QDoubleSpinBox*>(QStringLiteral("projectionPerplexity"))->setValue(5);
        QTest::mouseClick(&start(window), Qt::LeftButton);
        EXPECT_TRUE(QTest::qWaitFor(
            [&] {
                const auto& news = window.projectionLink().news();
                return news && news->state == ProjectionState::Finished && window.isSettled();
            },
            kPatienceMs));
    }
    static std::vector<float> weightsOf(const std::shared_ptr<const FrozenModel>& model)
    {
        return {model->weights().begin(), model->weights().end()};
    }
};

} // namespace

TEST_F(RunFollowsWindowTest, AProjectionKeepsTheWeightsThatItsCodesAreOf)
{
    MainWindow& window = open();
    trainFourDimensions(window, 4);
    Replay& replay = window.controller().replay();
    replay.showEpoch(2);
    const std::vector<float> second = weightsOf(replay.model()());
    project(window, ProjectionMethod::Tsne);
    replay.showEpoch(0);
    ASSERT_NE(weightsOf(replay.model()()), second);
    const auto held = window.projectionLink().heldModel();
    ASSERT_TRUE(held);
    EXPECT_EQ(weightsOf(held), second);
    EXPECT_EQ(window.scatter().scene().codes()->epoch, 2);
    EXPECT_TRUE(window.scatter().header().subtitle().contains(QStringLiteral("t-SNE of epoch 2")))
        << window.scatter().header().subtitle().toStdString();
    EXPECT_EQ(start(window).text(), QStringLiteral("Again for epoch 0"));
    // The probe decodes an item's code with the network that gave it.
    std::shared_ptr<const FrozenModel> decoded;
    QObject::connect(&window.probeLink(), &ProbePresenter::imageShown, &window,
                     [&](const ProbeResult& result) { decoded = result.model; });
    window.probeLink().probeRow(3);
    ASSERT_TRUE(QTest::qWaitFor([&] { return decoded != nullptr; }, kPatienceMs));
    EXPECT_EQ(weightsOf(decoded), second);
    // Made for this epoch, too, each is there when its epoch is looked at.
    QTest::mouseClick(&start(window), Qt::LeftButton);
    ASSERT_TRUE(QTest::qWaitFor(
        [&] {
            const auto& news = window.projectionLink().news();
            return news && news->state == ProjectionState::Finished && window.isSettled();
        },
        kPatienceMs));
    EXPECT_EQ(window.scatter().scene().codes()->epoch, 0);
    EXPECT_EQ(start(window).text(), QStringLiteral("Again"));
    replay.showEpoch(2);
    EXPECT_EQ(window.scatter().scene().codes()->epoch, 2);
    EXPECT_EQ(weightsOf(window.projectionLink().heldModel()), second);
    EXPECT_EQ(window.projectionLink().news()->state, ProjectionState::Finished);
}

TEST_F(RunFollowsWindowTest, FinishedProjectionsAreKeptForEachRunAndMethod)
{
    MainWindow& window = open();
    trainFourDimensions(window, 1);
    const std::filesystem::path first = window.controller().run().folder;
    ProjectionPresenter& link = window.projectionLink();
    project(window, ProjectionMethod::Umap);
    const auto places = link.news()->places;
    project(window, ProjectionMethod::Tsne);
    link.setMethod(ProjectionMethod::Codes);
    EXPECT_FALSE(link.heldModel());
    link.setMethod(ProjectionMethod::Umap);
    ASSERT_TRUE(link.news());
    EXPECT_EQ(link.news()->places, places) << "at once, the same picture";
    EXPECT_TRUE(window.scatter().scene().picture());
    trainFourDimensions(window, 1);
    EXPECT_FALSE(link.news()) << "another run has none yet";
    const std::filesystem::path second = window.controller().run().folder;
    project(window, ProjectionMethod::Umap);
    // A run that has its folder after it was thrown away has none of its pictures.
    std::filesystem::remove_all(second);
    QTest::qWait(1100); // runs are told apart by the second they were made in
    trainFourDimensions(window, 1);
    ASSERT_EQ(window.controller().run().folder, second);
    EXPECT_FALSE(link.news()) << "nor has one whose folder another had before";
    window.openPath(first);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.controller().run().folder == first && window.isSettled(); }, kPatienceMs));
    ASSERT_TRUE(link.news());
    EXPECT_EQ(link.news()->places, places);
}

TEST_F(RunFollowsWindowTest, AnOpenedRunBringsItsDataSet)
{
    std::filesystem::create_directories(m_folder / "colour");
    test::writeIdxFolder(m_folder / "colour", *test::smallData({8, 8, 3}, 200, 50), test::Compression::None);
    m_request.dataFolder = m_folder / "colour";
    MainWindow& window = open();
    trainToTheEnd(window, 1);
    const std::filesystem::path colour = window.controller().run().folder;
    m_window.reset();

    m_request.dataFolder = m_folder / "data";
    MainWindow& grey = open();
    const std::string before = grey.controller().data()->digest;
    grey.openPath(colour);
    ASSERT_TRUE(QTest::qWaitFor([&] { return grey.controller().run().folder == colour && grey.isSettled(); }, kPatienceMs));
    EXPECT_EQ(grey.controller().data()->digest, readRun(colour).dataDigest);
    EXPECT_EQ(grey.controls().request().dataFolder, m_folder / "colour");
    EXPECT_TRUE(grey.messages().text().contains(QStringLiteral("data set")));
    EXPECT_NE(commandText(grey.controls().request(), {}, "out").find("--data " + (m_folder / "colour").string()),
              std::string::npos);
    for (auto* button : grey.messages().findChildren<QPushButton*>()) {
        if (button->text() == QStringLiteral("Back to mine")) button->click();
    }
    EXPECT_EQ(grey.controller().data()->digest, before);
    EXPECT_EQ(grey.controls().request().dataFolder, m_folder / "data");
}

TEST_F(RunFollowsWindowTest, DataThatWereMovedAreFoundWhereTheWindowHasThem)
{
    {
        MainWindow& window = open();
        trainToTheEnd(window, 1);
        m_request.open = window.controller().run().folder;
        m_window.reset();
    }
    std::filesystem::rename(m_folder / "data", m_folder / "moved");
    m_request.dataFolder = m_folder / "moved";
    MainWindow& window = open();
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.controller().hasRun() && window.isSettled(); }, kPatienceMs));
    EXPECT_TRUE(window.scatter().hasFigure()) << window.messages().text().toStdString();
}

TEST_F(RunFollowsWindowTest, AnEncoderThatNoLongerFitsIsSaidAndCanBeTakenBack)
{
    MainWindow& window = open();
    trainFourDimensions(window, 1);
    window.actions().fineTune->trigger();
    const auto* origin = window.controls().findChild<QLabel*>(QStringLiteral("modelOrigin"));
    EXPECT_TRUE(origin->text().endsWith(QStringLiteral("encoder of tiny"))) << origin->text().toStdString();
    TrainingRequest request = window.controls().request();
    request.configuration.model.latent = 3;
    window.controls().setConfiguration(request.base, request.configuration);
    EXPECT_TRUE(
        window.messages().text().contains(QStringLiteral("from scratch, without the encoder of tiny: latent 3 is not its 4")))
        << window.messages().text().toStdString();
    EXPECT_TRUE(origin->text().endsWith(QStringLiteral("from scratch")));
    // However long the name is, no field is pushed out of the panel.
    const auto* scroll = window.controls().findChild<QScrollArea*>(QStringLiteral("controlScroll"));
    EXPECT_LE(scroll->widget()->width(), scroll->viewport()->width());
    for (auto* button : window.messages().findChildren<QPushButton*>()) {
        if (button->text() == QStringLiteral("Back to its sizes")) button->click();
    }
    EXPECT_EQ(window.controls().request().configuration.model.latent, 4);
    EXPECT_TRUE(origin->text().endsWith(QStringLiteral("encoder of tiny")));
    window.train();
    ASSERT_TRUE(
        QTest::qWaitFor([&] { return window.controller().state() == RunState::Finished && window.isSettled(); }, kPatienceMs));
    const std::filesystem::path tuned = window.controller().run().folder;
    // Opened again, Train begins with it again, and the command does the same.
    setTiny(window, 1);
    window.openPath(tuned);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.controller().run().folder == tuned && window.isSettled(); }, kPatienceMs));
    EXPECT_TRUE(origin->text().endsWith(QStringLiteral("encoder of tiny"))) << origin->text().toStdString();
    EXPECT_TRUE(
        commandText(window.controls().request(), {}, "out").starts_with("latentoscope fine-tune --from-scratch --config"));
}

TEST_F(RunFollowsWindowTest, AnotherRunIsLookedAtWhileOneTrains)
{
    MainWindow& window = open();
    trainToTheEnd(window, 2);
    const std::filesystem::path first = window.controller().run().folder;
    const std::size_t firstSteps = window.controller().steps().size();
    setTiny(window, 4000);
    window.train();
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.controller().epochs().size() > 3; }, kPatienceMs));
    const std::filesystem::path second = window.controller().run().folder;
    window.openPath(first);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.controller().run().folder == first; }, kPatienceMs));
    RunController& controller = window.controller();
    EXPECT_TRUE(controller.training());
    EXPECT_FALSE(controller.showsTraining());
    EXPECT_EQ(controller.trainedRun().folder, second);
    EXPECT_EQ(controller.steps().size(), firstSteps);
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("still being trained")))
        << window.messages().text().toStdString();
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.statusLine().words().startsWith(QStringLiteral("tiny-2: ")); }, kPatienceMs))
        << window.statusLine().words().toStdString();
    EXPECT_TRUE(window.windowTitle().startsWith(QStringLiteral("tiny ")));
    EXPECT_EQ(controller.replay().lastEpoch(), 2);
    window.probeLink().probeRow(0);
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.probe().hasFigure(); }, kPatienceMs)) << "it is decoded meanwhile";
    const std::size_t before = controller.trainedEpochs().size();
    ASSERT_TRUE(QTest::qWaitFor([&] { return controller.trainedEpochs().size() > before + 2; }, kPatienceMs));
    EXPECT_EQ(controller.epochs().size(), 2U) << "the shown run's curves are its own";

    // The way back, with nothing lost.
    window.openPath(second);
    ASSERT_TRUE(controller.showsTraining());
    EXPECT_EQ(controller.run().folder, second);
    // Pictures of an epoch and its figures come by two ways, either of which may be the first.
    EXPECT_TRUE(
        QTest::qWaitFor([&] { return controller.replay().lastEpoch() == controller.epochs().back().epoch; }, kPatienceMs));
    for (std::size_t i = 0; i < controller.epochs().size(); ++i) EXPECT_EQ(controller.epochs()[i].epoch, static_cast<int>(i) + 1);

    // It ends while the other is shown: its figures are its own.
    window.openPath(first);
    ASSERT_TRUE(QTest::qWaitFor([&] { return controller.run().folder == first; }, kPatienceMs));
    window.actions().stop->trigger();
    ASSERT_TRUE(QTest::qWaitFor([&] { return controller.state() == RunState::Stopped && window.isSettled(); }, kPatienceMs));
    EXPECT_EQ(controller.run().folder, first);
    EXPECT_TRUE(window.messages().text().contains(QStringLiteral("tiny-2 was stopped")))
        << window.messages().text().toStdString();
    EXPECT_TRUE(std::filesystem::exists(second / "figures" / "loss.csv"));
    EXPECT_TRUE(window.actions().train->isEnabled());
    EXPECT_FALSE(window.actions().further->isEnabled()) << "the run shown was not trained here";
    controller.showTraining();
    EXPECT_EQ(controller.run().folder, second);
    EXPECT_TRUE(window.actions().further->isEnabled());
}

TEST_F(RunFollowsWindowTest, TheListFollowsTheFolderAndSaysWhoIsAtWork)
{
    MainWindow& window = open();
    trainToTheEnd(window, 1);
    const std::filesystem::path run = window.controller().run().folder;
    const auto words = [&](int row) { return window.runs().list().item(row)->data(Qt::AccessibleTextRole).toString(); };
    EXPECT_TRUE(words(0).contains(QStringLiteral("latent 2 · MSE "))) << words(0).toStdString();
    EXPECT_TRUE(window.runs().list().item(0)->toolTip().contains(QStringLiteral("on data")));
    // Another program makes a run there.
    std::filesystem::copy(run, m_request.runsFolder / "copied", std::filesystem::copy_options::recursive);
    EXPECT_TRUE(QTest::qWaitFor([&] { return window.runs().count() == 2; }, kPatienceMs));
    const pid_t child = fork();
    if (child == 0) {
        const FileLock lock(m_request.runsFolder / "copied" / kFolderLock);
        for (;;) pause();
    }
    EXPECT_TRUE(QTest::qWaitFor([&] { return holderOf(m_request.runsFolder / "copied").has_value(); }, kPatienceMs));
    readRunsAgain(window);
    bool said = false;
    for (int row = 0; row < 2; ++row)
        said = said || words(row).contains(QStringLiteral("in use by process %1 on").arg(static_cast<int>(child)));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    EXPECT_TRUE(said);
    EXPECT_FALSE(holderOf(m_request.runsFolder / "copied")) << "a dead program's lock keeps nobody out";
}

TEST(NumberBox, TakesPointAndCommaAndSaysItsRange)
{
    NumberBox box;
    box.setRange(-10, 10);
    box.setDecimals(3);
    for (const char* typed : {"0.5", "0,5"}) {
        box.setValue(0);
        box.selectAll();
        QTest::keyClicks(&box, QLatin1String(typed));
        EXPECT_EQ(box.value(), 0.5) << typed;
    }
    box.selectAll();
    QTest::keyClicks(&box, QStringLiteral("150"));
    QTest::keyClick(&box, Qt::Key_Return);
    EXPECT_EQ(box.value(), 10) << "the nearest, not the 15 that is left when a digit is dropped";
    CountBox count;
    count.setRange(2, 95);
    count.setPrefix(QStringLiteral("Perplexity "));
    count.selectAll();
    QTest::keyClicks(&count, QStringLiteral("150"));
    QTest::keyClick(&count, Qt::Key_Return);
    EXPECT_EQ(count.value(), 95);
}

TEST(Application, WhatASlotThrowsIsAMessage)
{
    auto& application = static_cast<Application&>(*qApp);
    QString said;
    application.setOnError([&](const QString& sentence) { said = sentence; });
    QTimer::singleShot(0, qApp, [] { throw std::runtime_error("the disk is gone"); });
    EXPECT_TRUE(QTest::qWaitFor([&] { return !said.isEmpty(); }, kPatienceMs));
    EXPECT_EQ(said, QStringLiteral("the disk is gone"));
    application.setOnError(nullptr);
}

} // namespace latentoscope::ui
